//! What a pool counts.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

/// How busy a pool is, and what it has counted since it was made. `in_use + idle` connections exist, up to `max`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kseekers_db_pool::DbError> {
/// # use kseekers_db_pool::{DbOptions, DbPool};
/// # let pool = DbPool::new(DbOptions::new("127.0.0.1", 3306, "app", "s3cret".into(), "shop"))?;
/// let status = pool.status();
/// let metrics = format!(
///     "db_connections_in_use {}\ndb_acquire_seconds_sum {}\ndb_acquire_seconds_count {}\n",
///     status.in_use,
///     status.acquire_time.as_secs_f64(),
///     status.acquired,
/// );
/// # assert!(metrics.starts_with("db_connections_in_use 0\ndb_acquire_seconds_sum 0\n"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The limit.
    pub max: usize,
    /// Connections that are held, or just being opened or closed.
    pub in_use: usize,
    /// Connections that are free.
    pub idle: usize,
    /// Callers that wait for one.
    pub waiting: usize,
    /// Callers that got a connection.
    pub acquired: u64,
    /// How long they waited for it, all together; checking and opening it counts.
    pub acquire_time: Duration,
    /// How long the one waited that waited longest.
    pub longest_acquire: Duration,
    /// Callers that got none before their deadline ([`DbError::Timeout`](crate::DbError::Timeout)).
    pub timeouts: u64,
    /// Callers that were not allowed to wait ([`DbError::TooManyWaiting`](crate::DbError::TooManyWaiting)).
    pub refused: u64,
    /// Connections that were opened.
    pub opened: u64,
    /// Attempts to open one that failed.
    pub failed: u64,
    /// Statements that the server was made to stop because nobody waited for them any more.
    pub stopped: u64,
    /// Transactions that were run again after a conflict, each time counted.
    pub retries: u64,
}

/// The counting side of [`PoolStatus`].
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) waiting: AtomicUsize,
    pub(crate) timeouts: Counter,
    pub(crate) refused: Counter,
    pub(crate) opened: Counter,
    pub(crate) failed: Counter,
    pub(crate) stopped: Counter,
    pub(crate) retries: Counter,
    acquired: Counter,
    acquire_nanos: AtomicU64,
    longest_nanos: AtomicU64,
}

/// Each number is right by itself; between two of them nothing is promised, so that counting costs next to nothing.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Numbers {
    pub(crate) fn acquired_after(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.acquired.count();
        self.acquire_nanos.fetch_add(nanos, Relaxed);
        self.longest_nanos.fetch_max(nanos, Relaxed);
    }

    pub(crate) fn status(&self, max: usize, in_use: usize, idle: usize) -> PoolStatus {
        PoolStatus {
            max,
            in_use,
            idle,
            waiting: self.waiting.load(Relaxed),
            acquired: self.acquired.get(),
            acquire_time: Duration::from_nanos(self.acquire_nanos.load(Relaxed)),
            longest_acquire: Duration::from_nanos(self.longest_nanos.load(Relaxed)),
            timeouts: self.timeouts.get(),
            refused: self.refused.get(),
            opened: self.opened.get(),
            failed: self.failed.get(),
            stopped: self.stopped.get(),
            retries: self.retries.get(),
        }
    }
}
