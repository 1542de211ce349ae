//! A client of the routes.

use std::sync::Arc;

use actix_web::{
    App,
    middleware::from_fn,
    test::{self, TestRequest},
    web::Data,
};
use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller, UserId};
use kseekers_db_pool::DbPool;
use kseekers_display_config::{DisplayConfigService, MySqlDisplayConfigs, actix::routes};
use kseekers_envelope::actix::front;
use serde_json::{Value, json};

/// The token is the name of the user; `admin` is an administrator.
struct Names;

#[async_trait]
impl Authenticator for Names {
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        let known = ["admin", "user"].contains(&token);
        let caller =
            Caller { user_id: UserId::new(1), username: token.to_owned(), is_admin: token == "admin" };
        known.then_some(caller).ok_or(AccessError::NotAuthenticated)
    }
}

/// HTTP status and body.
pub(crate) struct Answer(u16, Value);

impl Answer {
    /// The payload of a good answer with this message, and its row count.
    #[track_caller]
    pub(crate) fn good(&self, message: &str) -> (&Value, &Value) {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["message"]), (200, &json!(message)), "{}", self.1);
        (&result["payload"], &self.1["row_count"])
    }

    /// The record that was created.
    #[track_caller]
    pub(crate) fn created(&self, message: &str) -> &Value {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["message"]), (201, &json!(message)), "{}", self.1);
        assert_eq!((&self.1["status"], &self.1["row_count"]), (&json!("created"), &json!(1)));
        &result["payload"]
    }

    /// The lines of a bad answer with this status, the first of which is its message.
    #[track_caller]
    pub(crate) fn bad(&self, http: u16) -> &Value {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["payload"]), (http, &json!([])), "{}", self.1);
        assert_eq!(result["message"], result["errorStack"][0]);
        &result["errorStack"]
    }

    /// The one line that tells what is there already.
    #[track_caller]
    pub(crate) fn conflict(&self) -> &Value {
        let result = &self.1["result"];
        assert_eq!((self.0, &result["message"]), (409, &json!("Name already exist")), "{}", self.1);
        assert_eq!(result["errorStack"].as_array().unwrap().len(), 1);
        &result["errorStack"][0]
    }
}

async fn ask(pool: &DbPool, request: TestRequest) -> Answer {
    let grids = DisplayConfigService::new(Arc::new(MySqlDisplayConfigs::new(pool.clone())));
    let authenticator: Arc<dyn Authenticator> = Arc::new(Names);
    let app = App::new()
        .app_data(Data::new(grids))
        .app_data(Data::from(authenticator))
        .configure(|app| routes().configure(app))
        .wrap(from_fn(front));
    let app = test::init_service(app).await;
    let response = test::call_service(&app, request.to_request()).await;
    Answer(response.status().as_u16(), test::read_body_json(response).await)
}

pub(crate) async fn get(pool: &DbPool, path: &str) -> Answer {
    ask(pool, TestRequest::get().uri(path)).await
}

pub(crate) async fn post(pool: &DbPool, path: &str, body: &Value) -> Answer {
    ask(pool, TestRequest::post().uri(path).set_json(body)).await
}

pub(crate) async fn post_as(token: &str, pool: &DbPool, path: &str, body: &Value) -> Answer {
    let bearer = ("Authorization", format!("Bearer {token}"));
    ask(pool, TestRequest::post().uri(path).insert_header(bearer).set_json(body)).await
}

pub(crate) async fn admin(pool: &DbPool, path: &str, body: &Value) -> Answer {
    post_as("admin", pool, path, body).await
}

/// `json` without its times, which must be such as clients expect.
#[track_caller]
pub(crate) fn timeless(mut json: Value) -> Value {
    for key in ["created_at", "updated_at"] {
        let time = json.as_object_mut().unwrap().remove(key).unwrap();
        let time = time.as_str().unwrap();
        assert!(
            time.len() == "2026-11-20T12:00:00Z".len() && time.starts_with("20") && time.ends_with('Z'),
            "{time}"
        );
    }
    json
}
