//! What clients are told when it cannot be done.

use serde_json::json;

use crate::{
    client::{admin, get, post, post_as},
    support::{database, used_elsewhere},
};

#[actix_web::test]
async fn only_administrators_change_anything() {
    let (_database, pool) = database().await;
    for path in [
        "/display-config/create",
        "/display-config/update",
        "/display-config/delete",
        "/display-config/grid-metadata/create",
        "/display-config/grid-metadata/edit",
        "/display-config/grid-metadata/delete",
    ] {
        // Who asks is judged before what is asked.
        assert_eq!(*post(&pool, path, &json!([])).await.bad(401), json!(["Not authenticated"]), "{path}");
        for (token, http, line) in [
            ("nobody", 401, "Not authenticated"),
            ("user", 403, "Permission Denied"),
            ("admin", 400, "Sending Incorrect Request payload format"),
        ] {
            let answer = post_as(token, &pool, path, &json!([])).await;
            assert_eq!(*answer.bad(http), json!([line]), "{path} {token}");
        }
    }
}

#[actix_web::test]
async fn what_is_not_there_is_not_found() {
    let (_database, pool) = database().await;
    for (path, body, line) in [
        (
            "/display-config/create",
            json!({"gridNameId": "x", "displayId": "d", "title": "T", "sortIndex": 1}),
            "Grid metadata not found",
        ),
        ("/display-config/update", json!({"config_id": 7}), "Display config not found"),
        ("/display-config/update", json!({"config_id": 11, "gridNameId": "x"}), "Grid metadata not found"),
        ("/display-config/delete", json!({"config_id": 7}), "Display config not found"),
        ("/display-config/grid-metadata/edit", json!({"id": 7, "gridName": "x"}), "Grid metadata not found"),
        ("/display-config/grid-metadata/delete", json!({"id": 7}), "Grid metadata not found"),
    ] {
        assert_eq!(*admin(&pool, path, &body).await.bad(404), json!([line]), "{path} {body}");
    }
}

#[actix_web::test]
async fn a_name_or_id_that_is_taken_is_a_conflict() {
    let (_database, pool) = database().await;
    for (path, body, line) in [
        (
            "/display-config/create",
            json!({"gridNameId": "orders_grid", "displayId": "TOTAL", "title": "T", "sortIndex": 1}),
            "Display config already exists",
        ),
        (
            "/display-config/update",
            json!({"config_id": 12, "displayId": "total"}),
            "Display config already exists",
        ),
        (
            "/display-config/grid-metadata/create",
            json!({"gridName": "orders", "gridNameId": "x"}),
            "Grid metadata already exists",
        ),
        (
            "/display-config/grid-metadata/edit",
            json!({"id": 1, "gridNameId": "ORDERS_GRID"}),
            "Grid metadata already exists",
        ),
    ] {
        assert_eq!(admin(&pool, path, &body).await.conflict(), line, "{path} {body}");
    }
}

#[actix_web::test]
async fn what_another_table_points_to_is_in_use() {
    let (_database, pool) = database().await;
    used_elsewhere(&pool, Some("users_grid"), Some(11)).await;
    for (path, body, line) in [
        ("/display-config/delete", json!({"config_id": 11}), "Display config is in use"),
        ("/display-config/grid-metadata/delete", json!({"id": 2}), "Display config is in use"),
        ("/display-config/grid-metadata/delete", json!({"id": 1}), "Grid metadata is in use"),
        (
            "/display-config/grid-metadata/edit",
            json!({"id": 1, "gridNameId": "x"}),
            "Grid metadata is in use",
        ),
    ] {
        assert_eq!(*admin(&pool, path, &body).await.bad(409), json!([line]), "{path} {body}");
    }
}

