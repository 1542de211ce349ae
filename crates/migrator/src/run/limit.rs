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
/// What a server answers to a statement that was interrupted (1317), or whose connection was ended (1927, 3169).
const INTERRUPTED: u16 = 1317;
const CONNECTION_ENDED: [u16; 2] = [1927, 3169];

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
                Err(_) => stop(lock, connection, limit, query).await,
            }
        };
        match ended {
            None => Err(Failure::Unreachable(index, limit)),
            Some(Ok(())) => self.settle().await.map_err(refused),
            Some(Err(Error::Server(error))) if !is_interruption(error.code) => {
                self.settle().await.map_err(refused)?;
                Err(refused(Error::Server(error)))
            }
            Some(Err(_)) => {
                let _ = self.settle().await;
                Err(Failure::OutOfTime(index, limit))
            }
        }
    }

    /// A KILL that came a moment too late hits whatever is sent next. The answer to what it does not hit also says which
    /// transaction is open.
    async fn settle(&mut self) -> Result<(), Error> {
        loop {
            match self.conn.query_drop("DO 0").await {
                Err(Error::Server(error)) if error.code == INTERRUPTED => {}
                settled => return settled,
            }
        }
    }
}

fn is_interruption(code: u16) -> bool {
    code == INTERRUPTED || CONNECTION_ENDED.contains(&code)
}

/// Interrupts the statement until it has ended. One that goes on has its connection ended; if that does nothing either, the
/// server is out of reach.
async fn stop(
    lock: &Lock,
    connection: u32,
    limit: Duration,
    mut query: Pin<&mut impl Future<Output = Result<(), Error>>>,
) -> Option<Result<(), Error>> {
    // What a statement has done takes about as long to be undone.
    let patience = (limit * 2).clamp(Duration::from_secs(5), Duration::from_secs(300));
    let begun = Instant::now();
    while begun.elapsed() < patience * 2 {
        let what =
            if begun.elapsed() < patience { Interruption::Statement } else { Interruption::Connection };
        // A server that takes no more connections just now may take one in a moment.
        let _ = lock.interrupt(connection, what).await;
        if let Ok(ended) = timeout(ROUND, query.as_mut()).await {
            return Some(ended);
        }
    }
    None
}
