//! What clients get, through a real app on a real database; the grids are those of `support/grids.sql`.
#![cfg(all(feature = "actix", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod client;
mod configs;
mod grids;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use client::{get, post};
use kseekers_display_config::actix::routes;
use serde_json::json;
use support::database;

#[actix_web::test]
async fn the_table_of_routes_stays_as_it_is() {
    let table = "\
GET  /display-config/grid-headers                 -        DisplayConfigsOfGrid  -> 200 [DisplayConfig]
POST /display-config/grid-headers                 -        DisplayConfigsOfGrid  -> 200 [DisplayConfig]
GET  /display-config/by-grid                      -        DisplayConfigsOfGrid  -> 200 [DisplayConfig]
POST /display-config/by-grid                      -        DisplayConfigsOfGrid  -> 200 [DisplayConfig]
GET  /display-config                              -                              -> 200 [NamedDisplayConfig]
GET  /display-config/types                        -                              -> 200 DisplayConfigTypes
POST /display-config/get                          -        DisplayConfigById     -> 200 DisplayConfig
POST /display-config/create                       admin    NewDisplayConfig      -> 201 DisplayConfig
POST /display-config/update                       admin    DisplayConfigChange   -> 200 DisplayConfigChanged
POST /display-config/delete                       admin    DisplayConfigById     -> 200 DisplayConfigChanged
GET  /display-config/grid-metadata                -                              -> 200 [Grid]
POST /display-config/grid-metadata/get            -        GridByNameId          -> 200 Grid
POST /display-config/grid-metadata/list           -        GridFilter            -> 200 [Grid]
POST /display-config/grid-metadata/create         admin    NewGrid               -> 201 Grid
POST /display-config/grid-metadata/edit           admin    GridChange            -> 200 DisplayConfigChanged
POST /display-config/grid-metadata/delete         admin    GridById              -> 200 GridDeleted
POST /display-config/result-display-config/list   -        DisplayConfigsOfGrid  -> 200 [DisplayConfig]
";
    assert_eq!(routes().to_string(), table);
}

#[actix_web::test]
async fn the_columns_of_a_grid_are_read_under_each_of_their_paths() {
    let (_database, pool) = database().await;
    for (path, message) in [
        ("/display-config/grid-headers", "Headers retrieved successfully"),
        ("/display-config/by-grid", "Display configs retrieved successfully"),
        ("/display-config/result-display-config/list", "Display configs retrieved successfully"),
    ] {
        for key in ["gridNameId", "type"] {
            let by_body = post(&pool, path, &json!({key: " Orders_Grid "})).await;
            let (payload, row_count) = by_body.good(message);
            let ids: Vec<_> = payload.as_array().unwrap().iter().map(|config| &config["id"]).collect();
            assert_eq!(ids, [12, 11, 14]);
            assert_eq!(*row_count, 3);
            if !path.ends_with("list") {
                let by_query = get(&pool, &format!("{path}?{key}=orders_grid")).await;
                assert_eq!(by_query.good(message).0, payload);
            }
        }
        assert_eq!(
            post(&pool, path, &json!({"gridNameId": "x"})).await.good(message),
            (&json!([]), &json!(0))
        );
    }
}

#[actix_web::test]
async fn a_column_is_read_by_its_number() {
    let (_database, pool) = database().await;
    let path = "/display-config/get";
    for body in [json!({"config_id": 12}), json!({"id": "12"})] {
        let answer = post(&pool, path, &body).await;
        let (payload, row_count) = answer.good("Display config retrieved successfully");
        assert_eq!(
            *payload,
            json!({"id": 12, "gridNameId": "orders_grid", "displayId": "number", "title": "Number",
                "hidden": 0, "width": null, "sortIndex": 1, "ellipsis": null, "align": null, "dbDataType": null,
                "codeDataType": null, "format": null, "created_at": null, "updated_at": null})
        );
        assert_eq!(*row_count, 1);
    }
    assert_eq!(*post(&pool, path, &json!({"id": 7})).await.bad(404), json!(["Display config not found"]));
}

#[actix_web::test]
async fn all_columns_are_read_with_the_names_of_their_grids() {
    let (_database, pool) = database().await;
    let answer = get(&pool, "/display-config").await;
    let (payload, row_count) = answer.good("Display configs retrieved successfully");
    assert_eq!(*row_count, 5);
    let last = &payload[4];
    assert_eq!(
        (&last["gridName"], &last["gridNameId"], &last["id"]),
        (&json!("users"), &json!("users_grid"), &json!(13))
    );
    assert_eq!(last.as_object().unwrap().len(), 15);
}

#[actix_web::test]
async fn the_grids_with_columns_are_one_record() {
    let (_database, pool) = database().await;
    let answer = get(&pool, "/display-config/types").await;
    let (payload, row_count) = answer.good("Display config types retrieved successfully");
    assert_eq!((payload, row_count), (&json!({"types": ["orders_grid", "Users_Grid"]}), &json!(1)));
}

#[actix_web::test]
async fn the_grids_in_use_are_read() {
    let (_database, pool) = database().await;
    let answer = get(&pool, "/display-config/grid-metadata").await;
    let (payload, _) = answer.good("Grid metadata retrieved successfully");
    assert_eq!(
        *payload,
        json!([{"id": 2, "gridName": "Orders", "gridNameId": "orders_grid", "description": null, "is_active": 1,
            "created_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-21T12:00:00Z"}])
    );
}

#[actix_web::test]
async fn a_grid_is_read_by_its_id_in_use_or_not() {
    let (_database, pool) = database().await;
    let path = "/display-config/grid-metadata/get";
    let answer = post(&pool, path, &json!({"gridNameId": "USERS_GRID"})).await;
    let (payload, row_count) = answer.good("Grid metadata retrieved successfully");
    assert_eq!(
        (&payload["description"], &payload["is_active"], row_count),
        (&json!("Who there is"), &json!(0), &json!(1))
    );
    let unknown = post(&pool, path, &json!({"gridNameId": "x"})).await;
    assert_eq!(*unknown.bad(404), json!(["Grid metadata not found"]));
}

#[actix_web::test]
async fn grids_are_listed_by_a_filter() {
    let (_database, pool) = database().await;
    for (filter, found) in [
        (json!({}), 3),
        (json!({"name": "ORDER"}), 1),
        (json!({"is_active": false}), 2),
        (json!({"name": "%", "is_active": 0}), 1),
        (json!({"name": null, "is_active": null}), 3),
        (json!({"name": "x"}), 0),
    ] {
        let answer = post(&pool, "/display-config/grid-metadata/list", &filter).await;
        let (_, row_count) = answer.good("Grid metadata list retrieved successfully");
        assert_eq!(*row_count, found, "{filter}");
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_a_503_in_the_envelope() {
    let (_database, pool) = database().await;
    pool.close(std::time::Duration::ZERO).await;
    let answer = get(&pool, "/display-config").await;
    assert_eq!(answer.bad(503)[0], "Error in connecting to host database");
}
