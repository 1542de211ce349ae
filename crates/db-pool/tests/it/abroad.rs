//! Connections in the runtimes of those who use them.

use std::{thread, time::Duration};

use kseekers_db_pool::{Connection, DbPool};
use tokio::runtime::Builder;

use crate::support::{connection_id, database, options};

const GRACE: Duration = Duration::from_secs(10);

/// Runs it in a runtime that ends then, as a worker's does when the server stops.
async fn in_a_worker<T: Send + 'static>(
    pool: &DbPool,
    work: impl AsyncFnOnce(DbPool) -> T + Send + 'static,
) -> T {
    let pool = pool.clone();
    let worker = move || Builder::new_current_thread().enable_all().build().unwrap().block_on(work(pool));
    tokio::task::spawn_blocking(worker).await.unwrap()
}

#[tokio::test]
async fn a_connection_opened_abroad_ends_with_its_runtime_and_the_pool_goes_on() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).open_abroad(true)).unwrap();
    let abroad = in_a_worker(&pool, async |pool| connection_id(&pool).await).await;
    // One statement may meet the broken connection.
    let _ = pool.query_one::<(i64,)>("SELECT 1", ()).await;
    assert_ne!(connection_id(&pool).await, abroad);
}

#[tokio::test]
async fn after_coming_home_no_statement_notices_that_a_worker_ends() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(4).open_abroad(true)).unwrap();
    let (told, come) = std::sync::mpsc::channel();
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let worker = thread::spawn({
        let pool = pool.clone();
        move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut held: Vec<Connection> = Vec::new();
                while held.len() < 4 {
                    held.push(pool.acquire().await.unwrap());
                }
                drop(held);
                told.send(()).unwrap();
                while gone.try_recv().is_err() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            });
        }
    });
    tokio::task::spawn_blocking(move || come.recv().unwrap()).await.unwrap();
    assert_eq!(pool.status().idle, 4);

    assert!(pool.come_home(GRACE).await);
    assert_eq!(pool.status().idle, 0);
    let slow = tokio::spawn({
        let pool = pool.clone();
        async move { pool.query_one::<(i64,)>("SELECT SLEEP(0.5)", ()).await }
    });
    go.send(()).unwrap();
    tokio::task::spawn_blocking(move || worker.join().unwrap()).await.unwrap();
    slow.await.unwrap().unwrap();
    assert_eq!(pool.status().opened, 5);
}

#[tokio::test]
async fn coming_home_waits_for_who_uses_a_connection_abroad_but_not_for_ever() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).open_abroad(true)).unwrap();
    let stayed = in_a_worker(&pool, async |pool| {
        let held = pool.acquire().await.unwrap();
        let stayed = pool.come_home(Duration::from_millis(50)).await;
        drop(held);
        // What was asked for stands: what comes back is closed.
        (stayed, pool.status().idle, pool.come_home(GRACE).await)
    });
    assert_eq!(stayed.await, (false, 0, true));
}

#[tokio::test]
async fn what_is_opened_in_the_pools_own_runtime_is_at_home() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).open_abroad(true)).unwrap();
    let id = connection_id(&pool).await;
    assert!(pool.come_home(GRACE).await);
    assert_eq!(connection_id(&pool).await, id);
}

#[tokio::test]
async fn who_opens_ahead_in_a_worker_opens_there() {
    let db = database().await;
    let ahead = options(&db).max_connections(2).idle_connections(2).open_abroad(true);
    let pool = DbPool::new(ahead).unwrap();
    in_a_worker(&pool, async |pool| {
        pool.open_ahead();
        while pool.status().idle < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    // They ended with the worker: nobody is left to come home.
    assert!(pool.come_home(GRACE).await);
    assert_eq!(pool.status().idle, 0);
}
