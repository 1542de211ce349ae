//! What nobody waits for any more is stopped on the server, and nothing else is.

use std::time::Duration;

use kseekers_db_pool::{DbError, DbOptions, DbPool, Transaction};
use kseekers_embedded_mysql::{EmbeddedMysql, Options, TestDatabase};
use mysql_async::{Conn, prelude::Queryable};
use tokio::{sync::Mutex, task::JoinSet, time::timeout};

use crate::{
    log::Log,
    proxy::{OnCommit, Proxy},
    support::{ADD, LONG, connection_id, count, database, options, pool_of, until},
};

/// It locks the row and would hold it for longer than anybody waits for a lock.
const ENDLESS: &str = "UPDATE people SET age = SLEEP(60)";
const UPDATE: &str = "UPDATE people SET name = 'new'";
const SHORT: Duration = Duration::from_millis(200);

async fn with_a_row(pool: &DbPool) {
    pool.execute(ADD, ("a", "A")).await.unwrap();
}

#[tokio::test]
async fn a_write_that_takes_too_long_gives_its_locks_back() {
    let db = database().await;
    with_a_row(&pool_of(&db, 1)).await;
    let pool = DbPool::new(options(&db).max_connections(1).statement_timeout(SHORT)).unwrap();
    let result = timeout(LONG, pool.execute(ENDLESS, ())).await.unwrap();
    assert!(matches!(result, Err(DbError::StatementTimeout { .. })), "{result:?}");
    assert_eq!(timeout(LONG, another(&db).execute(UPDATE, ())).await.unwrap(), Ok(1));
}

#[tokio::test]
async fn a_write_that_is_dropped_gives_its_locks_back() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    with_a_row(&pool).await;
    timeout(SHORT, pool.execute(ENDLESS, ())).await.unwrap_err();
    assert_eq!(timeout(LONG, another(&db).execute(UPDATE, ())).await.unwrap(), Ok(1));
    // The lock is free before the answer to KILL is read.
    until("the stop is counted", async || pool.status().stopped == 1).await;
}

#[tokio::test]
async fn a_transaction_that_is_dropped_in_the_middle_of_a_statement_is_undone_at_once() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    with_a_row(&pool).await;
    let work = pool.transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
        tx.execute(ADD, ("b", "B")).await?;
        tx.execute(ENDLESS, ()).await?;
        Ok(())
    });
    timeout(SHORT, work).await.unwrap_err();
    let other = another(&db);
    assert_eq!(timeout(LONG, other.execute(UPDATE, ())).await.unwrap(), Ok(1));
    assert_eq!(count(&other).await, 1);
}

/// Waits for locks longer than a busy machine needs to stop a statement, and far less than an endless one holds them.
fn another(db: &TestDatabase) -> DbPool {
    DbPool::new(options(db).lock_timeout(LONG / 2)).unwrap()
}

#[tokio::test]
async fn who_gives_up_and_comes_back_does_not_run_more_statements_than_there_are_connections() {
    let db = database().await;
    let pool = pool_of(&db, 2);
    for _ in 0..6 {
        let mut connection = pool.acquire().await.unwrap();
        timeout(SHORT, connection.query::<(i32,)>("SELECT SLEEP(60)", ())).await.unwrap_err();
        drop(connection);
        // This takes the place of one that has been stopped, though that may still be on its way out.
        let running = "SELECT COUNT(*) FROM information_schema.processlist \
                       WHERE db = DATABASE() AND info LIKE 'SELECT SLEEP%' AND command <> 'Killed'";
        let (running,): (i64,) = pool.query_one(running, ()).await.unwrap();
        assert!(running <= 1, "{running}");
    }
    until("all is at rest", async || pool.status().in_use == 0).await;
    assert_eq!(pool.status().stopped, 6);
}

#[tokio::test]
async fn nobody_else_is_stopped() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(8)).unwrap();
    let mut workers = JoinSet::new();
    for worker in 0..8 {
        let pool = pool.clone();
        workers.spawn(async move {
            for n in 0..60 {
                if (n + worker) % 3 == 0 {
                    let micros = Duration::from_micros(n * 50);
                    let _ = timeout(micros, pool.query::<(i32,)>("SELECT SLEEP(60)", ())).await;
                } else {
                    pool.query::<(i32,)>("SELECT SLEEP(0.002)", ()).await.unwrap();
                }
            }
        });
    }
    timeout(LONG * 3, workers.join_all()).await.unwrap();
    assert!(pool.status().stopped > 0, "{:?}", pool.status());
}

