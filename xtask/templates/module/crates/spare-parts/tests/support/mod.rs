//! A database for each test, and what others keep in it.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

/// With the numbers 1 and 2 of `car_models`: no more of it is known to this crate.
static DATABASES: TestDatabases = TestDatabases::from_sql(concat!(
    "CREATE TABLE car_models (id INT NOT NULL PRIMARY KEY); INSERT INTO car_models (id) VALUES (1), (2);",
    include_str!("../../schema.sql")
));

/// A database with no spare parts, and a pool on it. It goes when the first of the two is dropped.
pub(crate) async fn database() -> (TestDatabase, DbPool) {
    let database = DATABASES.take().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap()).unwrap();
    (database, pool)
}

/// Makes a table that is not of this crate, with a row in it that points to a spare part.
pub(crate) async fn used_elsewhere(pool: &DbPool, id: i32) {
    const USES: &str = "CREATE TABLE uses (id INT NOT NULL, FOREIGN KEY (id) REFERENCES spare_parts (id))";
    pool.execute(USES, ()).await.unwrap();
    pool.execute("INSERT INTO uses (id) VALUES (?)", (id,)).await.unwrap();
}
