//! A database with three grids for each test.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases =
    TestDatabases::from_sql(concat!(include_str!("../../schema.sql"), include_str!("grids.sql")));

/// A database with the grids of `grids.sql`, and a pool on it. It goes when the first of the two is dropped.
pub(crate) async fn database() -> (TestDatabase, DbPool) {
    let database = DATABASES.take().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap()).unwrap();
    (database, pool)
}

/// Makes a table that is not of this crate, with a row in it that points to a grid or a column.
pub(crate) async fn used_elsewhere(pool: &DbPool, grid_name_id: Option<&str>, config_id: Option<i64>) {
    const VIEWS: &str = "
        CREATE TABLE saved_views (
            grid_name_id VARCHAR(50) NULL,
            config_id INT NULL,
            FOREIGN KEY (grid_name_id) REFERENCES grid_metadata (gridNameId),
            FOREIGN KEY (config_id) REFERENCES result_display_config (id)
        ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";
    pool.execute(VIEWS, ()).await.unwrap();
    let insert = "INSERT INTO saved_views (grid_name_id, config_id) VALUES (?, ?)";
    pool.execute(insert, (grid_name_id, config_id)).await.unwrap();
}
