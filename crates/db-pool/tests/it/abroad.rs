//! Connections in the runtimes of those who use them.

use std::{thread, time::Duration};

use kseekers_db_pool::{Connection, DbError, DbPool};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    time::timeout,
};

use crate::{
    proxy::{OnCommit, Proxy},
    support::{CONNECTION, LONG, connection_id, database, options, until},
};

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

/// A runtime in which something was done, and that nobody drives afterwards.
async fn standing_still<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> (Runtime, T) {
    let made = tokio::task::spawn_blocking(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let result = runtime.block_on(work);
        (runtime, result)
    });
    made.await.unwrap()
}

async fn id_of(connection: &mut Connection) -> u64 {
    connection.query_one::<(u64,)>(CONNECTION, ()).await.unwrap().0
}

#[tokio::test]
async fn who_waits_gets_a_connection_of_his_own_runtime_first_then_one_at_home() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(2).open_abroad(true)).unwrap();
    let home = Handle::current();
    in_a_worker(&pool, async move |pool| {
        let of_home = |pool: &DbPool| {
            home.spawn({
                let pool = pool.clone();
                async move { pool.acquire().await.unwrap() }
            })
        };
        let mut abroad = pool.acquire().await.unwrap();
        let mut at_home = of_home(&pool).await.unwrap();
        let ids = (id_of(&mut abroad).await, id_of(&mut at_home).await);
        // The other one was used last, each time.
        drop(abroad);
        drop(at_home);
        assert_eq!(connection_id(&pool).await, ids.0);
        let mut at_home = of_home(&pool).await.unwrap();
        assert_eq!(id_of(&mut at_home).await, ids.1);
        drop(at_home);
        connection_id(&pool).await;
        in_a_worker(&pool, async move |pool| assert_eq!(connection_id(&pool).await, ids.1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_stands_still_costs_its_own_connection_only() {
    let db = database().await;
    let pool =
        DbPool::new(options(&db).max_connections(2).check_after(Duration::ZERO).open_abroad(true)).unwrap();
    let mut at_home = pool.acquire().await.unwrap();
    let id = id_of(&mut at_home).await;
    let (worker, abroad) = standing_still({
        let pool = pool.clone();
        async move { connection_id(&pool).await }
    })
    .await;
    // Now the other one is the only one there is.
    assert_ne!(timeout(LONG, connection_id(&pool)).await.unwrap(), abroad);
    drop(at_home);
    assert_eq!(connection_id(&pool).await, id);
    worker.shutdown_background();
}

#[tokio::test]
async fn where_a_worker_stands_still_connections_are_opened_ahead_at_home() {
    let db = database().await;
    let ahead = options(&db).max_connections(2).idle_connections(2).open_abroad(true);
    let pool = DbPool::new(ahead.connect_timeout(Duration::from_secs(1))).unwrap();
    let (worker, ()) = standing_still({
        let pool = pool.clone();
        async move { pool.open_ahead() }
    })
    .await;
    until("two are there", async || pool.status().idle == 2).await;
    connection_id(&pool).await;
    worker.shutdown_background();
}

#[tokio::test]
async fn a_pool_whose_own_runtime_stands_still_keeps_its_deadline() {
    let db = database().await;
    let limit = Duration::from_millis(200);
    let options = options(&db).acquire_timeout(limit);
    let (home, pool) = standing_still(async move { DbPool::new(options).unwrap() }).await;
    let error = timeout(LONG, pool.acquire()).await.unwrap().map(drop).unwrap_err();
    assert_eq!(error, DbError::Timeout { limit, in_use: 1, waiting: 0 });
    home.shutdown_background();
}

#[tokio::test]
async fn after_an_attempt_that_was_refused_connections_are_still_opened_ahead_in_the_worker() {
    let db = database().await;
    let proxy = Proxy::start(1, OnCommit::Swallow).await;
    let ahead = proxy.options(&db).idle_connections(1).open_abroad(true);
    // It looks after them often.
    let pool = DbPool::new(ahead.held_warning(Duration::from_millis(1))).unwrap();
    let port = db.port();
    in_a_worker(&pool, async move |pool| {
        pool.open_ahead();
        until("an attempt has failed", async || pool.status().failed > 0).await;
        proxy.lead_to(port);
        until("one is there", async || pool.status().idle == 1).await;
        let id = connection_id(&pool).await;
        assert!(pool.come_home(GRACE).await);
        assert_ne!(connection_id(&pool).await, id);
    })
    .await;
}

#[tokio::test]
async fn coming_home_is_not_over_before_the_connections_are_closed() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).open_abroad(true)).unwrap();
    in_a_worker(&pool, async |pool| connection_id(&pool).await).await;
    // In a runtime with a single thread nothing else happens meanwhile.
    let at_once = tokio::select! {
        biased;
        home = pool.come_home(GRACE) => home,
        () = async {} => false,
    };
    assert!(!at_once);
    assert!(pool.come_home(GRACE).await);
}
