//! Makes a dropdown and reads it.
//!
//! `cargo run -p kseekers-lookup --example dropdown --features mysql [mysql://user:password@host:port/database]`
//!
//! A database that is given must have the tables of `schema.sql`; without one a private server is started.
#![allow(clippy::print_stdout, reason = "it is what the example is for")]

use std::{env, error::Error, sync::Arc, time::Duration};

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::TestDatabases;
use kseekers_envelope::input::Input;
use kseekers_lookup::{
    LookupError, LookupService, LookupValuesQuery, MySqlLookups, NewLookupType, NewLookupValue, SCHEMA,
};

static DATABASES: TestDatabases = TestDatabases::from_sql(SCHEMA);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1) {
        Some(url) => dropdown(&url).await,
        None => dropdown(&DATABASES.take().await.url()).await,
    }
}

async fn dropdown(url: &str) -> Result<(), Box<dyn Error>> {
    let pool = DbPool::new(DbOptions::from_url(url)?)?;
    let lookups = LookupService::new(Arc::new(MySqlLookups::new(pool.clone())));

    let colours = match lookups.create_type(&NewLookupType::from_json(br#"{"name": "colours"}"#)?).await {
        Err(LookupError::TypeExists) => lookups.type_named("colours").await?,
        created => created?,
    };
    for (place, colour) in ["Red", "Green", "Blue"].into_iter().enumerate() {
        let code = colour.to_lowercase();
        let json = format!(
            r#"{{"lookup_type_id": {}, "code": "{code}", "value": "{colour}", "sort_order": {place}}}"#,
            colours.id
        );
        match lookups.create_value(&NewLookupValue::from_json(json.as_bytes())?).await {
            Err(LookupError::ValueExists) => println!("{colour} was there already"),
            created => println!("{colour} is number {}", created?.id),
        }
    }

    let query = LookupValuesQuery::from_json(br#"{"type": "Colours"}"#)?;
    for choice in lookups.values(&query, None).await? {
        println!(r#"<option value="{}">{}</option>"#, choice.code, choice.value);
    }
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
