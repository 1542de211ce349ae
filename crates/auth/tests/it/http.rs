//! The routes over HTTP, to the words.

use std::sync::Arc;

use actix_web::{App, body::MessageBody, dev::ServiceResponse, http::header, middleware::from_fn, test, web};
use kseekers_access::Authenticator;
use kseekers_auth::{AuthSettings, actix::routes};
use kseekers_envelope::actix::{front, not_found};
use serde_json::{Value, json};

use crate::support::{Stores, fast, request, sign_in, signed_in};

/// The app of one test and its mail.
macro_rules! app {
    ($stores:ident, $settings:expr) => {{
        let (service, mailbox, _clock) = $stores.service($settings);
        let service = Arc::new(service);
        let app = App::new()
            .app_data(web::Data::from(Arc::clone(&service)))
            .app_data(web::Data::from(service as Arc<dyn Authenticator>))
            .configure(|app| routes().configure(app))
            .default_service(web::to(not_found))
            .wrap(from_fn(front));
        (test::init_service(app).await, mailbox)
    }};
}

/// Sends a request and reads the answer.
macro_rules! call {
    ($app:ident, $request:expr) => {
        read(test::call_service(&$app, $request.to_request()).await).await
    };
}

struct Answer {
    http: u16,
    says_bearer: bool,
    body: Value,
}

impl Answer {
    fn payload(&self) -> &Value {
        &self.body["result"]["payload"]
    }

