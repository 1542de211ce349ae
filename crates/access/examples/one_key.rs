//! A service that lets one key in.
//!
//! Run it with `cargo run -p kseekers-access --features actix --example one_key`, then try
//! `curl -i localhost:8080/me -H 'Authorization: Bearer open-sesame'`, and the same without the header.

use std::sync::Arc;

use actix_web::{App, HttpServer, middleware::from_fn, web};
use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller, UserId, actix::CurrentUser};
use kseekers_envelope::{
    ApiError,
    actix::{Reply, RouteTable, front, not_found},
};

struct OneKey(&'static str);

#[async_trait]
impl Authenticator for OneKey {
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        if token != self.0 {
            return Err(AccessError::NotAuthenticated);
        }
        Ok(Caller { user_id: UserId::new(1), username: "owner".to_owned(), is_admin: true })
    }
}

async fn me(CurrentUser(caller): CurrentUser) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(caller.username, "This is you"))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let authenticator: Arc<dyn Authenticator> = Arc::new(OneKey("open-sesame"));
    let routes = RouteTable::new("Me").get("/me", "Who am I", me);
    let app = move || {
        App::new()
            .app_data(web::Data::from(authenticator.clone()))
            .configure(|app| routes.configure(app))
            .default_service(web::to(not_found))
            .wrap(from_fn(front))
    };
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
}
