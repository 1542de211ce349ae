//! Statements that take longer than they may.

use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use mysql_async::Error;
use mysql_async::prelude::Queryable;
use tokio::time::timeout;

use super::Runner;
use super::failure::Failure;
use crate::lock::{Interruption, Lock};

/// How long a statement that was interrupted is waited for, before it is interrupted again.
const ROUND: Duration = Duration::from_secs(1);
/// For a statement to react to `KILL QUERY`; then its connection is ended.
const PATIENCE: Duration = Duration::from_secs(30);

impl Runner<'_> {
    /// Sends the statement with this index, and stops it when it takes longer than
    /// [`Options::statement_timeout`](crate::Options::statement_timeout).
    pub(super) async fn query(&mut self, index: usize, text: &str) -> Result<(), Failure> {
        let refused = |error| Failure::Statement(index, error);
        let Some(limit) = self.options.statement_timeout.filter(|limit| !limit.is_zero()) else {
            return self.conn.query_drop(text).await.map_err(refused);
        };
        let (lock, connection) = (self.lock, self.conn.id());
        let ended = {
            let mut query = pin!(self.conn.query_drop(text));
            match timeout(limit, query.as_mut()).await {
                Ok(ended) => return ended.map_err(refused),
                Err(_) => stop(lock, connection, query).await,
            }
        };
        // A KILL that came a moment too late would hit the next statement.
        let _ = self.conn.query_drop("DO 0").await;
        ended.map_err(|_| Failure::OutOfTime(index, limit))
    }
}

/// Interrupts the statement until it has ended.
async fn stop(
    lock: &Lock,
    connection: u32,
    mut query: Pin<&mut impl Future<Output = Result<(), Error>>>,
) -> Result<(), Error> {
    let begun = Instant::now();
    loop {
        let what =
            if begun.elapsed() < PATIENCE { Interruption::Statement } else { Interruption::Connection };
        // A server that takes no more connections just now may take one in a moment.
        let _ = lock.interrupt(connection, what).await;
        if let Ok(ended) = timeout(ROUND, query.as_mut()).await {
            return ended;
        }
    }
}
