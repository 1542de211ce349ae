use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use kseekers_db_pool::{Connection, DbError, DbOptions, DbPool, Transaction};
use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use tokio::{task::JoinSet, time::timeout};

use crate::support::LONG;

const ONE: &str = "SELECT 1";

/// A server of its own, since these tests stop it.
async fn server() -> (EmbeddedMysql, DbOptions) {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    let options = DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "").acquire_timeout(LONG);
    (server, options)
}

async fn warm(pool: &DbPool, connections: usize) -> Vec<Connection> {
    let mut held = Vec::new();
    for _ in 0..connections {
        held.push(pool.acquire().await.unwrap());
    }
    held
}

#[tokio::test]
async fn after_a_restart_one_failure_replaces_all_older_connections() {
    let (server, options) = server().await;
    // Without a check before use, so that the failure cannot be avoided.
    let pool = DbPool::new(options.max_connections(6).check_after(LONG * 100)).unwrap();
    let mut in_use = warm(&pool, 2).await;
    drop(warm(&pool, 4).await);
    server.kill().await.unwrap();
    server.restart().await.unwrap();

    let first = pool.query::<(i32,)>(ONE, ()).await;
    assert!(matches!(first, Err(DbError::Unavailable(_))), "{first:?}");
    for _ in 0..10 {
        pool.query::<(i32,)>(ONE, ()).await.unwrap();
    }
    let held = in_use[0].query::<(i32,)>(ONE, ()).await;
    assert!(matches!(held, Err(DbError::Unavailable(_))), "{held:?}");
    let held = in_use[0].query::<(i32,)>(ONE, ()).await;
    assert!(matches!(held, Err(DbError::Unavailable(_))), "{held:?}");
    // The other comes back untouched, and is not handed out again.
    drop(in_use);
    let mut fresh = warm(&pool, 6).await;
    for connection in &mut fresh {
        connection.query::<(i32,)>(ONE, ()).await.unwrap();
    }
}

#[tokio::test]
async fn a_restart_while_nothing_is_asked_fails_nobody() {
    let (server, options) = server().await;
    let pool = DbPool::new(options.check_after(Duration::ZERO)).unwrap();
    drop(warm(&pool, 5).await);
    server.kill().await.unwrap();
    server.restart().await.unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..5 {
        let pool = pool.clone();
        callers.spawn(async move { pool.query::<(i32,)>(ONE, ()).await.map(drop) });
    }
    assert_eq!(callers.join_all().await, [const { Ok(()) }; 5]);
}

#[tokio::test]
async fn under_load_the_pool_recovers_by_itself_when_the_server_is_back() {
    let (server, options) = server().await;
    let pool = DbPool::new(options.max_connections(8)).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let failures = Arc::new(AtomicU32::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..32 {
        let (pool, stop, failures) = (pool.clone(), stop.clone(), failures.clone());
        callers.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                match pool.query::<(i32,)>("SELECT SLEEP(0.001)", ()).await {
                    Ok(_) => {}
                    Err(DbError::Unavailable(_)) => {
                        failures.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(2)).await;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.kill().await.unwrap();
    server.restart().await.unwrap();
    let back = async {
        while pool.query::<(i32,)>(ONE, ()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LONG, back).await.expect("recovered by itself");
    let failed_until_then = failures.load(Ordering::Relaxed);
    assert!(failed_until_then > 0);
    for _ in 0..100 {
        pool.query::<(i32,)>(ONE, ()).await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    callers.join_all().await;
    // Statements that were on their way when it was already back again: at most one for each connection.
    let late = failures.load(Ordering::Relaxed) - failed_until_then;
    assert!(late <= 8, "{late}");
    assert!(pool.status().idle <= 8);
}

#[tokio::test]
async fn a_transaction_cut_off_before_its_commit_is_known_to_have_failed() {
    let (server, options) = server().await;
    let pool = DbPool::new(options).unwrap();
    pool.execute("CREATE DATABASE shop", ()).await.unwrap();
    pool.execute("CREATE TABLE shop.t (n INT) ENGINE = InnoDB", ()).await.unwrap();
    let server = &server;
    let result = pool
        .transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
            tx.execute("INSERT INTO shop.t VALUES (1)", ()).await?;
            server.kill().await.unwrap();
            // Whoever overlooks the failure does not get a commit.
            let cut_off = tx.execute("INSERT INTO shop.t VALUES (2)", ()).await;
            assert!(matches!(cut_off, Err(DbError::Unavailable(_))), "{cut_off:?}");
            Ok(())
        })
        .await;
    assert!(matches!(result, Err(DbError::Unavailable(_))), "{result:?}");
    server.restart().await.unwrap();
    assert_eq!(pool.query_one::<(i64,)>("SELECT COUNT(*) FROM shop.t", ()).await.unwrap().0, 0);
}
