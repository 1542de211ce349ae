//! A database for each test, and what others keep in it.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases = TestDatabases::from_sql(include_str!("../../schema.sql"));

/// A database with the tables of this crate and nothing in them, and a pool on it. It goes when the first of the two
/// is dropped.
pub(crate) async fn database() -> (TestDatabase, DbPool) {
    let database = DATABASES.take().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap()).unwrap();
    (database, pool)
}

/// Makes a table that is not of this crate, with a row in it that points to a type or a value.
pub(crate) async fn used_elsewhere(pool: &DbPool, type_id: Option<i64>, value_id: Option<i64>) {
    const PAINTS: &str = "
        CREATE TABLE paints (
            type_id INT NULL,
            value_id INT NULL,
            FOREIGN KEY (type_id) REFERENCES lookup_types (id),
            FOREIGN KEY (value_id) REFERENCES lookup_values (id)
        )";
    pool.execute(PAINTS, ()).await.unwrap();
    pool.execute("INSERT INTO paints (type_id, value_id) VALUES (?, ?)", (type_id, value_id)).await.unwrap();
}
