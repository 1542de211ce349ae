//! Registering and signing in: the bad ways.

use serde_json::json;

use crate::harness::{Server, sql, until};

#[tokio::test(flavor = "multi_thread")]
async fn every_code_that_does_not_count_is_refused_in_the_same_words() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let database = server.database();
    let verify = |name: &str, code: &str| {
        let answer = client.post("/auth/otp/verify", json!({ "username_or_email": name, "otp_code": code }));
        assert_eq!(answer.header("www-authenticate").is_some(), answer.status == 401);
        (answer.status, answer.message().to_owned())
    };
    let refused = (401, "Invalid OTP".to_owned());

    assert_eq!(verify("nobody", "123456"), refused, "unknown user");
    assert_eq!(verify("admin", "123456"), refused, "no code asked for");

    let code = server.new_code("admin", "admin");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(verify("admin", wrong), refused, "wrong code");
    assert_eq!(verify("admin", &code).0, 200, "the right one counts");
    assert_eq!(verify("admin", &code), refused, "but only once");

    let code = server.new_code("ADMIN@example.com", "admin");
    sql(&database, "UPDATE otps SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND").await;
    assert_eq!(verify("admin", &code), refused, "expired");

    let code = server.new_code("admin", "admin");
    sql(&database, "UPDATE users SET is_active = 0 WHERE username = 'admin'").await;
    assert_eq!(verify("admin", &code), refused, "inactive");
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_code_does_not_tell_who_is_a_user() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let ask = |name: &str| {
        let answer = client.post("/auth/otp/request", json!({ "username_or_email": name }));
        let mut payload = answer.payload().clone();
        payload["username_or_email"] = "-".into();
        (answer.status, answer.message().to_owned(), payload)
    };
    let known = ask("admin");
    assert_eq!((known.0, known.1.as_str()), (200, "OTP sent successfully"));
    assert_eq!(ask("nobody"), known);
    assert_eq!(ask("nobody@example.com"), known);
    sql(&server.database(), "UPDATE users SET is_active = NULL").await;
    assert_eq!(ask("admin"), known);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_reveals_its_users_says_who_is_none() {
    let server = Server::start(&[("reveal_unknown_users", "true")]).await;
    let client = server.client();
    let unknown = client.post("/auth/otp/request", json!({ "username_or_email": "nobody" }));
    assert_eq!(unknown.gist(), (404, "Member Not Found"));
    let known = client.post("/auth/otp/request", json!({ "username_or_email": "admin" }));
    assert_eq!(known.payload()["email"], "admin@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_tells_everything_that_is_wrong() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let empty = client.post("/auth/register", json!({}));
    assert_eq!(empty.gist(), (400, "username key Required field"));
    assert_eq!(empty.error_stack(), ["username key Required field", "email key Required field"]);
    let long = json!({ "username": "x".repeat(51), "email": format!("{}@example.com", "x".repeat(90)), "phone": "1".repeat(21) });
    let long = client.post("/auth/register", long);
    assert_eq!(
        long.error_stack(),
        [
            "username must be at most 50 characters",
            "email must be at most 100 characters",
            "phone must be at most 20 characters"
        ]
    );
    assert_eq!(
        client.post("/auth/register", json!({ "username": "a@b", "email": "a@b.example" })).status,
        400
    );
    assert_eq!(client.post("/auth/register", json!({ "username": "ada", "email": "nonsense" })).status, 400);

    let twice = client.post("/auth/register", json!({ "username": "Admin", "email": "new@example.com" }));
    assert_eq!(twice.gist(), (409, "Name already exist"));
    assert_eq!(twice.error_stack(), ["User already exists"]);
    let twice = client.post("/auth/register", json!({ "username": "new", "email": "ADMIN@EXAMPLE.COM" }));
    assert_eq!(twice.gist(), (409, "Name already exist"));

    let cunning =
        json!({ "username": "cunning", "email": "c@example.com", "is_admin": true, "is_active": false });
    assert_eq!(client.post("/auth/register", cunning).payload()["is_admin"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_service_registers_nobody() {
    let server = Server::start(&[("registration", "closed")]).await;
    let answer =
        server.client().post("/auth/register", json!({ "username": "ada", "email": "ada@example.com" }));
    assert_eq!(answer.gist(), (403, "Permission Denied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_only_while_its_user_does() {
    let server = Server::start(&[]).await;
    let client = server.signed_in("admin");
    assert_eq!(client.get("/auth/me").status, 200);
    sql(&server.database(), "UPDATE users SET is_admin = 0").await;
    let write = client.post("/lookup/types", json!({ "name": "colours" }));
    assert_eq!(write.gist(), (403, "Permission Denied"), "the token still says is_admin");
    sql(&server.database(), "UPDATE users SET is_active = 0").await;
    assert_eq!(client.get("/auth/me").gist(), (401, "Not authenticated"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired_is_told_as_such() {
    let server = Server::start(&[("jwt_expiry", "1")]).await;
    let client = server.signed_in("admin");
    let refused = until(&client, "/auth/me", |answer| answer.status != 200);
    assert_eq!(refused.gist(), (401, "Token expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_codes_nor_tokens_nor_secrets_are_logged() {
    let server = Server::start(&[("log_level", "trace")]).await;
    let code = server.new_code("admin", "admin");
    let mut client = server.client();
    let verified = client.post("/auth/otp/verify", json!({ "username_or_email": "admin", "otp_code": code }));
    client.token = Some(verified.payload()["access_token"].as_str().unwrap().to_owned());
    assert_eq!(client.get("/auth/me").status, 200);
    server.wait_for("GET /auth/me 200");
    let said = server.said();
    assert!(said.contains(&format!("One-time code for admin: {code}")), "for the developer");
    assert_eq!(server.logged().matches(&code).count(), 1, "and nowhere else:\n{said}");
    assert!(!said.contains(client.token.as_ref().unwrap()));
    assert!(!said.contains(crate::harness::SECRET));
}
