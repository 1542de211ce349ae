//! What the store on MySQL leaves behind in a session.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_spare_parts::{CarModelId, MySqlSpareParts, SparePartId, SparePartStore};
use serde_json::json;

use crate::{input, support::database};

#[tokio::test]
async fn the_store_leaves_the_session_as_it_was() {
    let (database, _) = database().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap().max_connections(1)).unwrap();
    let before = session(&pool).await;
    use_all_of(&MySqlSpareParts::new(pool.clone())).await;
    let mut changed = session(&pool).await;
    changed.retain(|variable| !before.contains(variable));
    assert_eq!(changed, []);
}

/// Calls each method, those that change something also in a way that fails.
async fn use_all_of(store: &MySqlSpareParts) {
    let id = store.create(&input(json!({"name": "name", "car_model_id": 1}))).await.unwrap().id;
    store.create(&input(json!({"name": "name", "car_model_id": 7}))).await.unwrap_err();
    store.update(id, &input(json!({"description": "d"}))).await.unwrap();
    store.update(SparePartId::new(0), &input(json!({}))).await.unwrap_err();
    store.page(&input(json!({}))).await.unwrap();
    store.of_car_model(CarModelId::new(1)).await.unwrap();
    store.get(id).await.unwrap();
    store.deactivate(id).await.unwrap();
    store.deactivate(SparePartId::new(0)).await.unwrap_err();
    store.delete(id).await.unwrap();
    store.delete(SparePartId::new(0)).await.unwrap_err();
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