#[tokio::test]
async fn a_commit_that_is_dropped_comes_to_its_end() {
    let server = server().await;
    let pool = DbPool::new(DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "")).unwrap();
    let mut admin = connect(&server).await;
    admin.query_drop("CREATE DATABASE shop; CREATE TABLE shop.t (n INT) ENGINE = InnoDB").await.unwrap();
    let lock = Mutex::new(admin);
    let work = pool.transaction(async |tx: &mut Transaction| {
        tx.execute("INSERT INTO shop.t VALUES (1)", ()).await?;
        // No COMMIT gets through while this is held.
        lock.lock().await.query_drop("FLUSH TABLES WITH READ LOCK").await.unwrap();
        Ok::<_, DbError>(())
    });
    let mut other = connect(&server).await;
    let waits = "SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'COMMIT'";
    tokio::select! {
        result = work => panic!("{result:?}"),
        () = until("the COMMIT waits", async || other.query_first(waits).await.unwrap() == Some(1)) => {}
    }
    until("it is given up", async || pool.status().in_use == 0).await;
    let mut admin = lock.into_inner();
    admin.query_drop("UNLOCK TABLES").await.unwrap();
    until("it is committed", async || {
        pool.query_one::<(i64,)>("SELECT COUNT(*) FROM shop.t", ()).await.unwrap().0 == 1
    })
    .await;
}

#[tokio::test]
async fn what_could_not_be_stopped_is_told_to_the_log() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    let options = proxy.options(&db).max_connections(1).connect_timeout(SHORT * 10);
    let pool = DbPool::new(options).unwrap();
    let mut connection = pool.acquire().await.unwrap();
    proxy.swallow_all(true);
    timeout(SHORT, connection.execute(ENDLESS, ())).await.unwrap_err();
    drop(connection);
    until("it is given up", async || pool.status().in_use == 0).await;
    let lines = log.lines_with("could not stop statements that nobody waits for");
    assert!(matches!(lines.as_slice(), [line] if line.contains(" WARN ")), "{}", log.text());
}

#[tokio::test]
async fn one_that_cannot_be_stopped_is_no_reason_to_let_the_next_go_on() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    let pool = DbPool::new(proxy.options(&db).max_connections(2)).unwrap();
    let (mut one, mut other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    let sleep = "SELECT SLEEP(60)";
    let both = async { tokio::join!(one.query::<(i32,)>(sleep, ()), other.query::<(i32,)>(sleep, ())) };
    timeout(SHORT, both).await.unwrap_err();
    proxy.refuse_one_kill();
    drop((one, other));
    until("both have been seen to", async || pool.status().in_use == 0).await;
    let lines = log.lines_with("could not stop statements that nobody waits for");
    assert!(matches!(lines.as_slice(), [line] if line.contains(" statements=1")), "{}", log.text());
    assert_eq!(pool.status().stopped, 1);
}

#[tokio::test]
async fn a_connection_given_up_between_two_rows_is_closed_at_once() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::Swallow).await;
    let pool = DbPool::new(proxy.options(&db).connect_timeout(SHORT * 5)).unwrap();
    let mut connection = pool.acquire().await.unwrap();
    // The first row is large enough for the server to send it before it has the second.
    let slow = "SELECT REPEAT('x', 100000) UNION ALL SELECT SLEEP(60)";
    timeout(SHORT * 2, connection.query::<(String,)>(slow, ())).await.unwrap_err();
    // So that no KILL ends it.
    proxy.swallow_all(true);
    drop(connection);
    until("no socket is left", async || proxy.open() == 0).await;
}

#[tokio::test]
async fn the_same_number_on_another_server_is_left_alone_and_the_log_told() {
    let (log, _guard) = Log::start();
    let (one, other) = (server().await, server().await);
    let proxy = Proxy::start(one.port(), OnCommit::Swallow).await;
    // Both count alike; this one is to be ahead.
    for _ in 0..30 {
        connect(&one).await.disconnect().await.unwrap();
    }
    let options = DbOptions::new("127.0.0.1", proxy.port(), "root", "".into(), "");
    let pool = DbPool::new(options.max_connections(1)).unwrap();
    let id = connection_id(&pool).await;
    let mut bystander = connect(&other).await;
    while u64::from(bystander.id()) < id {
        bystander = connect(&other).await;
    }
    assert_eq!(u64::from(bystander.id()), id);

    proxy.lead_to(other.port());
    timeout(SHORT, pool.query::<(i32,)>("SELECT SLEEP(60)", ())).await.unwrap_err();
    until("the pool has given it up", async || pool.status().in_use == 0).await;
    bystander.query_drop("SELECT 1").await.unwrap();
    assert_eq!(pool.status().stopped, 0);
    let lines = log.lines_with("a statement that nobody waits for is not stopped");
    assert!(matches!(lines.as_slice(), [line] if line.contains(" WARN ")), "{}", log.text());
}

#[tokio::test]
async fn a_server_is_another_one_after_each_start() {
    let server = server().await;
    let mut names = Vec::new();
    for _ in 0..3 {
        let told = connect(&server).await.query_first::<String, _>("SELECT RIGHT(UUID(), 17)").await;
        names.push(told.unwrap().unwrap());
        server.kill().await.unwrap();
        server.restart().await.unwrap();
    }
    // They are drawn at random, and two may be alike once in a while.
    names.dedup();
    assert!(names.len() > 1, "{names:?}");
}

async fn server() -> EmbeddedMysql {
    EmbeddedMysql::start(Options::default()).await.unwrap()
}

async fn connect(server: &EmbeddedMysql) -> Conn {
    Conn::new(server.opts()).await.unwrap()
}
