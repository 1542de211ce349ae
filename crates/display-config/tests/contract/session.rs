//! What the store on MySQL leaves behind in a session.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_display_config::{DisplayConfigId, DisplayConfigStore, GridId, MySqlDisplayConfigs};
use serde_json::json;

use crate::{input, support::database};

#[tokio::test]
async fn the_store_leaves_the_session_as_it_was() {
    let (database, _) = database().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap().max_connections(1)).unwrap();
    let before = session(&pool).await;
    use_all_of(&MySqlDisplayConfigs::new(pool.clone())).await;
    let mut changed = session(&pool).await;
    changed.retain(|variable| !before.contains(variable));
    assert_eq!(changed, []);
}

/// Calls each method, those that change something also in a way that fails.
async fn use_all_of(store: &MySqlDisplayConfigs) {
    store.configs().await.unwrap();
    store.used_grids().await.unwrap();
    store.grids(&input(json!({}))).await.unwrap();

    let new_grid = input(json!({"gridName": "g", "gridNameId": "g"}));
    let grid = store.create_grid(&new_grid).await.unwrap().id;
    store.create_grid(&new_grid).await.unwrap_err();
    store.update_grid(&input(json!({"id": grid, "gridNameId": "h"}))).await.unwrap();
    store.update_grid(&input(json!({"id": 0}))).await.unwrap_err();
    store.grid("h").await.unwrap();

    let new_config = input(json!({"gridNameId": "h", "displayId": "d", "title": "t", "sortIndex": 1}));
    let config = store.create_config(&new_config).await.unwrap().id;
    store.create_config(&new_config).await.unwrap_err();
    store.update_config(&input(json!({"id": config, "title": "u"}))).await.unwrap();
    store.update_config(&input(json!({"id": 0}))).await.unwrap_err();
    store.configs_of("h").await.unwrap();
    store.config(config).await.unwrap();

    store.delete_config(config).await.unwrap();
    store.delete_config(DisplayConfigId::new(0)).await.unwrap_err();
    store.delete_grid(grid).await.unwrap();
    store.delete_grid(GridId::new(0)).await.unwrap_err();
}

/// Which session the one connection of the pool is, and its variables but for those that tell of the last statement,
/// of the clock or of what all sessions together have written.
async fn session(pool: &DbPool) -> Vec<(String, String)> {
    const VARIABLES: &str = "
        SHOW SESSION VARIABLES WHERE Variable_name NOT IN (
            'error_count', 'gtid_binlog_pos', 'gtid_current_pos', 'identity', 'insert_id', 'last_gtid',
            'last_insert_id', 'rand_seed1', 'rand_seed2', 'statement_id', 'timestamp', 'warning_count')";
    let mut found: Vec<(String, String)> = pool.query(VARIABLES, ()).await.unwrap();
    assert!(found.iter().any(|(name, _)| name == "sql_mode"));
    found.push(pool.query_one("SELECT 'connection', CAST(CONNECTION_ID() AS CHAR)", ()).await.unwrap());
    found
}
