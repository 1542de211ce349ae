//! Statements that take place together or not at all.

use std::{fmt, time::Duration};

use crate::{Connection, DbError, jitter::random_fraction, methods::statement_methods};

/// The longest pause before the second attempt; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// An open transaction, inside [`DbPool::transaction`](crate::DbPool::transaction).
///
/// Dropped before its end, by a panic or because nobody waits for the request any more, it is rolled back.
/// Statements that commit by themselves (`CREATE TABLE` and its like) have no place in it.
///
/// After [`DbError::Deadlock`] the server has rolled back everything: each further statement then gives the same
/// error instead of being committed on its own.
pub struct Transaction {
    connection: Connection,
}

impl Transaction {
    pub(crate) fn on(connection: Connection) -> Self {
        Self { connection }
    }

    statement_methods!(|self: &mut Self| let connection = &mut self.connection; connection);

    /// Runs `work` once, between START TRANSACTION and COMMIT or ROLLBACK.
    pub(crate) async fn attempt<T, E, F>(&mut self, work: &mut F) -> Result<T, Failed<E>>
    where
        F: for<'t> TransactionBody<'t, T, E>,
        E: From<DbError>,
    {
        let settled = |error: DbError| Failed { error: error.into(), again: false };
        self.connection.control("START TRANSACTION").await.map_err(settled)?;
        let failed = match work(self).await {
            Ok(value) => match self.connection.commit().await {
                Ok(()) => return Ok(value),
                // Only this answer says for certain that nothing was committed and that it was nobody's mistake.
                Err(error) => Failed { again: error == DbError::Deadlock, error: error.into() },
            },
            Err(error) => {
                // Whatever the closure has made of the answer, the session still knows it.
                let again = self.connection.met_conflict();
                // Waiting too long for a lock leaves the transaction open.
                self.connection.roll_back().await;
                Failed { error, again }
            }
        };
        Err(Failed { again: failed.again && !self.connection.is_lost(), ..failed })
    }
}

/// Why an attempt failed, and whether another may fare better.
pub(crate) struct Failed<E> {
    pub(crate) error: E,
    pub(crate) again: bool,
}

/// How long to wait after so many attempts: at random, or those that collided would meet again.
pub(crate) fn pause(attempts: u32) -> Duration {
    let longest = FIRST_PAUSE * (1 << attempts.saturating_sub(1).min(6));
    longest.mul_f64(random_fraction())
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("connection", &self.connection).finish()
    }
}

/// What [`DbPool::transaction`](crate::DbPool::transaction) runs: any
/// `async |tx: &mut Transaction| -> Result<T, E> { … }` that changes nothing around it, since it may run again.
///
/// The plain bound would be `AsyncFnMut(&mut Transaction) -> Result<T, E>`, but with that the compiler cannot see
/// that the future is `Send`: a transaction could not be used in a method of an `#[async_trait]`, nor in a spawned
/// task. This trait says it, and every such closure has it without further words.
pub trait TransactionBody<'t, T, E>:
    FnMut(&'t mut Transaction) -> <Self as TransactionBody<'t, T, E>>::Future
{
    /// What the closure returns.
    type Future: Future<Output = Result<T, E>> + Send;
}

impl<'t, T, E, F, R> TransactionBody<'t, T, E> for F
where
    F: FnMut(&'t mut Transaction) -> R,
    R: Future<Output = Result<T, E>> + Send,
{
    type Future = R;
}
