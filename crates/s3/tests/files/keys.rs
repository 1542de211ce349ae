//! Keys from outside: who reaches what.

use serde_json::{Value, json};

use crate::{client::Service, form};

const LINK: &str = "Download link generated successfully";
const DELETED: &str = "File deleted successfully";

fn uploaded(service: &Service, token: &str) -> Value {
    let answer = service.upload(token, &form::file("a.txt", token.as_bytes()));
    answer.good(201, "File Uploaded Successfully")["key"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_reaches_only_his_own_files() {
    let service = Service::start().await;
    let key = uploaded(&service, "ada");
    for path in ["/files/presign-download", "/files/delete"] {
        service.post("bob", path, json!({ "key": key })).bad(404, "File not found");
    }
    assert_eq!(service.download(&service.link("ada", &key)).1, b"ada");
    assert_eq!(
        service.post("ada", "/files/delete", json!({ "key": key })).good(200, DELETED),
        json!({ "key": key })
    );
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_reaches_all_files() {
    let service = Service::start().await;
    let key = uploaded(&service, "ada");
    assert_eq!(service.download(&service.link("admin", &key)).1, b"ada");
    service.post("admin", "/files/delete", json!({ "key": key })).good(200, DELETED);
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_stays_so_and_its_links_lead_nowhere() {
    let service = Service::start().await;
    let key = uploaded(&service, "ada");
    let link = service.link("ada", &key);
    for _ in 0..2 {
        service.post("ada", "/files/delete", json!({ "key": key })).good(200, DELETED);
        service.post("ada", "/files/presign-download", json!({ "key": key })).bad(404, "File not found");
        assert!(matches!(ureq::get(&link).call(), Err(ureq::Error::StatusCode(404))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_never_there_is_deleted_only_below_the_own_prefix() {
    let service = Service::start().await;
    for (token, key, status) in [
        ("ada", "users/1/none", 200),
        ("ada", "users/2/none", 404),
        ("ada", "users/10/none", 404),
        ("ada", "users/1", 404),
        ("ada", "Users/1/none", 404),
        ("ada", "none", 404),
        ("admin", "users/2/none", 200),
        ("admin", "none", 200),
    ] {
        let answer = service.post(token, "/files/delete", json!({ "key": key }));
        assert_eq!(answer.0, status, "{token} {key}: {answer:?}");
        service.post(token, "/files/presign-download", json!({ "key": key })).bad(404, "File not found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_reached_by_its_exact_key_only() {
    let service = Service::start().await;
    let key = uploaded(&service, "ada");
    let shouted = key.as_str().unwrap().to_uppercase();
    service.post("ada", "/files/presign-download", json!({ "key": shouted })).bad(404, "File not found");
    let padded = format!(" {} ", key.as_str().unwrap());
    service.post("ada", "/files/presign-download", json!({ "key": padded })).good(200, LINK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_on_its_way_has_no_link() {
    let service = Service::start().await;
    let key = uploaded(&service, "ada");
    service.pool.execute("UPDATE files SET state = 'pending'", ()).await.unwrap();
    service.post("ada", "/files/presign-download", json!({ "key": key })).bad(404, "File not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_told_as_bad_input() {
    let service = Service::start().await;
    for (body, message) in [
        (json!({}), "key key Required field"),
        (json!({ "key": null }), "key key None"),
        (json!({ "key": 5 }), "key data incorrect"),
        (json!({ "key": ["a"] }), "key data incorrect"),
        (json!({ "key": " " }), "Key is required"),
        (json!({ "key": "users/1/../2/a" }), "key data incorrect"),
        (json!({ "key": "users/1/./a" }), "key data incorrect"),
        (json!({ "key": "/users/1/a" }), "key data incorrect"),
        (json!({ "key": "users//1" }), "key data incorrect"),
        (json!({ "key": "users/1/" }), "key data incorrect"),
        (json!({ "key": "users/1/a\u{0}" }), "key data incorrect"),
        (json!({ "key": "users/1/a\nb" }), "key data incorrect"),
        (json!({ "key": "é".repeat(513) }), "key must be at most 1024 bytes"),
        (json!({ "key": "x".repeat(70_000) }), "key must be at most 1024 characters"),
        (json!([]), "Sending Incorrect Request payload format"),
    ] {
        for path in ["/files/presign-download", "/files/delete"] {
            service.post("admin", path, body.clone()).bad(400, message);
        }
    }
    let longest = json!({ "key": format!("users/1/{}", "x".repeat(1016)) });
    service.post("ada", "/files/delete", longest).good(200, DELETED);
}
