//! Sign-in and dropdowns on axum: `portal mysql://user:password@host:port/database`.
//!
//! The database has the tables of `kseekers_auth::SCHEMA` and `kseekers_lookup::SCHEMA`. Codes appear on the terminal.

mod answer;
mod caller;
mod routes;
mod sender;

use std::{env, error::Error, sync::Arc, time::Duration};

use kseekers_auth::{
    AuthService, AuthSettings, Delivery, DeliverySettings, codes::MySqlCodes, users::MySqlUsers,
};
use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_lookup::{LookupService, MySqlLookups};
use tokio::{net::TcpListener, runtime::Handle};

use crate::sender::Printed;

/// What the handlers work with.
#[derive(Clone)]
struct Portal {
    auth: Arc<AuthService>,
    lookups: LookupService,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: portal mysql://user:password@host:port/database")?;
    let pool = DbPool::new(DbOptions::from_url(&url)?)?;
    let auth = Arc::new(AuthService::new(
        Arc::new(MySqlUsers::new(pool.clone())),
        Arc::new(MySqlCodes::new(pool.clone())),
        Delivery::start(Arc::new(Printed), DeliverySettings::default(), &Handle::current()),
        &"a secret that only this example has".into(),
        AuthSettings::default(),
    )?);
    let lookups = LookupService::new(Arc::new(MySqlLookups::new(pool.clone())));
    let app = routes::routes().with_state(Portal { auth: Arc::clone(&auth), lookups });

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app).into_future() => served?,
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    auth.shutdown(Duration::from_secs(5)).await;
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
