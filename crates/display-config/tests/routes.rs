//! What clients get, through a real app on a real database; the grids are those of `support/grids.sql`.
#![cfg(all(feature = "actix", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod support;

use std::sync::Arc;

use actix_web::{
    App,
    middleware::from_fn,
    test::{self, TestRequest},
    web::Data,
};
use kseekers_db_pool::DbPool;
use kseekers_display_config::{DisplayConfigService, MySqlDisplayConfigs, actix::routes};
use kseekers_envelope::actix::front;
use serde_json::{Value, json};
use support::database;

/// HTTP status and body.
struct Answer(u16, Value);

impl Answer {
    /// The payload of a good answer with this message, and its row count.
    #[track_caller]
    fn good(&self, message: &str) -> (&Value, &Value) {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["message"]), (200, &json!(message)), "{}", self.1);
        (&result["payload"], &self.1["row_count"])
    }

    /// The lines of a bad answer with this status, the first of which is its message.
    #[track_caller]
    fn bad(&self, http: u16) -> &Value {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["payload"]), (http, &json!([])), "{}", self.1);
        assert_eq!(result["message"], result["errorStack"][0]);
        &result["errorStack"]
    }
}

async fn ask(pool: &DbPool, request: TestRequest) -> Answer {
    let grids = DisplayConfigService::new(Arc::new(MySqlDisplayConfigs::new(pool.clone())));
    let app =
        App::new().app_data(Data::new(grids)).configure(|app| routes().configure(app)).wrap(from_fn(front));
    let app = test::init_service(app).await;
    let response = test::call_service(&app, request.to_request()).await;
    Answer(response.status().as_u16(), test::read_body_json(response).await)
}

async fn get(pool: &DbPool, path: &str) -> Answer {
    ask(pool, TestRequest::get().uri(path)).await
}

async fn post(pool: &DbPool, path: &str, body: &Value) -> Answer {
    ask(pool, TestRequest::post().uri(path).set_json(body)).await
}

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
GET  /display-config/grid-metadata                -                              -> 200 [Grid]
POST /display-config/grid-metadata/get            -        GridByNameId          -> 200 Grid
POST /display-config/grid-metadata/list           -        GridFilter            -> 200 [Grid]
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
async fn bad_input_is_told_line_by_line() {
    let (_database, pool) = database().await;
    for (path, body, lines) in [
        ("/display-config/grid-headers", json!({}), json!(["gridNameId key Required field"])),
        ("/display-config/by-grid", json!({"type": " "}), json!(["Grid Name ID is required"])),
        ("/display-config/by-grid", json!({"gridNameId": null}), json!(["gridNameId key None"])),
        (
            "/display-config/result-display-config/list",
            json!({"gridNameId": "ü".repeat(51)}),
            json!(["gridNameId must be at most 50 characters"]),
        ),
        ("/display-config/get", json!({}), json!(["config_id key Required field"])),
        ("/display-config/get", json!({"id": 1.5}), json!(["config_id data incorrect"])),
        ("/display-config/grid-metadata/get", json!({"gridNameId": ""}), json!(["Grid Name ID is required"])),
        (
            "/display-config/grid-metadata/list",
            json!({"name": "ü".repeat(101), "is_active": "yes"}),
            json!(["name must be at most 100 characters", "is_active data incorrect"]),
        ),
        (
            "/display-config/grid-metadata/list",
            json!([]),
            json!(["Sending Incorrect Request payload format"]),
        ),
    ] {
        assert_eq!(*post(&pool, path, &body).await.bad(400), lines, "{path} {body}");
    }
    for path in ["/display-config/grid-headers", "/display-config/by-grid"] {
        assert_eq!(*get(&pool, path).await.bad(400), json!(["gridNameId key Required field"]));
        assert_eq!(*get(&pool, &format!("{path}?type=")).await.bad(400), json!(["Grid Name ID is required"]));
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_a_503_in_the_envelope() {
    let (_database, pool) = database().await;
    pool.close().await;
    let answer = get(&pool, "/display-config").await;
    assert_eq!(answer.bad(503)[0], "Error in connecting to host database");
}
