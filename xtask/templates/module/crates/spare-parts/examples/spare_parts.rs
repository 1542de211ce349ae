//! Adds a few spare parts and reads a page of them.
//!
//! `cargo run -p kseekers-spare-parts --example spare_parts --features mysql [mysql://user:password@host:port/database]`
//!
//! A database that is given must have the table of `schema.sql`; without one a private server is started.
#![allow(clippy::print_stdout, reason = "it is what the example is for")]

use std::{env, error::Error, time::Duration};

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::TestDatabases;
use kseekers_envelope::input::{Input, PageQuery};
use kseekers_spare_parts::{NewSparePart, SparePartService};

/// With as much of the parent's table as a key needs.
static DATABASES: TestDatabases = TestDatabases::from_sql(concat!(
    "CREATE TABLE car_models (id INT NOT NULL PRIMARY KEY);",
    include_str!("../schema.sql")
));

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1) {
        Some(url) => add_and_read(&url).await,
        None => add_and_read(&DATABASES.take().await.url()).await,
    }
}

async fn add_and_read(url: &str) -> Result<(), Box<dyn Error>> {
    let pool = DbPool::new(DbOptions::from_url(url)?)?;
    let service = SparePartService::on_mysql(&pool);
    for name in ["First", "Second", "Third"] {
        let json = format!(r#"{{"name": "{name}"}}"#);
        let created = service.create(&NewSparePart::from_json(json.as_bytes())?).await?;
        println!("{name} is number {}", created.id);
    }
    let page = service.page(&PageQuery::from_json(br#"{"page_size": 2}"#)?).await?;
    println!("{} of {}:", page.spare_parts.len(), page.total);
    for found in page.spare_parts {
        println!("  {}", found.name);
    }
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
