//! Statements that take place together or not at all.

use std::fmt;

use crate::{Connection, DbError, methods::statement_methods};

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
    pub(crate) async fn begin(mut connection: Connection) -> Result<Self, DbError> {
        connection.control("START TRANSACTION").await?;
        Ok(Self { connection })
    }

    statement_methods!(|self: &mut Self| Ok::<_, DbError>(&mut self.connection));

    pub(crate) async fn commit(mut self) -> Result<(), DbError> {
        self.connection.commit().await
    }

    pub(crate) async fn roll_back(mut self) {
        self.connection.roll_back().await;
    }
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
