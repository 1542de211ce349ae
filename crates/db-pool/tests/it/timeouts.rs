//! No statement is waited for without end.

use std::time::Duration;

use kseekers_db_pool::{DbError, DbOptions, DbPool, Transaction};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    proxy::{OnCommit, Proxy},
    support::{ADD, LONG, connection_id, count, database, options, pool_of, until},
};

/// Enough for every other statement of these tests, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(1);

/// A SELECT that would go on for minutes. MySQL ends a sleep without an error; that it must stop is seen at the next row.
const ENDLESS: &str = "SELECT SUM(SLEEP(60)) FROM (SELECT 1 UNION ALL SELECT 2) AS two";

fn one_connection(options: DbOptions) -> DbPool {
    DbPool::new(options.max_connections(1).statement_timeout(LIMIT)).unwrap()
}

fn is_too_long<T>(result: &Result<T, DbError>) -> bool {
    matches!(result, Err(DbError::StatementTimeout { after }) if *after >= LIMIT)
}

#[tokio::test]
async fn a_select_that_takes_too_long_is_stopped_by_the_server_and_keeps_its_connection() {
    let db = database().await;
    let pool = one_connection(options(&db));
    let before = connection_id(&pool).await;
    let result = timeout(LONG, pool.query::<(Option<f64>,)>(ENDLESS, ())).await.unwrap();
    assert!(is_too_long(&result), "{result:?}");
    assert_eq!(connection_id(&pool).await, before);
}

#[tokio::test]
async fn a_statement_that_was_stopped_does_not_end_the_transaction_around_it() {
    let db = database().await;
    let pool = one_connection(options(&db));
    let result = pool
        .transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
            tx.execute(ADD, ("a", "A")).await?;
            let stopped = tx.query::<(Option<f64>,)>(ENDLESS, ()).await;
            assert!(is_too_long(&stopped), "{stopped:?}");
            // Outside of a transaction this would stay.
            tx.execute(ADD, ("b", "B")).await?;
            Err(DbError::NotFound)
        })
        .await;
    assert_eq!(result, Err(DbError::NotFound));
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn what_the_server_does_not_stop_is_given_up_with_its_connection() {
    let db = database().await;
    let pool = one_connection(options(&db));
    pool.execute(ADD, ("a", "A")).await.unwrap();
    // MySQL's limit is for SELECT only.
    let result = timeout(LONG, pool.execute("UPDATE people SET age = SLEEP(15)", ())).await.unwrap();
    assert!(is_too_long(&result), "{result:?}");
    assert_eq!(timeout(LONG, count(&pool)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_network_that_swallows_everything_holds_nobody_for_long() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    let pool = DbPool::new(proxy.options(&db).statement_timeout(LIMIT)).unwrap();
    let mut in_use = Vec::new();
    for _ in 0..3 {
        in_use.push(pool.acquire().await.unwrap());
    }
    proxy.swallow_all(true);
    let mut callers = JoinSet::new();
    for mut connection in in_use {
        callers.spawn(async move { connection.query::<(i32,)>("SELECT 1", ()).await });
    }
    for result in timeout(LONG, callers.join_all()).await.unwrap() {
        assert!(is_too_long(&result), "{result:?}");
    }
    until("they are closed", async || (pool.status().in_use, pool.status().idle) == (0, 0)).await;
    proxy.swallow_all(false);
    assert_eq!(timeout(LONG, count(&pool)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_commit_that_is_not_answered_in_time_is_reported_as_unknown() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    let pool = one_connection(proxy.options(&db));
    let proxy = &proxy;
    let work = pool.transaction(async |tx: &mut Transaction| {
        let id = tx.insert(ADD, ("a", "A")).await;
        proxy.swallow_all(true);
        id
    });
    assert_eq!(timeout(LONG, work).await.unwrap(), Err(DbError::OutcomeUnknown));
    let direct = pool_of(&db, 1);
    assert_eq!(count(&direct).await, 0);
}

#[tokio::test]
async fn who_gets_no_connection_by_his_deadline_hears_how_busy_the_pool_is_also_when_his_turn_had_come() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    proxy.swallow_all(true);
    let limit = Duration::from_millis(300);
    let pool = DbPool::new(proxy.options(&db).acquire_timeout(limit)).unwrap();
    let error = timeout(LONG, pool.acquire()).await.unwrap().map(drop).unwrap_err();
    assert_eq!(error, DbError::Timeout { limit, in_use: 1, waiting: 0 });
    assert_eq!((pool.status().timeouts, pool.status().failed), (1, 1));
}
