//! Registering and signing in over HTTP, on a private database that goes away with the example.
//!
//! Run it, then follow what it prints: `cargo run -p kseekers-auth --example sign_in --features actix,mysql`
#![allow(clippy::print_stdout, reason = "it tells its user what to type")]

use std::{error::Error, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, middleware::from_fn, web};
use kseekers_auth::{
    AuthService, AuthSettings, Delivery, DeliverySettings, TerminalSender, actix::routes, codes::MySqlCodes,
    users::MySqlUsers,
};
use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::TestDatabases;
use kseekers_envelope::actix::{front, not_found};
use tokio::runtime::Handle;

static DATABASES: TestDatabases = TestDatabases::from_sql(kseekers_auth::SCHEMA);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = DATABASES.take().await;
    let pool = DbPool::new(DbOptions::new(db.host(), db.port(), db.user(), db.password().into(), db.name()))?;
    let sender = Arc::new(TerminalSender::new());
    let auth = Arc::new(AuthService::new(
        Arc::new(MySqlUsers::new(pool.clone())),
        Arc::new(MySqlCodes::new(pool.clone())),
        Delivery::start(sender, DeliverySettings::default(), &Handle::current()),
        &"a secret that only this example has".into(),
        AuthSettings::default(),
    )?);

    let service = web::Data::from(Arc::clone(&auth));
    let app = move || {
        App::new()
            .app_data(service.clone())
            .configure(|app| routes().configure(app))
            .default_service(web::to(not_found))
            .wrap(from_fn(front))
    };
    let server = HttpServer::new(app).workers(2).bind(("127.0.0.1", 0))?;
    let url = server.addrs().first().map(|address| format!("http://{address}/auth")).unwrap_or_default();
    println!(
        "In another terminal:\n\
         curl {url}/register --json '{{\"username\":\"ada\",\"email\":\"ada@example.com\"}}'\n\
         curl {url}/otp/request --json '{{\"username_or_email\":\"ada\"}}'\n\
         curl {url}/otp/verify --json '{{\"username_or_email\":\"ada\",\"otp_code\":\"<the code from here>\"}}'\n\
         curl {url}/me -H 'authorization: Bearer <the token>'\n\
         Ctrl-C ends it."
    );
    server.run().await?;
    auth.shutdown(Duration::from_secs(5)).await;
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
