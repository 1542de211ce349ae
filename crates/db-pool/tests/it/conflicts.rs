//! Transactions in each other's way.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use kseekers_db_pool::{DbError, DbPool, Transaction};
use kseekers_embedded_mysql::TestDatabase;
use mysql_async::{Conn, prelude::Queryable};
use tokio::{
    sync::{Barrier, Mutex},
    time::timeout,
};

use crate::{
    proxy::{OnCommit, Proxy},
    support::{ADD, LONG, count, database, options, pool_of},
};

const OLDER: &str = "UPDATE people SET age = COALESCE(age, 0) + 1 WHERE email = ?";
const LOCK_NOW: &str = "SELECT id FROM people FOR UPDATE NOWAIT";

/// An error type that has forgotten what the database said.
#[derive(Debug, PartialEq)]
struct Failed;

impl From<DbError> for Failed {
    fn from(_: DbError) -> Self {
        Self
    }
}

#[tokio::test]
async fn two_transactions_made_to_deadlock_both_commit() {
    let db = database().await;
    let pool = &pool_of(&db, 2);
    pool.execute_many(ADD, [("1", "-"), ("2", "-")]).await.unwrap();
    let (meet, calls) = (&Barrier::new(2), &AtomicU32::new(0));
    let cross = async |first: &'static str, second: &'static str| {
        pool.transaction(async |tx: &mut Transaction| -> Result<(), Failed> {
            let call = calls.fetch_add(1, Relaxed);
            tx.execute(OLDER, (first,)).await?;
            if call < 2 {
                meet.wait().await;
            }
            tx.execute(OLDER, (second,)).await?;
            Ok(())
        })
        .await
    };
    let both = timeout(LONG, async { tokio::join!(cross("1", "2"), cross("2", "1")) }).await.unwrap();
    assert_eq!(both, (Ok(()), Ok(())));
    assert_eq!(calls.load(Relaxed), 3);
    let ages: Vec<(u8,)> = pool.query("SELECT age FROM people", ()).await.unwrap();
    assert_eq!(ages, [(2,), (2,)]);
}

/// Somebody else who holds all rows.
async fn holder(db: &TestDatabase) -> Conn {
    let mut holder = Conn::new(db.opts()).await.unwrap();
    holder.query_drop("INSERT INTO people (email) VALUES ('held')").await.unwrap();
    // Rows that exist, and not the place for new ones.
    holder.query_drop("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.unwrap();
    holder.query_drop("START TRANSACTION").await.unwrap();
    holder.query_drop("UPDATE people SET age = 1").await.unwrap();
    holder
}

#[tokio::test]
async fn who_waited_too_long_for_a_lock_starts_from_the_beginning() {
    let db = database().await;
    let pool = DbPool::new(options(&db).lock_timeout(Duration::from_secs(1))).unwrap();
    let holder = Mutex::new(holder(&db).await);
    let work = pool.transaction(async |tx: &mut Transaction| {
        // The first time it has to be undone, or the second would find it.
        tx.execute(ADD, ("late", "-")).await?;
        let older = tx.execute(OLDER, ("held",)).await;
        if older == Err(DbError::LockWait) {
            holder.lock().await.query_drop("COMMIT").await.unwrap();
        }
        older
    });
    assert_eq!(timeout(LONG, work).await.unwrap(), Ok(1));
    let ages: Vec<(Option<u8>,)> = pool.query("SELECT age FROM people ORDER BY id", ()).await.unwrap();
    assert_eq!(ages, [(Some(2),), (None,)]);
}

#[tokio::test]
async fn a_conflict_that_does_not_end_is_given_up_after_so_many_attempts() {
    let db = database().await;
    let _holder = holder(&db).await;
    for attempts in [1, 3] {
        let pool = DbPool::new(options(&db).transaction_attempts(attempts)).unwrap();
        let calls = AtomicU32::new(0);
        let result = pool
            .transaction(async |tx: &mut Transaction| {
                calls.fetch_add(1, Relaxed);
                tx.execute(LOCK_NOW, ()).await
            })
            .await;
        assert_eq!((result, calls.into_inner()), (Err(DbError::LockWait), attempts));
    }
}

#[tokio::test]
async fn what_fails_for_another_reason_is_not_repeated() {
    let db = database().await;
    let _holder = holder(&db).await;
    let pool = pool_of(&db, 1);
    let calls = AtomicU32::new(0);
    let result = pool
        .transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
            calls.fetch_add(1, Relaxed);
            assert_eq!(tx.execute(LOCK_NOW, ()).await, Err(DbError::LockWait));
            // It goes on without the lock, and then stumbles over something else.
            tx.execute(ADD, ("new", "-")).await?;
            Err(DbError::NotFound)
        })
        .await;
    assert_eq!((result, calls.into_inner()), (Err(DbError::NotFound), 1));
    assert_eq!(count(&pool).await, 1);
}

#[tokio::test]
async fn a_deadlock_at_commit_is_tried_again() {
    let db = database().await;
    let proxy = Proxy::start(db.port(), OnCommit::DeadlockOnce).await;
    let pool = DbPool::new(proxy.options(&db).max_connections(1)).unwrap();
    let calls = AtomicU32::new(0);
    let work = pool.transaction(async |tx: &mut Transaction| {
        calls.fetch_add(1, Relaxed);
        tx.execute(ADD, ("a", "A")).await
    });
    assert_eq!(timeout(LONG, work).await.unwrap(), Ok(1));
    assert_eq!(calls.load(Relaxed), 2);
    assert_eq!(count(&pool).await, 1);
}
