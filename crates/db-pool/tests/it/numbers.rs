//! What the pool counts.

use std::time::Duration;

use kseekers_db_pool::{DbError, DbOptions, DbPool, Transaction};

use crate::{
    proxy::{OnCommit, Proxy},
    support::{ADD, count, database, options, pool_of, until},
};

#[tokio::test]
async fn the_pool_counts_whom_it_served_and_how_long_they_waited() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let held = pool.acquire().await.unwrap();
    let waiter = tokio::spawn({
        let pool = pool.clone();
        async move { pool.acquire().await.map(drop) }
    });
    until("somebody waits", async || pool.status().waiting == 1).await;
    let wait = Duration::from_millis(50);
    tokio::time::sleep(wait).await;
    drop(held);
    waiter.await.unwrap().unwrap();
    let status = pool.status();
    assert_eq!((status.acquired, status.opened, status.failed), (2, 1, 0));
    assert!(status.longest_acquire >= wait && status.longest_acquire < status.acquire_time, "{status:?}");
}

#[tokio::test]
async fn the_pool_counts_whom_it_did_not_serve() {
    let db = database().await;
    let limit = Duration::from_secs(2);
    let pool = DbPool::new(options(&db).max_connections(1).max_waiting(1).acquire_timeout(limit)).unwrap();
    let _held = pool.acquire().await.unwrap();
    let (one, other) = tokio::join!(pool.acquire(), pool.acquire());
    assert!(matches!(one, Err(DbError::Timeout { .. })), "{one:?}");
    assert!(matches!(other, Err(DbError::TooManyWaiting { .. })), "{other:?}");
    let status = pool.status();
    assert_eq!((status.acquired, status.timeouts, status.refused), (1, 1, 1));

    let nowhere = DbPool::new(DbOptions::new("127.0.0.1", 1, "app", "x".into(), "shop")).unwrap();
    nowhere.acquire().await.unwrap_err();
    let status = nowhere.status();
    assert_eq!((status.acquired, status.opened, status.failed), (0, 0, 1));
}

#[tokio::test]
async fn the_pool_counts_transactions_that_it_ran_again() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::DeadlockOnce).await;
    let pool = DbPool::new(proxy.options(&db)).unwrap();
    for (name, retries) in [("a", 1), ("b", 1)] {
        pool.transaction(async |tx: &mut Transaction| tx.execute(ADD, (name, "-")).await).await.unwrap();
        assert_eq!(pool.status().retries, retries);
    }
    assert_eq!(count(&pool).await, 2);
}
