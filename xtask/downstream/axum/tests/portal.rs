//! The service as its clients see it, on a real database.

mod running;

use kseekers_db_pool::{DbOptions, DbPool};
use serde_json::json;

use running::{DATABASES, Portal};

#[tokio::test]
async fn somebody_registers_signs_in_with_a_code_and_is_known() {
    let database = DATABASES.take().await;
    let portal = Portal::start(&database.url());
    let ada = json!({ "username": "ada", "email": "ada@example.com" });

    assert_eq!(portal.post("/users", None, &ada).status, 201);
    let again = portal.post("/users", None, &ada);
    assert_eq!((again.status, again.errors()), (409, json!(["User already exists"])));

    let token = portal.sign_in("ada");
    let me = portal.get("/me", Some(&token));
    assert_eq!((me.status, me.payload()), (200, &json!("ada")));
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let database = DATABASES.take().await;
    let portal = Portal::start(&database.url());
    for token in [None, Some("nonsense")] {
        let refused = portal.get("/me", token);
        assert_eq!((refused.status, refused.challenge.as_deref()), (401, Some("Bearer")), "{token:?}");
        assert_eq!(refused.body["status"], "unauthorized request");
    }
    let wrong = json!({ "username_or_email": "nobody", "otp_code": "123456" });
    let refused = portal.post("/tokens", None, &wrong);
    assert_eq!((refused.status, refused.errors()), (401, json!(["Invalid OTP"])));
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_request_is_told_at_once() {
    let database = DATABASES.take().await;
    let portal = Portal::start(&database.url());
    let refused = portal.post("/users", None, &json!({ "username": "a@b" }));
    assert_eq!((refused.status, refused.errors().as_array().unwrap().len()), (400, 2), "{}", refused.body);
    assert_eq!(portal.get("/nowhere", None).status, 404);
}

#[tokio::test]
async fn administrators_fill_dropdowns_and_everybody_reads_them() {
    let database = DATABASES.take().await;
    let portal = Portal::start(&database.url());
    portal.post("/users", None, &json!({ "username": "ada", "email": "ada@example.com" }));
    let token = portal.sign_in("ada");
    let colours = json!({ "name": "colours" });
    assert_eq!(portal.post("/dropdowns", None, &colours).status, 401);
    assert_eq!(portal.post("/dropdowns", Some(&token), &colours).status, 403);

    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap()).unwrap();
    pool.execute("UPDATE users SET is_admin = 1 WHERE username = ?", ("ada",)).await.unwrap();
    let added = portal.post("/dropdowns", Some(&token), &colours);
    assert_eq!(added.status, 201, "{}", added.body);
    for (code, is_active) in [("red", true), ("grey", false)] {
        let choice = json!({
            "lookup_type_id": added.payload()["id"], "code": code, "value": code, "is_active": is_active,
        });
        assert_eq!(portal.post("/choices", Some(&token), &choice).status, 201);
    }

    assert_eq!(portal.get("/dropdowns/Colours", None).payload()["name"], "colours");
    assert_eq!(portal.get("/dropdowns/sizes", None).status, 404);
    let offered = portal.post("/choices/search", None, &json!({ "type": "colours" }));
    assert_eq!((offered.status, offered.payload()[0]["code"].as_str()), (200, Some("red")));
    assert_eq!(offered.body["row_count"], 1);

    let all = json!({ "type": "colours", "include_inactive": true });
    assert_eq!(portal.post("/choices/search", None, &all).status, 401);
    assert_eq!(portal.post("/choices/search", Some(&token), &all).body["row_count"], 2);
}
