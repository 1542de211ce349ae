//! Ends what the runner's own connection does, from beside it.

use mysql_async::prelude::Queryable;
use std::time::Duration;
use tokio::time::timeout;

use super::{Lock, named};
use crate::{MigrateError, session};

/// For a second connection to be made and to say it.
const WITHIN: Duration = Duration::from_secs(5);

/// What is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// The statement that it runs.
    Statement,
    /// The whole connection.
    Connection,
}

impl Lock {
    /// Ends what this connection does, if it has the lock. On a server that is not its own, such as another node of a
    /// cluster, the same number belongs to somebody else; there it does nothing.
    pub(crate) async fn interrupt(&self, connection: u32, what: Interruption) -> Result<(), MigrateError> {
        let interrupted = async {
            let mut conn = session::connect(self.opts.clone(), WITHIN).await?;
            if named::holder_of(&mut conn, &self.name).await? == Some(connection.into()) {
                let what = if what == Interruption::Statement { "QUERY" } else { "CONNECTION" };
                conn.query_drop(format!("KILL {what} {connection}")).await?;
            }
            session::close(conn).await;
            Ok(())
        };
        timeout(WITHIN, interrupted).await.unwrap_or(Err(MigrateError::ConnectTimeout(WITHIN)))
    }
}
