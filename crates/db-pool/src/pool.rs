//! The handle of a pool.

use std::{fmt, panic::Location, sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::{
    Connection, DbError, DbOptions, PoolStatus, Transaction, TransactionBody, methods::statement_methods,
    shared::Shared, transaction::pause,
};

/// A pool of connections to one database. A clone is another handle of the same pool and costs next to nothing.
///
/// It is made in one tokio runtime, which has to outlive it, and can be used from any number of others: actix runs
/// each worker in a runtime of its own. Whoever waits for a connection is served in the order of arrival.
///
/// Connections live in the runtime where the pool was made, or, with [`open_abroad`](DbOptions::open_abroad), in that of the
/// one for whom they were opened, until [`come_home`](Self::come_home).
#[derive(Clone)]
pub struct DbPool {
    shared: Arc<Shared>,
}

impl DbPool {
    /// Makes a pool; connections are opened when they are needed. Whether the database can be reached shows then.
    ///
    /// All connections live in the runtime that is current here, unless the options say otherwise: make the pool in
    /// the `main` of a server, not in one of its workers.
    ///
    /// # Errors
    /// [`DbError::Options`] if the options cannot be right, or there is no tokio runtime here.
    pub fn new(options: DbOptions) -> Result<Self, DbError> {
        Ok(Self { shared: Shared::new(options)? })
    }

    /// Takes a connection out of the pool, or opens one.
    ///
    /// # Errors
    /// [`DbError::Timeout`] if none becomes free or is opened in time, [`DbError::TooManyWaiting`] if it cannot even wait for one,
    /// [`DbError::Unavailable`] if none can be opened, and
    /// [`DbError::Closed`] after [`close`](Self::close).
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<Connection, DbError>> + Send {
        self.shared.acquire(Location::caller())
    }

    statement_methods!(|self: &Self| let acquiring = self.acquire(); acquiring.await?);

    /// Runs a closure in a transaction: what it returns with `Ok` is committed, with `Err` rolled back.
    ///
    /// If it fails right after a statement that met a deadlock or waited too long for a lock, all is rolled back and
    /// it is called again after a short pause, up to [`transaction_attempts`](DbOptions::transaction_attempts) times
    /// in all; so too if the server reports a deadlock at COMMIT. It is never called again after a COMMIT whose outcome is
    /// not known.
    ///
    /// So the closure must not change what is around it; it may borrow from there. Its error type is the caller's, and
    /// need not tell what happened: the connection knows.
    ///
    /// ```
    /// # use kseekers_db_pool::{DbError, DbPool, Transaction};
    /// #[derive(Debug, thiserror::Error)]
    /// enum TransferError {
    ///     #[error("not enough money")]
    ///     NotEnough,
    ///     #[error(transparent)]
    ///     Db(#[from] DbError),
    /// }
    ///
    /// async fn transfer(pool: &DbPool, from: u32, to: u32, cents: u64) -> Result<(), TransferError> {
    ///     pool.transaction(async |tx: &mut Transaction| {
    ///         let take = "UPDATE accounts SET cents = cents - ? WHERE id = ? AND cents >= ?";
    ///         if tx.execute(take, (cents, from, cents)).await? == 0 {
    ///             return Err(TransferError::NotEnough);
    ///         }
    ///         tx.execute("UPDATE accounts SET cents = cents + ? WHERE id = ?", (cents, to)).await?;
    ///         Ok(())
    ///     })
    ///     .await
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of the closure, of its last call; the failure to get a connection; [`DbError::OutcomeUnknown`] if the
    /// server did not confirm the COMMIT.
    #[track_caller]
    pub fn transaction<T, E, F>(&self, mut work: F) -> impl Future<Output = Result<T, E>>
    where
        F: for<'t> TransactionBody<'t, T, E>,
        E: From<DbError>,
    {
        let acquiring = self.acquire();
        async move {
            let most = self.shared.options.transaction_attempts;
            let mut tx = Transaction::on(acquiring.await?);
            let mut attempts = 1;
            loop {
                match tx.attempt(&mut work).await {
                    Ok(value) => return Ok(value),
                    Err(failed) if !failed.again || attempts >= most => return Err(failed.error),
                    Err(_conflict) => {}
                }
                self.shared.numbers.retries.count();
                tracing::debug!(attempts, "a transaction met a conflict and is run again");
                sleep(pause(attempts)).await;
                attempts += 1;
            }
        }
    }

    /// How busy the pool is at this moment, and what it has counted so far: for a metrics page.
    pub fn status(&self) -> PoolStatus {
        self.shared.status()
    }

    /// Opens connections ahead, in the background, until [`idle_connections`](DbOptions::idle_connections) of them exist,
    /// and sees to it from now on that so many do. With [`open_abroad`](DbOptions::open_abroad) they live in the runtime
    /// that is current here.
    ///
    /// This waits for nothing and cannot fail: while the database is away it is tried again now and then, with a line
    /// in the log each time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), kseekers_db_pool::DbError> {
    /// # use kseekers_db_pool::{DbOptions, DbPool};
    /// # let options = DbOptions::new("127.0.0.1", 3306, "app", "s3cret".into(), "shop");
    /// let pool = DbPool::new(options.idle_connections(5))?;
    /// pool.open_ahead();
    /// # Ok(()) }
    /// ```
    pub fn open_ahead(&self) {
        *self.shared.ahead() = Some(self.shared.here());
        self.shared.call_keeper.notify_one();
    }

    /// Has all connections live in the pool's own runtime from now on: those that were opened in others
    /// ([`open_abroad`](DbOptions::open_abroad)) are closed as soon as nobody uses them, and the pool goes on. For a server
    /// that stops, before the runtimes of its workers end.
    ///
    /// It waits until those are closed, but no longer than `grace`, and says whether they are.
    pub async fn come_home(&self, grace: Duration) -> bool {
        self.shared.come_home(grace).await
    }

    /// Ends the pool, and says how many connections were still in use in the end.
    ///
    /// From the first moment on, who waits for a connection or comes for one gets [`DbError::Closed`], and idle
    /// connections are closed. Those in use are waited for, but no longer than `grace`; one that comes back later is
    /// closed then.
    pub async fn close(&self, grace: Duration) -> usize {
        self.shared.close(grace).await
    }
}

impl fmt::Debug for DbPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbPool").field("status", &self.status()).finish_non_exhaustive()
    }
}
