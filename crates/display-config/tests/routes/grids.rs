//! Changes of grids.

use serde_json::{Value, json};

use crate::{
    client::{admin, get, post, timeless},
    support::database,
};

#[actix_web::test]
async fn a_grid_is_created_and_read() {
    let (_database, pool) = database().await;
    let new = json!({"gridName": " Größen ", "gridNameId": " sizes ", "description": " as sent ", "is_active": "0"});
    let created = admin(&pool, "/display-config/grid-metadata/create", &new).await;
    let created = created.created("Grid metadata created successfully");
    let id = created["id"].clone();
    assert_eq!(
        timeless(created.clone()),
        json!({"id": id, "gridName": "Größen", "gridNameId": "sizes", "description": " as sent ", "is_active": 0})
    );
    let read = post(&pool, "/display-config/grid-metadata/get", &json!({"gridNameId": "sizes"})).await;
    assert_eq!(read.good("Grid metadata retrieved successfully").0, created);

    let least = json!({"gridName": "g", "gridNameId": "g"});
    let created = admin(&pool, "/display-config/grid-metadata/create", &least).await;
    let created = created.created("Grid metadata created successfully");
    assert_eq!((&created["description"], &created["is_active"]), (&Value::Null, &json!(1)));
}

#[actix_web::test]
async fn a_grid_is_changed_by_what_the_edit_names() {
    let (_database, pool) = database().await;
    let edit = async |body: Value| {
        let answer = admin(&pool, "/display-config/grid-metadata/edit", &body).await;
        assert_eq!(answer.good("Grid metadata updated successfully"), (&json!({"id": 1}), &json!(1)));
        let found =
            post(&pool, "/display-config/grid-metadata/get", &json!({"gridNameId": "users_grid"})).await;
        let found = found.good("Grid metadata retrieved successfully").0;
        ["gridName", "description", "is_active"].map(|key| found[key].clone())
    };
    assert_eq!(edit(json!({"id": 1})).await, [json!("users"), json!("Who there is"), json!(0)]);
    let changed = edit(json!({"id": "1", "gridName": " People ", "is_active": true})).await;
    assert_eq!(changed, [json!("People"), json!("Who there is"), json!(1)]);
    let cleared = edit(json!({"id": 1, "description": null})).await;
    assert_eq!(cleared, [json!("People"), Value::Null, json!(1)]);
}

#[actix_web::test]
async fn a_new_id_of_a_grid_carries_its_columns_along() {
    let (_database, pool) = database().await;
    let edit = json!({"id": 2, "gridNameId": "new_grid"});
    let answer = admin(&pool, "/display-config/grid-metadata/edit", &edit).await;
    answer.good("Grid metadata updated successfully");
    for (grid, columns) in [("new_grid", 3), ("orders_grid", 0)] {
        let found = get(&pool, &format!("/display-config/by-grid?gridNameId={grid}")).await;
        assert_eq!(*found.good("Display configs retrieved successfully").1, columns, "{grid}");
    }
}

#[actix_web::test]
async fn a_grid_is_deleted_with_its_columns() {
    let (_database, pool) = database().await;
    let (path, body) = ("/display-config/grid-metadata/delete", json!({"id": 2}));
    let deleted = admin(&pool, path, &body).await;
    let (payload, row_count) = deleted.good("Grid metadata deleted successfully");
    assert_eq!((payload, row_count), (&json!({"id": 2, "deleted_configs": 3}), &json!(1)));
    assert_eq!(*admin(&pool, path, &body).await.bad(404), json!(["Grid metadata not found"]));
    let left = get(&pool, "/display-config").await;
    assert_eq!(*left.good("Display configs retrieved successfully").1, 2);
}
