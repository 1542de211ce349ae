//! Dropdowns, as their front ends and their administrators use them.

use serde_json::{Value, json};

use crate::harness::{Client, Server, sql};

#[tokio::test(flavor = "multi_thread")]
async fn a_lookup_type_lives_from_creation_to_deletion() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    let created =
        admin.post("/lookup/types", json!({ "name": " colours ", "description": "What colours there are" }));
    assert_eq!(created.gist(), (201, "Lookup type created successfully"));
    let record = created.payload().clone();
    assert_eq!(
        (&record["name"], &record["description"]),
        (&json!("colours"), &json!("What colours there are"))
    );
    assert!(record["created_at"].as_str().unwrap().ends_with('Z'), "{record}");
    let id = record["id"].clone();

    assert_eq!(admin.post("/lookup/types", json!({ "name": "COLOURS" })).gist(), (409, "Name already exist"));
    let got = admin.post("/lookup/types/get", json!({ "type": "Colours" }));
    assert_eq!(got.gist(), (200, "Lookup type retrieved successfully"));
    assert_eq!(*got.payload(), record);

    let updated = admin.post("/lookup/types/update", json!({ "type_id": id, "description": null }));
    assert_eq!(updated.gist(), (200, "Lookup type updated successfully"));
    assert_eq!(*updated.payload(), json!({ "id": id }));
    let got = admin.post("/lookup/types/get", json!({ "type": "colours" }));
    assert_eq!((&got.payload()["name"], &got.payload()["description"]), (&json!("colours"), &Value::Null));
    assert_eq!(
        admin.post("/lookup/types/update", json!({ "type_id": 9999, "name": "y" })).gist(),
        (404, "Lookup type not found")
    );
    assert_eq!(
        admin.post("/lookup/types/update", json!({ "type_id": id, "name": "user_roles" })).status,
        409
    );

    for description in ["first", "second"] {
        let managed =
            admin.post("/lookup/types/manage", json!({ "name": "colours", "description": description }));
        assert_eq!(managed.gist(), (200, "Lookup type managed successfully"));
        assert_eq!(*managed.payload(), json!({ "name": "colours" }));
    }
    for code in ["r", "g"] {
        let value =
            admin.post("/lookup/values/create", json!({ "lookup_type_id": id, "code": code, "value": code }));
        assert_eq!(value.status, 201, "{value:?}");
    }
    let deleted = admin.post("/lookup/types/delete", json!({ "type_id": id }));
    assert_eq!(deleted.gist(), (200, "Lookup type deleted successfully"));
    assert_eq!(*deleted.payload(), json!({ "id": id, "deleted_values": 2 }));
    assert_eq!(
        admin.post("/lookup/types/delete", json!({ "type_id": id })).gist(),
        (404, "Lookup type not found")
    );
    assert_eq!(
        admin.post("/lookup/types/get", json!({ "type": "colours" })).gist(),
        (404, "Lookup type not found")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lookup_value_lives_from_creation_to_deletion() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    let type_id = admin.post("/lookup/types/get", json!({ "type": "user_status" })).payload()["id"].clone();
    let body = json!({ "lookup_type_id": type_id.to_string(), "code": "gone", "value": "Gone ✓", "sort_order": "9" });
    let created = admin.post("/lookup/values/create", body.clone());
    assert_eq!(created.gist(), (201, "Lookup value created successfully"));
    let record = created.payload().clone();
    let id = record["id"].clone();
    let expected = json!({
        "id": id, "lookup_type_id": type_id, "code": "gone", "value": "Gone ✓", "description": null,
        "is_active": true, "sort_order": 9, "created_at": record["created_at"],
    });
    assert_eq!(record, expected);
    assert_eq!(admin.post("/lookup/values/create", body).status, 409);
    let orphan = json!({ "lookup_type_id": 9999, "code": "x", "value": "X" });
    assert_eq!(admin.post("/lookup/values/create", orphan).gist(), (404, "Lookup type not found"));

    let updated = admin.post("/lookup/values/update", json!({ "value_id": id, "is_active": 0 }));
    assert_eq!(updated.gist(), (200, "Lookup value updated successfully"));
    let got = admin.post("/lookup/values/get", json!({ "value_id": id }));
    assert_eq!(got.gist(), (200, "Lookup value retrieved successfully"));
    assert_eq!((&got.payload()["is_active"], &got.payload()["value"]), (&json!(false), &json!("Gone ✓")));

    let list = |client: &Client, body: Value| {
        let answer = client.post("/lookup/values", body);
        (answer.status, answer.body["row_count"].as_u64())
    };
    assert_eq!(list(&admin, json!({ "type": "USER_STATUS" })), (200, Some(3)), "inactive ones are left out");
    assert_eq!(list(&admin, json!({ "type_name": "user_status", "include_inactive": true })), (200, Some(4)));
    assert_eq!(list(&server.client(), json!({ "type": "user_status", "include_inactive": true })).0, 401);
    assert_eq!(list(&server.client(), json!({ "type": "unknown" })), (200, Some(0)));
    assert_eq!(admin.get("/lookup/values?type=user_status&include_inactive=1").body["row_count"], 4);

    let deleted = admin.post("/lookup/values/delete", json!({ "value_id": id }));
    assert_eq!(deleted.gist(), (200, "Lookup value deleted successfully"));
    for (path, body) in [
        ("/lookup/values/delete", json!({ "value_id": id })),
        ("/lookup/values/get", json!({ "value_id": id })),
        ("/lookup/values/update", json!({ "value_id": id, "code": "x" })),
    ] {
        assert_eq!(admin.post(path, body).gist(), (404, "Lookup value not found"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_type_are_for_signed_in_users() {
    let server = Server::start(&[]).await;
    let user = server.signed_in("admin");
    let headers = user.get("/lookup/getHeaders?type=user_roles");
    assert_eq!(headers.gist(), (200, "Headers retrieved successfully"));
    assert_eq!(headers.body["row_count"], 3);
    assert_eq!(user.get("/lookup/getHeaders?type=unknown").gist(), (404, "No Headers Found"));
    assert_eq!(user.get("/lookup/getHeaders").gist(), (400, "type key Required field"));
    assert_eq!(server.client().get("/lookup/getHeaders?type=user_roles").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_older_systems_with_nulls_are_read_with_defaults() {
    let server = Server::start(&[]).await;
    sql(&server.database(), "UPDATE lookup_values SET is_active = NULL, sort_order = NULL, created_at = NULL WHERE code = 'urgent'").await;
    let admin = server.signed_in("admin");
    let values = admin.post("/lookup/values", json!({ "type": "priority_levels", "include_inactive": true }));
    let urgent = values.payload().as_array().unwrap().iter().find(|value| value["code"] == "urgent").unwrap();
    assert_eq!(
        (&urgent["is_active"], &urgent["sort_order"], &urgent["created_at"]),
        (&json!(false), &json!(0), &Value::Null)
    );
}
