//! A database for each test.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases = TestDatabases::from_sql(include_str!("../../schema.sql"));

/// A database with the table of this crate and nothing in it, and a pool on it. It goes when the first of the two is
/// dropped.
pub(crate) async fn database() -> (TestDatabase, DbPool) {
    let database = DATABASES.take().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap()).unwrap();
    (database, pool)
}
