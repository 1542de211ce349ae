//! A client of the routes.

use std::sync::Arc;

use actix_web::{App, http::Method, middleware::from_fn, test, web::Data};
use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller, UserId};
use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::actix::front;
use kseekers_lookup::{LookupService, MySqlLookups, actix::routes};
use serde_json::{Value, json};

use crate::support::database;

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

/// A client of a service on a database of its own.
pub(crate) struct Client {
    pub(crate) pool: DbPool,
    _database: TestDatabase,
}

pub(crate) async fn client() -> Client {
    let (database, pool) = database().await;
    Client { pool, _database: database }
}

/// What came back: HTTP status and body.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Value);

impl Answer {
    pub(crate) fn payload(&self) -> &Value {
        &self.1["result"]["payload"]
    }

    pub(crate) fn message(&self) -> &str {
        self.1["result"]["message"].as_str().unwrap()
    }

    pub(crate) fn stack(&self) -> &Value {
        &self.1["result"]["errorStack"]
    }

    /// The payload of an answer with this status and message.
    #[track_caller]
    pub(crate) fn good(self, http: u16, message: &str) -> Value {
        assert_eq!((self.0, self.message()), (http, message), "{self:?}");
        assert_eq!(*self.stack(), json!([]));
        self.payload().clone()
    }

    /// An answer without payload, with this status and message.
    #[track_caller]
    pub(crate) fn bad(self, http: u16, message: &str) {
        assert_eq!((self.0, self.message()), (http, message), "{self:?}");
        assert_eq!((self.payload(), &self.1["row_count"]), (&json!([]), &json!(0)));
    }
}

impl Client {
    async fn ask(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
        let lookups = LookupService::new(Arc::new(MySqlLookups::new(self.pool.clone())));
        let authenticator: Arc<dyn Authenticator> = Arc::new(Names);
        let app = App::new()
            .app_data(Data::new(lookups))
            .app_data(Data::from(authenticator))
            .configure(|app| routes().configure(app))
            .wrap(from_fn(front));
        let app = test::init_service(app).await;
        let mut request = test::TestRequest::with_uri(path).method(method);
        if !token.is_empty() {
            request = request.insert_header(("Authorization", format!("Bearer {token}")));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        let response = test::call_service(&app, request.to_request()).await;
        Answer(response.status().as_u16(), test::read_body_json(response).await)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, "", None).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.ask(Method::GET, path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, "", Some(body)).await
    }

    pub(crate) async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, token, Some(body)).await
    }

    pub(crate) async fn admin(&self, path: &str, body: Value) -> Answer {
        self.post_as("admin", path, body).await
    }

    /// The number of a new type.
    pub(crate) async fn new_type(&self, name: &str) -> i64 {
        let created = self.admin("/lookup/types", json!({ "name": name })).await;
        created.good(201, "Lookup type created successfully")["id"].as_i64().unwrap()
    }

    /// The one type that there is.
    pub(crate) async fn only_type(&self) -> Value {
        let all = self.get("/lookup/types").await;
        assert_eq!(all.1["row_count"], 1);
        all.payload()[0].clone()
    }

    /// The number of a new value.
    pub(crate) async fn new_value(&self, body: Value) -> i64 {
        let created = self.admin("/lookup/values/create", body).await;
        created.good(201, "Lookup value created successfully")["id"].as_i64().unwrap()
    }
}

/// `json` without `created_at`, which must be a time as clients expect it.
#[track_caller]
pub(crate) fn timeless(mut json: Value) -> Value {
    let time = json.as_object_mut().unwrap().remove("created_at").unwrap();
    let time = time.as_str().unwrap();
    assert!(
        time.len() == "2026-11-20T12:00:00Z".len() && time.starts_with("20") && time.ends_with('Z'),
        "{time}"
    );
    json
}