#[actix_web::test]
async fn bad_input_is_told_line_by_line() {
    let (_database, pool) = database().await;
    let long = |length: usize| "ü".repeat(length);
    for (path, body, lines) in [
        ("/display-config/grid-headers", json!({}), json!(["gridNameId key Required field"])),
        ("/display-config/by-grid", json!({"type": " "}), json!(["Grid Name ID is required"])),
        ("/display-config/by-grid", json!({"gridNameId": null}), json!(["gridNameId key None"])),
        (
            "/display-config/result-display-config/list",
            json!({"gridNameId": long(51)}),
            json!(["gridNameId must be at most 50 characters"]),
        ),
        ("/display-config/get", json!({}), json!(["config_id key Required field"])),
        ("/display-config/get", json!({"id": 1.5}), json!(["config_id data incorrect"])),
        ("/display-config/grid-metadata/get", json!({"gridNameId": ""}), json!(["Grid Name ID is required"])),
        (
            "/display-config/grid-metadata/list",
            json!({"name": long(101), "is_active": "yes"}),
            json!(["name must be at most 100 characters", "is_active data incorrect"]),
        ),
        (
            "/display-config/grid-metadata/list",
            json!([]),
            json!(["Sending Incorrect Request payload format"]),
        ),
        ("/display-config/create", json!([]), json!(["Sending Incorrect Request payload format"])),
        (
            "/display-config/create",
            json!({}),
            json!([
                "gridNameId key Required field",
                "displayId key Required field",
                "title key Required field",
                "sortIndex key Required field"
            ]),
        ),
        (
            "/display-config/create",
            json!({"gridNameId": " ", "displayId": "", "title": "\t", "hidden": null, "sortIndex": null}),
            json!([
                "Grid Name ID is required",
                "Display ID is required",
                "Title is required",
                "hidden key None",
                "sortIndex key None"
            ]),
        ),
        (
            "/display-config/create",
            json!({"gridNameId": long(51), "displayId": long(101), "title": long(256), "hidden": 2,
                "width": 2_147_483_648_i64, "sortIndex": 0.5, "ellipsis": "yes", "align": long(21),
                "dbDataType": long(51), "codeDataType": long(51), "format": long(101)}),
            json!([
                "gridNameId must be at most 50 characters",
                "displayId must be at most 100 characters",
                "title must be at most 255 characters",
                "hidden data incorrect",
                "width data incorrect",
                "sortIndex data incorrect",
                "ellipsis data incorrect",
                "align must be at most 20 characters",
                "dbDataType must be at most 50 characters",
                "codeDataType must be at most 50 characters",
                "format must be at most 100 characters"
            ]),
        ),
        (
            "/display-config/update",
            json!({"gridNameId": "", "displayId": " ", "title": ""}),
            json!([
                "config_id key Required field",
                "Grid Name ID cannot be empty",
                "Display ID cannot be empty",
                "Title cannot be empty"
            ]),
        ),
        (
            "/display-config/update",
            json!({"id": "5.0", "gridNameId": null, "displayId": null, "title": null, "hidden": null,
                "width": "wide", "sortIndex": null, "format": 7}),
            json!([
                "config_id data incorrect",
                "gridNameId key None",
                "displayId key None",
                "title key None",
                "hidden key None",
                "width data incorrect",
                "sortIndex key None",
                "format data incorrect"
            ]),
        ),
        ("/display-config/delete", json!({}), json!(["config_id key Required field"])),
        ("/display-config/delete", json!({"id": null}), json!(["config_id key None"])),
        (
            "/display-config/grid-metadata/create",
            json!({"description": 7}),
            json!([
                "gridName key Required field",
                "gridNameId key Required field",
                "description data incorrect"
            ]),
        ),
        (
            "/display-config/grid-metadata/create",
            json!({"gridName": " ", "gridNameId": "", "is_active": null}),
            json!(["Grid Name is required", "Grid Name ID is required", "is_active key None"]),
        ),
        (
            "/display-config/grid-metadata/create",
            json!({"gridName": long(101), "gridNameId": long(51), "description": long(32_768)}),
            json!([
                "gridName must be at most 100 characters",
                "gridNameId must be at most 50 characters",
                "description must be at most 65535 bytes"
            ]),
        ),
        (
            "/display-config/grid-metadata/edit",
            json!({"gridName": "", "gridNameId": " "}),
            json!(["id key Required field", "Grid Name cannot be empty", "Grid Name ID cannot be empty"]),
        ),
        (
            "/display-config/grid-metadata/edit",
            json!({"id": 1, "gridName": null, "gridNameId": null, "is_active": null}),
            json!(["gridName key None", "gridNameId key None", "is_active key None"]),
        ),
        ("/display-config/grid-metadata/delete", json!({"id": true}), json!(["id data incorrect"])),
    ] {
        assert_eq!(*admin(&pool, path, &body).await.bad(400), lines, "{path} {body}");
    }
    for path in ["/display-config/grid-headers", "/display-config/by-grid"] {
        assert_eq!(*get(&pool, path).await.bad(400), json!(["gridNameId key Required field"]));
        assert_eq!(*get(&pool, &format!("{path}?type=")).await.bad(400), json!(["Grid Name ID is required"]));
    }
}
