//! A client of the routes.

use std::sync::Arc;

use actix_web::{App, http::Method, middleware::from_fn, test, web::Data};
use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller, UserId};
use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::actix::front;
use kseekers_spare_parts::{SparePartService, actix::routes};
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
    fn part(&self, name: &str) -> &Value {
        &self.1["result"][name]
    }

    /// The payload of an answer with this status and message.
    #[track_caller]
    pub(crate) fn good(self, http: u16, message: &str) -> Value {
        assert_eq!((self.0, self.part("message")), (http, &json!(message)), "{self:?}");
        assert_eq!(self.part("errorStack"), &json!([]));
        self.part("payload").clone()
    }

    /// An answer without payload, with this status and these lines, of which the first is the message.
    #[track_caller]
    pub(crate) fn bad(self, http: u16, lines: &[&str]) {
        assert_eq!((self.0, self.part("message")), (http, &json!(lines[0])), "{self:?}");
        assert_eq!((self.part("payload"), &self.1["row_count"]), (&json!([]), &json!(0)));
        if http < 500 {
            assert_eq!(self.part("errorStack"), &json!(lines));
        }
    }
}

impl Client {
    /// Asks as this user; nobody if the token is empty.
    pub(crate) async fn ask(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let authenticator: Arc<dyn Authenticator> = Arc::new(Names);
        let app = App::new()
            .app_data(Data::new(SparePartService::on_mysql(&self.pool)))
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
        self.ask("", Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, body: Value) -> Answer {
        self.ask("admin", Method::POST, "/spare-parts", Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("admin", Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("admin", Method::DELETE, path, None).await
    }

    /// A new one, as the answer has it.
    pub(crate) async fn new_one(&self, body: Value) -> Value {
        self.post(body).await.good(201, "Spare part created successfully")
    }
}
