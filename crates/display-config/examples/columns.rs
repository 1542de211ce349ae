//! Prints the columns of all grids.
//!
//! `cargo run -p kseekers-display-config --example columns --features mysql [mysql://user:password@host:port/database]`
//!
//! Without a URL a private server is started, with one small grid in it.
#![allow(clippy::print_stdout, reason = "it is what the example is for")]

use std::{env, error::Error, sync::Arc, time::Duration};

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_display_config::{DisplayConfigService, GridFilter, MySqlDisplayConfigs};
use kseekers_embedded_mysql::TestDatabases;

static DATABASES: TestDatabases = TestDatabases::from_sql(concat!(
    include_str!("../schema.sql"),
    "INSERT INTO grid_metadata (gridName, gridNameId) VALUES ('Orders', 'orders_grid');
     INSERT INTO result_display_config (gridNameId, displayId, title, width, sortIndex)
     VALUES ('orders_grid', 'total', 'Total', 120, 2), ('orders_grid', 'number', 'Number', 80, 1);"
));

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1) {
        Some(url) => columns(&url).await,
        None => columns(&DATABASES.take().await.url()).await,
    }
}

async fn columns(url: &str) -> Result<(), Box<dyn Error>> {
    let pool = DbPool::new(DbOptions::from_url(url)?)?;
    let grids = DisplayConfigService::new(Arc::new(MySqlDisplayConfigs::new(pool.clone())));

    for grid in grids.grids(&GridFilter { name: None, is_active: None }).await? {
        println!("{}", grid.grid_name);
        for column in grids.configs_of(&grid.grid_name_id).await? {
            let width = column.width.map_or_else(|| "any width".to_owned(), |width| format!("{width} px"));
            println!("  {:<20}{width}", column.title);
        }
    }
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
