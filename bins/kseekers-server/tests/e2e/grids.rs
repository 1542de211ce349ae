//! Grids and their columns, as their front ends and their administrators use them.

use serde_json::{Value, json};

use crate::harness::{Server, sql};

#[tokio::test(flavor = "multi_thread")]
async fn the_columns_of_a_grid_are_read_in_every_way_that_front_ends_use() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let by_grid = "Display configs retrieved successfully";
    let by_post = |path: &str, body: Value| client.post(path, body);
    let first = by_post("/display-config/grid-headers", json!({ "gridNameId": "users_grid_001" }));
    assert_eq!(first.gist(), (200, "Headers retrieved successfully"));
    let columns = first.payload().clone();
    assert_eq!(columns[0]["hidden"], 0);
    for (answer, message) in [
        (
            by_post("/display-config/grid-headers", json!({ "type": "USERS_GRID_001" })),
            "Headers retrieved successfully",
        ),
        (
            client.get("/display-config/grid-headers?gridNameId=users_grid_001"),
            "Headers retrieved successfully",
        ),
        (by_post("/display-config/by-grid", json!({ "gridNameId": "users_grid_001" })), by_grid),
        (client.get("/display-config/by-grid?gridNameId=users_grid_001"), by_grid),
        (
            by_post("/display-config/result-display-config/list", json!({ "gridNameId": "users_grid_001" })),
            by_grid,
        ),
    ] {
        assert_eq!(answer.gist(), (200, message));
        assert_eq!(*answer.payload(), columns);
    }
    let unknown = by_post("/display-config/grid-headers", json!({ "gridNameId": "unknown" }));
    assert_eq!((unknown.status, unknown.payload()), (200, &json!([])));
    assert_eq!(by_post("/display-config/by-grid", json!({})).gist(), (400, "gridNameId key Required field"));

    let all = client.get("/display-config");
    assert_eq!(all.gist(), (200, by_grid));
    assert_eq!(all.payload()[0]["gridName"], "users_grid");
    let types = client.get("/display-config/types");
    assert_eq!(types.gist(), (200, "Display config types retrieved successfully"));
    assert_eq!(
        (types.payload(), &types.body["row_count"]),
        (&json!({ "types": ["users_grid_001"] }), &json!(1))
    );

    let id = columns[0]["id"].clone();
    let one = by_post("/display-config/get", json!({ "config_id": id }));
    assert_eq!(one.gist(), (200, "Display config retrieved successfully"));
    assert_eq!(*one.payload(), columns[0]);
    assert_eq!(
        by_post("/display-config/get", json!({ "id": 9999 })).gist(),
        (404, "Display config not found")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn grids_are_listed_and_found() {
    let server = Server::start(&[]).await;
    let client = server.client();
    sql(&server.database(), "UPDATE grid_metadata SET is_active = 0 WHERE gridNameId = 'orders_grid_001'")
        .await;
    let active = client.get("/display-config/grid-metadata");
    assert_eq!(active.gist(), (200, "Grid metadata retrieved successfully"));
    assert_eq!(active.body["row_count"], 2);
    let list = |body: Value| {
        let answer = client.post("/display-config/grid-metadata/list", body);
        assert_eq!(answer.gist(), (200, "Grid metadata list retrieved successfully"));
        answer.body["row_count"].as_u64().unwrap()
    };
    assert_eq!(list(json!({})), 3);
    assert_eq!(list(json!({ "is_active": 0 })), 1);
    assert_eq!(list(json!({ "name": "users" })), 1);
    let one = client.post("/display-config/grid-metadata/get", json!({ "gridNameId": "orders_grid_001" }));
    assert_eq!((one.status, &one.payload()["is_active"]), (200, &json!(0)));
    let none = client.post("/display-config/grid-metadata/get", json!({ "gridNameId": "unknown" }));
    assert_eq!(none.gist(), (404, "Grid metadata not found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_lives_from_creation_to_deletion() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    let body = json!({
        "gridNameId": "orders_grid_001", "displayId": " total ", "title": "Total ✓", "hidden": true, "width": 90,
        "sortIndex": "2", "format": "0.00",
    });
    let created = admin.post("/display-config/create", body.clone());
    assert_eq!(created.gist(), (201, "Display config created successfully"));
    let record = created.payload().clone();
    let id = record["id"].clone();
    let expected = json!({
        "id": id, "gridNameId": "orders_grid_001", "displayId": "total", "title": "Total ✓", "hidden": 1, "width": 90,
        "sortIndex": 2, "ellipsis": null, "align": null, "dbDataType": null, "codeDataType": null, "format": "0.00",
        "created_at": record["created_at"], "updated_at": record["updated_at"],
    });
    assert_eq!(record, expected);
    assert_eq!(admin.post("/display-config/create", body).gist(), (409, "Name already exist"));
    let orphan = json!({ "gridNameId": "unknown", "displayId": "x", "title": "X", "sortIndex": 1 });
    assert_eq!(admin.post("/display-config/create", orphan).gist(), (404, "Grid metadata not found"));
    let blank = json!({ "gridNameId": "users_grid_001", "displayId": "x", "title": " ", "sortIndex": 1 });
    assert_eq!(admin.post("/display-config/create", blank).gist(), (400, "Title is required"));

    let update = |body: Value| admin.post("/display-config/update", body);
    let updated = update(json!({ "config_id": id, "hidden": 0, "width": null }));
    assert_eq!(updated.gist(), (200, "Display config updated successfully"));
    assert_eq!(*updated.payload(), json!({ "id": id }));
    let got = admin.post("/display-config/get", json!({ "config_id": id }));
    let now = got.payload();
    assert_eq!((&now["hidden"], &now["width"], &now["title"]), (&json!(0), &Value::Null, &json!("Total ✓")));
    assert_eq!(update(json!({ "id": id, "title": "" })).gist(), (400, "Title cannot be empty"));
    assert_eq!(update(json!({ "id": id, "title": null })).gist(), (400, "title key None"));
    let moved = |display_id: &str, grid: &str| {
        update(json!({ "config_id": id, "displayId": display_id, "gridNameId": grid })).status
    };
    assert_eq!(
        (moved("total", "unknown"), moved("email", "users_grid_001"), moved("sum", "users_grid_001")),
        (404, 409, 200)
    );

    let deleted = admin.post("/display-config/delete", json!({ "config_id": id }));
    assert_eq!(deleted.gist(), (200, "Display config deleted successfully"));
    for path in ["/display-config/delete", "/display-config/update", "/display-config/get"] {
        assert_eq!(
            admin.post(path, json!({ "config_id": id })).gist(),
            (404, "Display config not found"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_lives_from_creation_to_deletion() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    let grid =
        |action: &str, body: Value| admin.post(&format!("/display-config/grid-metadata/{action}"), body);
    let body = json!({ "gridName": " invoices ", "gridNameId": "invoices_grid", "description": "Žluťoučký" });
    let created = grid("create", body.clone());
    assert_eq!(created.gist(), (201, "Grid metadata created successfully"));
    let record = created.payload().clone();
    let id = record["id"].clone();
    assert_eq!((&record["gridName"], &record["is_active"]), (&json!("invoices"), &json!(1)));
    assert_eq!(grid("create", body).gist(), (409, "Name already exist"));
    assert_eq!(*grid("get", json!({ "gridNameId": "invoices_grid" })).payload(), record);

    for column in ["number", "total"] {
        let body =
            json!({ "gridNameId": "invoices_grid", "displayId": column, "title": column, "sortIndex": 1 });
        assert_eq!(admin.post("/display-config/create", body).status, 201);
    }
    let edited = grid("edit", json!({ "id": id, "gridNameId": "bills_grid", "is_active": false }));
    assert_eq!(edited.gist(), (200, "Grid metadata updated successfully"));
    assert_eq!(*edited.payload(), json!({ "id": id }));
    let columns = |of: &str| {
        admin.get(&format!("/display-config/by-grid?gridNameId={of}")).body["row_count"].as_u64().unwrap()
    };
    assert_eq!((columns("bills_grid"), columns("invoices_grid")), (2, 0));
    assert_eq!(grid("edit", json!({ "id": id, "gridName": "users_grid" })).status, 409);
    assert_eq!(grid("edit", json!({ "id": id, "gridName": "" })).gist(), (400, "Grid Name cannot be empty"));

    let deleted = grid("delete", json!({ "id": id }));
    assert_eq!(deleted.gist(), (200, "Grid metadata deleted successfully"));
    assert_eq!(*deleted.payload(), json!({ "id": id, "deleted_configs": 2 }));
    assert_eq!(columns("bills_grid"), 0);
    for (action, body) in [
        ("delete", json!({ "id": id })),
        ("edit", json!({ "id": id, "gridName": "x" })),
        ("get", json!({ "gridNameId": "bills_grid" })),
    ] {
        assert_eq!(grid(action, body).gist(), (404, "Grid metadata not found"), "{action}");
    }
}
