//! Lookup types.

use serde_json::{Value, json};

use crate::client::{client, timeless};

#[actix_web::test]
async fn a_type_is_created_and_read() {
    let c = client().await;
    let created = c.admin("/lookup/types", json!({"name": "  Größen ", "description": "how large"})).await;
    assert_eq!((created.1["status"].as_str(), created.1["row_count"].as_i64()), (Some("created"), Some(1)));
    let created = created.good(201, "Lookup type created successfully");
    let id = created["id"].clone();
    assert_eq!(timeless(created.clone()), json!({"id": id, "name": "Größen", "description": "how large"}));

    let read = c.post("/lookup/types/get", json!({"type": "größen"})).await;
    assert_eq!(read.good(200, "Lookup type retrieved successfully"), created);
    c.new_type("A").await;
    let all = c.get("/lookup/types").await;
    assert_eq!(all.1["row_count"], 2);
    let all = all.good(200, "Lookup types retrieved successfully");
    assert_eq!((&all[0]["name"], &all[0]["description"], &all[1]), (&json!("A"), &Value::Null, &created));
}

#[actix_web::test]
async fn a_type_is_changed_by_what_the_update_names() {
    let c = client().await;
    let id = c.new_type("old").await;
    let update = async |body: Value| {
        let answer = c.admin("/lookup/types/update", body).await;
        assert_eq!(answer.good(200, "Lookup type updated successfully"), json!({ "id": id }));
        let found = c.only_type().await;
        (found["name"].clone(), found["description"].clone())
    };
    assert_eq!(update(json!({"type_id": id})).await, (json!("old"), Value::Null));
    assert_eq!(
        update(json!({"type_id": id.to_string(), "description": "d"})).await,
        (json!("old"), json!("d"))
    );
    assert_eq!(update(json!({"type_id": id, "name": " new "})).await, (json!("new"), json!("d")));
    assert_eq!(update(json!({"type_id": id, "description": null})).await, (json!("new"), Value::Null));
}

#[actix_web::test]
async fn a_type_is_deleted_with_its_values() {
    let c = client().await;
    let id = c.new_type("t").await;
    for code in ["a", "b", "c"] {
        c.new_value(json!({"lookup_type_id": id, "code": code, "value": "v", "is_active": code != "a"}))
            .await;
    }
    let deleted = c.admin("/lookup/types/delete", json!({"type_id": id})).await;
    assert_eq!(deleted.good(200, "Lookup type deleted successfully"), json!({"id": id, "deleted_values": 3}));
    c.admin("/lookup/types/delete", json!({"type_id": id})).await.bad(404, "Lookup type not found");
}

#[actix_web::test]
async fn a_type_is_managed_by_its_name() {
    let c = client().await;
    let manage = async |body: Value| {
        let answer = c.admin("/lookup/types/manage", body.clone()).await;
        let name = body["name"].as_str().unwrap().trim();
        assert_eq!(answer.good(200, "Lookup type managed successfully"), json!({ "name": name }));
        let found = c.only_type().await;
        found["description"].clone()
    };
    assert_eq!(manage(json!({"name": " t ", "description": "d"})).await, json!("d"));
    assert_eq!(manage(json!({"name": "T"})).await, json!("d"));
    assert_eq!(manage(json!({"name": "t", "description": "e"})).await, json!("e"));
    assert_eq!(manage(json!({"name": "t", "description": null})).await, Value::Null);
}
