//! Databases and pools for the tests.

use std::time::Duration;

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases = TestDatabases::from_sql(include_str!("schema.sql"));

/// Longer than anything takes on a busy machine, so that only what hangs is noticed.
pub(crate) const LONG: Duration = Duration::from_secs(20);

pub(crate) async fn database() -> TestDatabase {
    DATABASES.take().await
}

pub(crate) fn options(db: &TestDatabase) -> DbOptions {
    DbOptions::new(db.host(), db.port(), db.user(), db.password().into(), db.name()).acquire_timeout(LONG)
}

pub(crate) fn pool_of(db: &TestDatabase, connections: usize) -> DbPool {
    DbPool::new(options(db).max_connections(connections)).unwrap()
}

pub(crate) const ADD: &str = "INSERT INTO people (email, name) VALUES (?, ?)";
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM people";
pub(crate) const CONNECTION: &str = "SELECT CONNECTION_ID()";

pub(crate) async fn count(pool: &DbPool) -> i64 {
    pool.query_one::<(i64,)>(COUNT, ()).await.unwrap().0
}

pub(crate) async fn connection_id(pool: &DbPool) -> u64 {
    pool.query_one::<(u64,)>(CONNECTION, ()).await.unwrap().0
}

/// Waits until something is so, and fails if it never is.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    if tokio::time::timeout(LONG, waiting).await.is_err() {
        panic!("it never came about that {what}");
    }
}
