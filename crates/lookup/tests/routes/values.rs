//! Lookup values.

use serde_json::json;

use crate::client::{client, timeless};

#[actix_web::test]
async fn a_dropdown_shows_active_values_in_their_order() {
    let c = client().await;
    let id = c.new_type("Levels").await;
    for (code, value, place, active) in
        [("h", "High", 2, true), ("l", "Low", 1, true), ("b", "Both", 2, true), ("x", "X", 0, false)]
    {
        let body = json!({"lookup_type_id": id, "code": code, "value": value, "sort_order": place,
            "is_active": active});
        c.new_value(body).await;
    }
    for key in ["lookup_type_name", "type_name", "type"] {
        let by_body = c.post("/lookup/values", json!({key: "LEVELS"})).await;
        let by_query = c.get(&format!("/lookup/values?{key}=levels")).await;
        assert_eq!(by_body.payload(), by_query.payload());
        assert_eq!(by_body.1["row_count"], 3);
        let values = by_body.good(200, "Lookup values retrieved successfully");
        let codes: Vec<_> = values.as_array().unwrap().iter().map(|value| &value["code"]).collect();
        assert_eq!(codes, ["l", "b", "h"]);
    }
    let none = c.get("/lookup/values?type=nothing").await;
    assert_eq!(none.good(200, "Lookup values retrieved successfully"), json!([]));
}

#[actix_web::test]
async fn inactive_values_are_listed_for_administrators_only() {
    let c = client().await;
    let id = c.new_type("t").await;
    c.new_value(json!({"lookup_type_id": id, "code": "off", "value": "v", "is_active": false})).await;
    let (path, body) = ("/lookup/values", json!({"type": "t", "include_inactive": true}));
    c.post(path, body.clone()).await.bad(401, "Not authenticated");
    c.post_as("user", path, body.clone()).await.bad(403, "Permission Denied");
    c.get_as("user", "/lookup/values?type=t&include_inactive=1").await.bad(403, "Permission Denied");
    assert_eq!(c.post_as("admin", path, body).await.1["row_count"], 1);
    assert_eq!(c.get_as("admin", "/lookup/values?type=t&include_inactive=1").await.1["row_count"], 1);
    for not_asked in [json!({"type": "t", "include_inactive": false}), json!({"type": "t"})] {
        let values = c.post_as("user", path, not_asked).await;
        assert_eq!(values.good(200, "Lookup values retrieved successfully"), json!([]));
    }
}

#[actix_web::test]
async fn a_value_is_created_read_changed_and_deleted() {
    let c = client().await;
    let type_id = c.new_type("t").await;
    let new = json!({"lookup_type_id": type_id.to_string(), "code": " c ", "value": "Žába"});
    let created = c.admin("/lookup/values/create", new).await.good(201, "Lookup value created successfully");
    let id = created["id"].clone();
    let mut expected = json!({"id": id, "lookup_type_id": type_id, "code": "c", "value": "Žába",
        "description": null, "is_active": true, "sort_order": 0});
    assert_eq!(timeless(created), expected);

    let change =
        json!({"value_id": id, "value": "w", "description": "d", "is_active": "0", "sort_order": "7"});
    let updated = c.admin("/lookup/values/update", change).await;
    assert_eq!(updated.good(200, "Lookup value updated successfully"), json!({ "id": id }));
    let read = c.post("/lookup/values/get", json!({ "value_id": id })).await;
    expected["value"] = json!("w");
    expected["description"] = json!("d");
    expected["is_active"] = json!(false);
    expected["sort_order"] = json!(7);
    assert_eq!(timeless(read.good(200, "Lookup value retrieved successfully")), expected);

    let deleted = c.admin("/lookup/values/delete", json!({ "value_id": id })).await;
    assert_eq!(deleted.good(200, "Lookup value deleted successfully"), json!({ "id": id }));
    c.post("/lookup/values/get", json!({ "value_id": id })).await.bad(404, "Lookup value not found");
    c.admin("/lookup/values/update", json!({ "value_id": id })).await.bad(404, "Lookup value not found");
    c.admin("/lookup/values/delete", json!({ "value_id": id })).await.bad(404, "Lookup value not found");
}

#[actix_web::test]
async fn headers_are_for_signed_in_users_and_must_exist() {
    let c = client().await;
    let id = c.new_type("headers").await;
    c.get("/lookup/getHeaders?type=headers").await.bad(401, "Not authenticated");
    c.get_as("nobody", "/lookup/getHeaders?type=headers").await.bad(401, "Not authenticated");
    c.new_value(json!({"lookup_type_id": id, "code": "off", "value": "v", "is_active": false})).await;
    for name in ["headers", "nothing"] {
        c.get_as("user", &format!("/lookup/getHeaders?type={name}")).await.bad(404, "No Headers Found");
    }
    c.new_value(json!({"lookup_type_id": id, "code": "on", "value": "v"})).await;
    let headers = c.get_as("user", "/lookup/getHeaders?type=Headers").await;
    assert_eq!(headers.1["row_count"], 1);
    assert_eq!(headers.good(200, "Headers retrieved successfully")[0]["code"], "on");
    c.get_as("user", "/lookup/getHeaders").await.bad(400, "type key Required field");
}

#[actix_web::test]
async fn nulls_of_old_rows_reach_clients_as_defaults() {
    let c = client().await;
    let sql = "INSERT INTO lookup_types (id, name, created_at) VALUES (1, 'old', NULL)";
    c.pool.execute(sql, ()).await.unwrap();
    let sql = "INSERT INTO lookup_values (id, lookup_type_id, code, value, is_active, sort_order, created_at)
        VALUES (5, 1, 'c', 'v', NULL, NULL, NULL)";
    c.pool.execute(sql, ()).await.unwrap();
    assert_eq!(
        *c.get("/lookup/types").await.payload(),
        json!([{"id": 1, "name": "old", "description": null, "created_at": null}])
    );
    assert_eq!(
        *c.post("/lookup/values/get", json!({"value_id": 5})).await.payload(),
        json!({"id": 5, "lookup_type_id": 1, "code": "c", "value": "v", "description": null, "is_active": false,
            "sort_order": 0, "created_at": null})
    );
}
