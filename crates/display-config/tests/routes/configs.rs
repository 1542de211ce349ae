//! Changes of columns.

use serde_json::{Value, json};

use crate::{
    client::{admin, post, timeless},
    support::database,
};

#[actix_web::test]
async fn a_column_is_created_and_read() {
    let (_database, pool) = database().await;
    let new = json!({"gridNameId": " orders_grid ", "displayId": " größe ", "title": " Größe ", "hidden": true,
        "width": "90", "sortIndex": "3", "ellipsis": "1", "align": "left", "dbDataType": "int",
        "codeDataType": "number", "format": "0"});
    let created = admin(&pool, "/display-config/create", &new).await;
    let created = created.created("Display config created successfully");
    let id = created["id"].clone();
    assert_eq!(
        timeless(created.clone()),
        json!({"id": id, "gridNameId": "orders_grid", "displayId": "größe", "title": "Größe", "hidden": 1,
            "width": 90, "sortIndex": 3, "ellipsis": 1, "align": "left", "dbDataType": "int",
            "codeDataType": "number", "format": "0"})
    );
    let read = post(&pool, "/display-config/get", &json!({"config_id": id})).await;
    assert_eq!(read.good("Display config retrieved successfully").0, created);

    let least = json!({"gridNameId": "orders_grid", "displayId": "d", "title": "T", "sortIndex": 0});
    let created = admin(&pool, "/display-config/create", &least).await;
    let created = created.created("Display config created successfully");
    assert_eq!(
        timeless(created.clone()),
        json!({"id": created["id"], "gridNameId": "orders_grid", "displayId": "d", "title": "T", "hidden": 0,
            "width": null, "sortIndex": 0, "ellipsis": null, "align": null, "dbDataType": null,
            "codeDataType": null, "format": null})
    );
}

#[actix_web::test]
async fn a_column_is_changed_by_what_the_update_names() {
    let (_database, pool) = database().await;
    let update = async |body: Value| {
        let answer = admin(&pool, "/display-config/update", &body).await;
        let (payload, row_count) = answer.good("Display config updated successfully");
        assert_eq!((payload, row_count), (&json!({"id": 11}), &json!(1)));
        let found = post(&pool, "/display-config/get", &json!({"id": 11})).await;
        let found = found.good("Display config retrieved successfully").0;
        ["title", "hidden", "width", "format"].map(|key| found[key].clone())
    };
    let as_it_was = [json!("Súčet"), json!(1), json!(120), json!("0.00")];
    assert_eq!(update(json!({"config_id": 11})).await, as_it_was);
    let changed = update(json!({"id": "11", "title": " Sum ", "hidden": "0"})).await;
    assert_eq!(changed, [json!("Sum"), json!(0), json!(120), json!("0.00")]);
    let cleared = update(json!({"config_id": 11, "id": 12, "width": null, "format": null})).await;
    assert_eq!(cleared, [json!("Sum"), json!(0), Value::Null, Value::Null]);
}

#[actix_web::test]
async fn a_column_is_deleted() {
    let (_database, pool) = database().await;
    for (key, id) in [("config_id", 11), ("id", 12)] {
        let body = json!({key: id});
        let deleted = admin(&pool, "/display-config/delete", &body).await;
        assert_eq!(deleted.good("Display config deleted successfully"), (&json!({"id": id}), &json!(1)));
        let again = admin(&pool, "/display-config/delete", &body).await;
        assert_eq!(*again.bad(404), json!(["Display config not found"]));
    }
}
