//! What the store on MySQL leaves behind in a session.

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_lookup::{LookupStore, LookupTypeId, LookupValueId, MySqlLookups};
use serde_json::json;

use crate::{input, support::database};

#[tokio::test]
async fn the_store_leaves_the_session_as_it_was() {
    let (database, _) = database().await;
    let pool = DbPool::new(DbOptions::from_url(&database.url()).unwrap().max_connections(1)).unwrap();
    let before = session(&pool).await;
    use_all_of(&MySqlLookups::new(pool.clone())).await;
    let mut changed = session(&pool).await;
    changed.retain(|variable| !before.contains(variable));
    assert_eq!(changed, []);
}

/// Calls each method, those that change something also in a way that fails.
async fn use_all_of(store: &MySqlLookups) {
    let new_type = input(json!({"name": "t"}));
    let t = store.create_type(&new_type).await.unwrap().id;
    store.create_type(&new_type).await.unwrap_err();
    store.update_type(&input(json!({"type_id": t, "description": "d"}))).await.unwrap();
    store.update_type(&input(json!({"type_id": 0}))).await.unwrap_err();
    store.put_type(&input(json!({"name": "t"}))).await.unwrap();
    store.types().await.unwrap();
    store.type_named("t").await.unwrap();

    let new_value = input(json!({"lookup_type_id": t, "code": "c", "value": "v"}));
    let value = store.create_value(&new_value).await.unwrap().id;
    store.create_value(&new_value).await.unwrap_err();
    store.update_value(&input(json!({"value_id": value, "is_active": false}))).await.unwrap();
    store.update_value(&input(json!({"value_id": 0}))).await.unwrap_err();
    store.values("t", true).await.unwrap();
    store.value(value).await.unwrap();

    store.delete_value(value).await.unwrap();
    store.delete_value(LookupValueId::new(0)).await.unwrap_err();
    store.delete_type(t).await.unwrap();
    store.delete_type(LookupTypeId::new(0)).await.unwrap_err();
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
