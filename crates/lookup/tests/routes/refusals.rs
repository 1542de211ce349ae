//! What clients are told when it cannot be done.

use serde_json::json;

use crate::{client::client, support::used_elsewhere};

#[actix_web::test]
async fn bad_input_is_told_line_by_line() {
    let c = client().await;
    let long = |length: usize| "ü".repeat(length);
    for (path, body, lines) in [
        ("/lookup/types/get", json!({}), json!(["type key Required field"])),
        ("/lookup/types/get", json!({"type": ""}), json!(["Name is required"])),
        ("/lookup/types", json!({}), json!(["name key Required field"])),
        ("/lookup/types", json!({"name": null}), json!(["name key None"])),
        ("/lookup/types", json!({"name": " \t"}), json!(["Name is required"])),
        (
            "/lookup/types",
            json!({"name": 5, "description": []}),
            json!(["name data incorrect", "description data incorrect"]),
        ),
        ("/lookup/types", json!({"name": long(101)}), json!(["name must be at most 100 characters"])),
        (
            "/lookup/types",
            json!({"name": "n", "description": long(32_768)}),
            json!(["description must be at most 65535 bytes"]),
        ),
        ("/lookup/types", json!({"name": "a\u{0}b"}), json!(["name data incorrect"])),
        (
            "/lookup/types/update",
            json!({"name": null}),
            json!(["type_id key Required field", "name key None"]),
        ),
        (
            "/lookup/types/update",
            json!({"type_id": "5.0", "name": ""}),
            json!(["type_id data incorrect", "Name is required"]),
        ),
        ("/lookup/types/delete", json!({"type_id": null}), json!(["type_id key None"])),
        ("/lookup/types/manage", json!({"name": ""}), json!(["Name is required"])),
        ("/lookup/values", json!({}), json!(["lookup_type_name key Required field"])),
        (
            "/lookup/values",
            json!({"type": " ", "include_inactive": 2}),
            json!(["Name is required", "include_inactive data incorrect"]),
        ),
        ("/lookup/values/get", json!({"value_id": 2_147_483_648_i64}), json!(["value_id data incorrect"])),
        (
            "/lookup/values/create",
            json!({"code": " ", "value": " ", "is_active": null, "sort_order": null}),
            json!([
                "lookup_type_id key Required field",
                "Code is required",
                "Value is required",
                "is_active key None",
                "sort_order key None"
            ]),
        ),
        (
            "/lookup/values/create",
            json!({"lookup_type_id": 1, "code": long(51), "value": long(256), "sort_order": 0.5}),
            json!([
                "code must be at most 50 characters",
                "value must be at most 255 characters",
                "sort_order data incorrect"
            ]),
        ),
        (
            "/lookup/values/update",
            json!({"value_id": 1, "code": null, "value": "", "is_active": null}),
            json!(["code key None", "Value is required", "is_active key None"]),
        ),
        ("/lookup/values/delete", json!({}), json!(["value_id key Required field"])),
    ] {
        let answer = c.admin(path, body.clone()).await;
        assert_eq!(*answer.stack(), lines, "{path} {body}");
        answer.bad(400, lines[0].as_str().unwrap());
    }
    c.get("/lookup/values").await.bad(400, "lookup_type_name key Required field");
    c.get("/lookup/values?type=").await.bad(400, "Name is required");
}

#[actix_web::test]
async fn a_name_or_code_that_is_taken_is_a_conflict() {
    let c = client().await;
    let (colours, sizes) = (c.new_type("Colours").await, c.new_type("Sizes").await);
    let red = json!({"lookup_type_id": colours, "code": "red", "value": "Red"});
    c.new_value(red.clone()).await;
    let blue = c.new_value(json!({"lookup_type_id": colours, "code": "blue", "value": "Blue"})).await;
    for (path, body, line) in [
        ("/lookup/types", json!({"name": "COLOURS"}), "Lookup type already exists"),
        ("/lookup/types/update", json!({"type_id": sizes, "name": "colours"}), "Lookup type already exists"),
        ("/lookup/values/create", red, "Lookup value already exists"),
        ("/lookup/values/update", json!({"value_id": blue, "code": "RED"}), "Lookup value already exists"),
    ] {
        let answer = c.admin(path, body).await;
        assert_eq!(*answer.stack(), json!([line]), "{path}");
        answer.bad(409, "Name already exist");
    }
}

#[actix_web::test]
async fn what_another_table_points_to_is_in_use() {
    let c = client().await;
    let (colours, sizes) = (c.new_type("Colours").await, c.new_type("Sizes").await);
    let red = c.new_value(json!({"lookup_type_id": colours, "code": "red", "value": "Red"})).await;
    used_elsewhere(&c.pool, Some(sizes), Some(red)).await;
    for (path, body, line) in [
        ("/lookup/values/delete", json!({ "value_id": red }), "Lookup value is in use"),
        ("/lookup/types/delete", json!({ "type_id": colours }), "Lookup value is in use"),
        ("/lookup/types/delete", json!({ "type_id": sizes }), "Lookup type is in use"),
    ] {
        let answer = c.admin(path, body).await;
        assert_eq!(*answer.stack(), json!([line]), "{path}");
        answer.bad(409, line);
    }
}

#[actix_web::test]
async fn an_unknown_type_is_not_found() {
    let c = client().await;
    c.post("/lookup/types/get", json!({"type": "x"})).await.bad(404, "Lookup type not found");
    c.admin("/lookup/types/update", json!({"type_id": 1})).await.bad(404, "Lookup type not found");
    c.admin("/lookup/types/delete", json!({"type_id": 1})).await.bad(404, "Lookup type not found");
    let value = json!({"lookup_type_id": 1, "code": "c", "value": "v"});
    c.admin("/lookup/values/create", value).await.bad(404, "Lookup type not found");
}
