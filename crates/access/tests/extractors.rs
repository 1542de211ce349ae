//! What the extractors promise, through a real app.
#![cfg(feature = "actix")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::sync::Arc;

use actix_web::{App, http::StatusCode, middleware::from_fn, test, web};
use async_trait::async_trait;
use kseekers_access::{
    AccessError, Authenticator, Caller, UserId,
    actix::{Admin, CurrentUser, OptionalUser},
};
use kseekers_envelope::{
    ApiError, StorageError,
    actix::{Body, Reply, RouteTable, front},
    input::Text,
};

/// Knows three tokens; the database behind it is down for the fourth.
struct Doorkeeper;

#[async_trait]
impl Authenticator for Doorkeeper {
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        // A pause as a database makes it: the body must not be judged meanwhile.
        tokio::task::yield_now().await;
        let caller = |is_admin| Caller { user_id: UserId::new(1), username: "ada".to_owned(), is_admin };
        match token {
            "user" => Ok(caller(false)),
            "admin" => Ok(caller(true)),
            "old" => Err(AccessError::TokenExpired),
            "down" => Err(StorageError::Unavailable("no route to 10.0.0.7".into()).into()),
            _ => Err(AccessError::NotAuthenticated),
        }
    }
}

kseekers_envelope::input! {
    /// Something to change.
    pub struct Change {
        /// A name.
        pub name: Text<1, 9>,
    }
}

async fn me(CurrentUser(caller): CurrentUser) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(caller.username, "Me"))
}

async fn peek(OptionalUser(caller): OptionalUser) -> Result<Reply<bool>, ApiError> {
    Ok(Reply::record(caller.is_some(), "Peeked"))
}

async fn change(_: Admin, Body(change): Body<Change>) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(change.name.to_string(), "Changed"))
}

async fn ask(path: &str, authorization: Option<&str>, body: Option<&'static str>) -> (StatusCode, String) {
    let routes = RouteTable::new("Test")
        .get("/me", "Me", me)
        .get("/peek", "Peek", peek)
        .post("/change", "Change", change);
    let authenticator: Arc<dyn Authenticator> = Arc::new(Doorkeeper);
    let app = App::new()
        .app_data(web::Data::from(authenticator))
        .configure(|app| routes.configure(app))
        .wrap(from_fn(front));
    let app = test::init_service(app).await;
    let mut request = test::TestRequest::with_uri(path);
    if let Some(authorization) = authorization {
        request = request.insert_header(("Authorization", authorization));
    }
    if let Some(body) = body {
        request = request.method(actix_web::http::Method::POST).set_payload(body);
    }
    let response = test::call_service(&app, request.to_request()).await;
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        assert_eq!(response.headers().get("www-authenticate").unwrap(), "Bearer");
    }
    let body: serde_json::Value = test::read_body_json(response).await;
    (status, body["result"]["message"].as_str().unwrap().to_owned())
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}

#[actix_web::test]
async fn a_signed_in_user_is_let_in_whatever_the_case_of_the_scheme() {
    assert_eq!(ask("/me", Some("bEaReR user"), None).await, (status(200), "Me".to_owned()));
}

#[actix_web::test]
async fn without_a_usable_token_nobody_is_signed_in() {
    for authorization in [None, Some("Bearer nonsense"), Some("Basic user"), Some("user")] {
        assert_eq!(ask("/me", authorization, None).await, (status(401), "Not authenticated".to_owned()));
    }
    assert_eq!(ask("/me", Some("Bearer old"), None).await, (status(401), "Token expired".to_owned()));
}

#[actix_web::test]
async fn an_optional_user_may_be_nobody_but_not_somebody_with_a_bad_token() {
    assert_eq!(ask("/peek", None, None).await.0, status(200));
    assert_eq!(ask("/peek", Some("Bearer user"), None).await.0, status(200));
    assert_eq!(ask("/peek", Some("Bearer nonsense"), None).await.0, status(401));
}

#[actix_web::test]
async fn only_administrators_pass_as_administrators() {
    let body = Some(r#"{"name":"x"}"#);
    assert_eq!(ask("/change", Some("Bearer admin"), body).await.0, status(200));
    assert_eq!(
        ask("/change", Some("Bearer user"), body).await,
        (status(403), "Permission Denied".to_owned())
    );
    assert_eq!(ask("/change", None, body).await.0, status(401));
}

#[actix_web::test]
async fn who_asks_is_judged_before_what_is_asked() {
    for body in ["{}", "nonsense", ""] {
        assert_eq!(ask("/change", Some("Bearer nonsense"), Some(body)).await.0, status(401), "{body:?}");
        assert_eq!(ask("/change", Some("Bearer user"), Some(body)).await.0, status(403), "{body:?}");
        assert_eq!(ask("/change", Some("Bearer admin"), Some(body)).await.0, status(400), "{body:?}");
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_not_a_bad_token() {
    let answer = ask("/me", Some("Bearer down"), None).await;
    assert_eq!(answer, (status(503), "Error in connecting to host database".to_owned()));
}
