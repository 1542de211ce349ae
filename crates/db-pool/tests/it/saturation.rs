//! Ten thousand callers against a pool that has nothing to give.

use std::time::{Duration, Instant};

use kseekers_db_pool::{Connection, DbError, DbPool};
use kseekers_embedded_mysql::TestDatabase;
use tokio::task::JoinSet;

use crate::support::{LONG, count, database, options, until};

const CALLERS: usize = 10_000;
const CONNECTIONS: usize = 4;
const LIMIT: Duration = Duration::from_secs(2);
/// The promise is less; this much a busy machine may be late.
const LATE: Duration = Duration::from_millis(250);

async fn saturated(db: &TestDatabase, limit: Duration) -> (DbPool, Vec<Connection>) {
    let pool = DbPool::new(options(db).max_connections(CONNECTIONS).acquire_timeout(limit)).unwrap();
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(pool.acquire().await.unwrap());
    }
    (pool, held)
}

/// Nothing is left of the callers, here and on the server.
async fn as_before(pool: &DbPool, held: Vec<Connection>) {
    let status = pool.status();
    assert_eq!((status.in_use, status.idle, status.waiting), (CONNECTIONS, 0, 0));
    drop(held);
    let status = pool.status();
    assert_eq!((status.in_use, status.idle, status.waiting), (0, CONNECTIONS, 0));
    let of_this_pool = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
    assert_eq!(pool.query_one::<(usize,)>(of_this_pool, ()).await.unwrap().0, CONNECTIONS);
    let mut callers = JoinSet::new();
    for _ in 0..10 * CONNECTIONS {
        let pool = pool.clone();
        callers.spawn(async move { count(&pool).await });
    }
    assert_eq!(callers.join_all().await, [0; 10 * CONNECTIONS]);
    assert_eq!(pool.status().opened, CONNECTIONS as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_ten_thousand_callers_fails_at_its_deadline_and_says_how_busy_the_pool_was() {
    let db = database().await;
    let (pool, held) = saturated(&db, LIMIT).await;
    // A machine that is busy with other things wakes the callers of one round late, but not those of each.
    let mut latest = Duration::MAX;
    for round in 1..=3 {
        latest = latest.min(all_fail(&pool).await);
        assert_eq!(pool.status().timeouts, round * CALLERS as u64);
        if latest <= LIMIT + LATE {
            break;
        }
    }
    assert!(latest <= LIMIT + LATE, "{latest:?}");
    as_before(&pool, held).await;
}

/// How long the last caller of one round was kept.
async fn all_fail(pool: &DbPool) -> Duration {
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let pool = pool.clone();
        callers.spawn(async move {
            let start = Instant::now();
            (pool.acquire().await.map(drop), start.elapsed())
        });
    }
    let (mut most_waiting, mut latest) = (0, Duration::ZERO);
    for (result, took) in callers.join_all().await {
        let Err(DbError::Timeout { limit: LIMIT, in_use: CONNECTIONS, waiting }) = result else {
            panic!("{result:?}");
        };
        assert!((1..=CALLERS).contains(&waiting), "{waiting}");
        most_waiting = most_waiting.max(waiting);
        assert!(took >= LIMIT, "{took:?}");
        latest = latest.max(took);
    }
    assert!(most_waiting > CALLERS / 2, "{most_waiting}");
    latest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_callers_that_give_up_leave_nothing_behind() {
    let db = database().await;
    let (pool, held) = saturated(&db, LONG * 10).await;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let pool = pool.clone();
        callers.spawn(async move { pool.acquire().await.map(drop) });
    }
    until("all wait", async || pool.status().waiting == CALLERS).await;
    callers.shutdown().await;
    as_before(&pool, held).await;
}
