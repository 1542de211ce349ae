use std::{
    future::pending,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use kseekers_db_pool::{DbError, DbPool, Transaction};

use crate::{
    proxy::{OnCommit, Proxy},
    support::{ADD, LONG, connection_id, count, database, options, pool_of},
};

#[derive(Debug, PartialEq, thiserror::Error)]
enum SignUpError {
    #[error("too many")]
    TooMany,
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A trait as domain crates have it: its futures must be `Send`, and the methods borrow what they are given.
#[async_trait]
trait Store: Send + Sync {
    async fn sign_up(&self, name: &str, emails: &[String]) -> Result<u64, SignUpError>;
}

#[async_trait]
impl Store for DbPool {
    async fn sign_up(&self, name: &str, emails: &[String]) -> Result<u64, SignUpError> {
        let short = name.chars().take(10).collect::<String>();
        self.transaction(async |tx: &mut Transaction| {
            let mut last = 0;
            for email in emails {
                last = add(tx, email, &short).await?;
            }
            match tx.query_one::<(i64,)>("SELECT COUNT(*) FROM people WHERE name = ?", (name,)).await? {
                (0..=2,) => Ok(last),
                _ => Err(SignUpError::TooMany),
            }
        })
        .await
    }
}

async fn add(tx: &mut Transaction, email: &str, name: &str) -> Result<u64, DbError> {
    tx.insert(ADD, (email, name)).await
}

fn emails(some: &[&str]) -> Vec<String> {
    some.iter().map(|&email| email.to_owned()).collect()
}

#[tokio::test]
async fn a_transaction_borrows_its_surroundings_in_an_async_trait() {
    let db = database().await;
    let store: std::sync::Arc<dyn Store> = std::sync::Arc::new(pool_of(&db, 1));
    let task = tokio::spawn({
        let store = store.clone();
        async move { store.sign_up("Ada", &emails(&["a", "b"])).await }
    });
    assert!(task.await.unwrap().unwrap() > 0);
}

#[tokio::test]
async fn an_error_rolls_back_and_comes_out_as_the_caller_s_own() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let connection = connection_id(&pool).await;
    pool.sign_up("Ada", &emails(&["a", "b"])).await.unwrap();
    assert_eq!(pool.sign_up("Ada", &emails(&["c"])).await, Err(SignUpError::TooMany));
    let duplicate = DbError::Duplicate { key: "people_email".into() };
    assert_eq!(pool.sign_up("Bob", &emails(&["d", "a"])).await, Err(SignUpError::Db(duplicate)));
    assert_eq!(count(&pool).await, 2);
    assert_eq!(connection_id(&pool).await, connection, "a rollback does not cost the connection");
}

#[tokio::test]
async fn a_panic_inside_rolls_back() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
                tx.execute(ADD, ("a", "A")).await?;
                panic!("a mistake in the closure");
            })
            .await
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(count(&pool).await, 0);
    assert_eq!(pool.status().in_use, 0);
}

#[tokio::test]
async fn a_dropped_future_leaves_no_open_transaction() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let connection = connection_id(&pool).await;
    let (written, is_written) = tokio::sync::oneshot::channel();
    let task = tokio::spawn({
        let pool = pool.clone();
        let written = std::sync::Mutex::new(Some(written));
        async move {
            pool.transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
                tx.execute(ADD, ("a", "A")).await?;
                written.lock().unwrap().take().unwrap().send(()).unwrap();
                pending().await
            })
            .await
        }
    });
    is_written.await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    // The one connection is free only after its transaction has ended, so the write is gone and blocks nobody.
    assert_eq!(count(&pool).await, 0);
    assert_eq!(connection_id(&pool).await, connection);
    pool.execute(ADD, ("a", "A")).await.unwrap();
}

#[tokio::test]
async fn a_transaction_begun_by_hand_does_not_leak_into_the_next_use() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let mut connection = pool.acquire().await.unwrap();
    // Not every server can prepare START TRANSACTION; this has the same effect.
    if connection.execute("START TRANSACTION", ()).await.is_ok() {
        connection.execute(ADD, ("a", "A")).await.unwrap();
        drop(connection);
        assert_eq!(count(&pool).await, 0);
    }
}

#[tokio::test]
async fn a_commit_that_is_cut_off_is_reported_as_unknown_and_not_repeated() {
    for (on_commit, rows) in [(OnCommit::Swallow, 0), (OnCommit::ForwardAndCut, 1)] {
        let db = database().await;
        let proxy = Proxy::start(db.port(), on_commit).await;
        let pool = DbPool::new(proxy.options(&db)).unwrap();
        let calls = AtomicU32::new(0);
        let work = pool.transaction(async |tx: &mut Transaction| {
            calls.fetch_add(1, Ordering::Relaxed);
            tx.execute(ADD, ("a", "A")).await
        });
        let result = tokio::time::timeout(LONG, work).await.unwrap();
        assert_eq!((result, calls.into_inner()), (Err(DbError::OutcomeUnknown), 1));
        let direct = pool_of(&db, 1);
        crate::support::until("the server has decided", async || count(&direct).await == rows).await;
    }
}

#[tokio::test]
async fn what_cannot_be_begun_does_not_run() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).acquire_timeout(Duration::from_secs(2))).unwrap();
    let held = pool.acquire().await.unwrap();
    let ran = std::sync::atomic::AtomicBool::new(false);
    let result = pool
        .transaction(async |_tx: &mut Transaction| -> Result<(), SignUpError> {
            ran.store(true, std::sync::atomic::Ordering::Relaxed);
            Ok(())
        })
        .await;
    assert!(matches!(result, Err(SignUpError::Db(DbError::Timeout { .. }))));
    assert!(!ran.into_inner());
    drop(held);
}