    /// Status, message and the lines of the stack.
    fn words(&self) -> (u16, &str, Vec<&str>) {
        let result = &self.body["result"];
        let stack =
            result["errorStack"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        (self.http, result["message"].as_str().unwrap(), stack)
    }
}

async fn read(response: ServiceResponse<impl MessageBody>) -> Answer {
    let says_bearer = response.headers().get(header::WWW_AUTHENTICATE).is_some_and(|value| value == "Bearer");
    let http = response.status().as_u16();
    Answer { http, says_bearer, body: serde_json::from_slice(&test::read_body(response).await).unwrap() }
}

fn post(path: &str, body: Value) -> test::TestRequest {
    test::TestRequest::post().uri(path).set_json(body)
}

fn me(token: &str) -> test::TestRequest {
    test::TestRequest::get().uri("/auth/me").insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
}

fn ada() -> Value {
    json!({ "username": " Ada ", "email": "Ada@Example.com", "phone": "+48 123", "is_admin": true })
}

#[actix_web::test]
async fn one_registers_asks_for_a_code_signs_in_and_is_known() {
    let stores = Stores::new().await;
    let (app, mut mailbox) = app!(stores, fast());

    let registered = call!(app, post("/auth/register", ada()));
    assert_eq!(registered.words(), (201, "User created successfully", vec![]));
    let id = registered.payload()["id"].as_i64().unwrap();
    let user = json!({
        "id": id, "username": "Ada", "email": "Ada@example.com", "phone": "+48 123", "is_admin": false,
    });
    assert_eq!(registered.payload(), &user);

    let requested =
        call!(app, post("/auth/otp/request", json!({ "username_or_email": " ada ", "device_token": null })));
    assert_eq!(requested.words(), (200, "OTP sent successfully", vec![]));
    let expected = json!({ "username_or_email": "ada", "expires_in": 300, "resend_after": 60 });
    assert_eq!(requested.payload(), &expected);

    let code = mailbox.next().await.code;
    let body = json!({ "username_or_email": "ada@example.com", "otp_code": format!(" {code}") });
    let signed_in = call!(app, post("/auth/otp/verify", body));
    assert_eq!(signed_in.words(), (200, "Token generated successfully", vec![]));
    let token = signed_in.payload()["access_token"].as_str().unwrap();
    let expected = json!({ "access_token": token, "token_type": "bearer", "expires_in": 900 });
    assert_eq!(signed_in.payload(), &expected);

    let known = call!(app, me(token));
    assert_eq!(known.words(), (200, "User profile retrieved successfully", vec![]));
    assert_eq!(known.payload(), &user);
    assert_eq!(known.body["row_count"], 1);
}

#[actix_web::test]
async fn a_name_or_an_address_that_is_taken_is_a_conflict_also_at_the_same_time() {
    let stores = Stores::new().await;
    let (app, _mailbox) = app!(stores, fast());
    let register = || test::call_service(&app, post("/auth/register", ada()).to_request());
    let (first, second) = tokio::join!(register(), register());
    let mut answers = [read(first).await, read(second).await];
    answers.sort_by_key(|answer| answer.http);
    assert_eq!(answers[0].words(), (201, "User created successfully", vec![]));
    assert_eq!(answers[1].words(), (409, "Name already exist", vec!["User already exists"]));
    assert_eq!(answers[1].payload(), &json!([]));
}

#[actix_web::test]
async fn bad_input_is_told_line_by_line() {
    let stores = Stores::new().await;
    let (app, _mailbox) = app!(stores, fast());
    let long = "x".repeat(51);
    let lines = |body| (body, "/auth/register");
    for ((body, path), expected) in [
        (lines(json!({})), vec!["username key Required field", "email key Required field"]),
        (lines(json!({ "username": null, "email": 5 })), vec!["username key None", "email data incorrect"]),
        (
            lines(json!({ "username": "a", "email": "x", "phone": "1".repeat(21) })),
            vec![
                "username must be at least 2 characters",
                "Email address is not valid",
                "phone must be at most 20 characters",
            ],
        ),
        (
            lines(json!({ "username": long, "email": "a@b.co" })),
            vec!["username must be at most 50 characters"],
        ),
        (lines(json!({ "username": "a@b", "email": "a@b.co" })), vec!["Username may not contain @"]),
        (lines(json!([])), vec!["Sending Incorrect Request payload format"]),
        ((json!({}), "/auth/otp/request"), vec!["username_or_email key Required field"]),
        (
            (json!({ "username_or_email": " " }), "/auth/otp/verify"),
            vec!["username_or_email must be at least 1 characters", "otp_code key Required field"],
        ),
        (
            (json!({ "username_or_email": "ada", "otp_code": "12345678901" }), "/auth/otp/verify"),
            vec!["otp_code must be at most 10 characters"],
        ),
    ] {
        let refused = call!(app, post(path, body));
        assert_eq!(refused.words(), (400, expected[0], expected));
    }
    assert_eq!(stores.number("SELECT COUNT(*) FROM users").await, 0);
}

#[actix_web::test]
async fn every_way_to_fail_at_signing_in_is_the_same_answer() {
    let stores = Stores::new().await;
    let (app, mut mailbox) = app!(stores, fast());
    stores.add_user("ada").await;
    stores.add_user("left").await;
    let mut codes = Vec::new();
    for who in ["left", "ada"] {
        call!(app, post("/auth/otp/request", json!({ "username_or_email": who })));
        codes.push(mailbox.next().await.code);
    }
    stores.run("UPDATE users SET is_active = 0 WHERE username = 'left'").await;
    let verify = |who: &str, code: &str| {
        post("/auth/otp/verify", json!({ "username_or_email": who, "otp_code": code }))
    };
    assert_eq!(call!(app, verify("ada", &codes[1])).http, 200);
    for (who, code) in
        [("ada", &codes[1]), ("left", &codes[0]), ("nobody", &codes[1]), ("nobody@example.com", &codes[1])]
    {
        let refused = call!(app, verify(who, code));
        assert_eq!(refused.words(), (401, "Invalid OTP", vec!["Invalid OTP"]), "{who}");
        assert!(refused.says_bearer);
        assert_eq!(
            (&refused.body["status"], refused.payload()),
            (&json!("unauthorized request"), &json!([]))
        );
    }
}

#[actix_web::test]
async fn who_is_signed_in_costs_one_statement() {
    let stores = Stores::new().await;
    let (service, mut mailbox, _) = stores.service(fast());
    let token = signed_in(&stores, &service, &mut mailbox).await;
    let watched = stores.on_one_connection();
    let (app, _mailbox) = app!(watched, fast());
    let (known, statements) = watched.counted(async { call!(app, me(&token)) }).await;
    assert_eq!(known.payload()["username"], "ada");
    assert_eq!(statements, 1);
}

#[actix_web::test]
async fn without_a_token_that_counts_nobody_is_known() {
    let stores = Stores::new().await;
    let (service, mut mailbox, clock) = stores.service(fast());
    // An hour before the clock of the app.
    clock.advance(-3600);
    let old = signed_in(&stores, &service, &mut mailbox).await;
    clock.advance(3600);
    service.request_code(&request("ada")).await.unwrap();
    let good = sign_in(&service, "ada", &mailbox.next().await.code).await.unwrap().access_token;
    let (app, _mailbox) = app!(stores, fast());
    let basic = me("").insert_header((header::AUTHORIZATION, format!("Basic {good}")));
    for (request, message) in [
        (test::TestRequest::get().uri("/auth/me"), "Not authenticated"),
        (me("x.y.z"), "Not authenticated"),
        (me(""), "Not authenticated"),
        (basic, "Not authenticated"),
        (me(&old), "Token expired"),
    ] {
        let refused = call!(app, request);
        assert_eq!(refused.words(), (401, message, vec![message]));
        assert!(refused.says_bearer);
    }
    assert_eq!(call!(app, me(&good)).http, 200);
    stores.run("UPDATE users SET is_active = 0").await;
    let refused = call!(app, me(&good));
    assert_eq!((refused.words().0, refused.words().1, refused.says_bearer), (401, "Not authenticated", true));
}

#[actix_web::test]
async fn closed_registration_and_revealed_users_are_settings() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let open = AuthSettings { registration_open: false, reveal_unknown_users: true, ..fast() };
    let (app, _mailbox) = app!(stores, open);
    let refused = call!(app, post("/auth/register", ada()));
    assert_eq!(refused.words(), (403, "Permission Denied", vec!["Registration is closed"]));
    let unknown = call!(app, post("/auth/otp/request", json!({ "username_or_email": "nobody" })));
    assert_eq!(unknown.words(), (404, "Member Not Found", vec!["Member Not Found"]));
    let known = call!(app, post("/auth/otp/request", json!({ "username_or_email": "ada" })));
    assert_eq!(known.payload()["email"], "ada@example.com");
}

#[actix_web::test]
async fn the_table_says_who_may_do_what() {
    let table = routes();
    let lines: Vec<_> = table
        .routes()
        .iter()
        .map(|route| {
            let (operation, body) = (&route.operation, route.operation.body.map_or("-", |body| body.name));
            let answer = format!("{} {}", operation.answer.http, operation.answer.name);
            format!("{} {} {:?} {body} {answer}", route.method, route.path, operation.access)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "POST /auth/register Public NewUser 201 User",
            "POST /auth/otp/request Public CodeRequest 200 CodeRequested",
            "POST /auth/otp/verify Public CodeAnswer 200 AccessToken",
            "GET /auth/me User - 200 User",
        ]
    );
}
