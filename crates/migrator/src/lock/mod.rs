//! One runner at a time.

mod heartbeat;
mod holder;
mod interrupt;
mod named;
mod row;

use std::time::{Duration, Instant};

use mysql_async::{Conn, Error, Opts};

use crate::run::Watcher;
use crate::{MigrateError, Options};
use row::ClusterLock;

pub use holder::Holder;
pub(crate) use interrupt::Interruption;

/// How often somebody who waits is told anew what is in his way, in whole seconds as `GET_LOCK` counts them.
const ROUND: Duration = Duration::from_secs(5);

/// A sum that the server refuses if a condition in it is not 0: whatever the session's modes are, and before the
/// statements that follow in the same round trip.
const TOO_LARGE: &str = "18446744073709551615";
const OUT_OF_RANGE: u16 = 1690;

/// The right to change a database. It is asked for again before each statement, since it can be lost: with the
/// connection, by a file that releases it, by somebody's KILL.
pub(crate) struct Lock {
    /// For a second connection.
    opts: Opts,
    name: String,
    question: String,
    fence: String,
    quiet_fence: String,
    cluster: Option<ClusterLock>,
}

impl Lock {
    /// To be asked before each statement is sent. On a cluster it makes sure that nobody can take the lock over while the
    /// statement is on its way; elsewhere it does nothing, since the lock goes with the connection.
    pub(crate) async fn alive(&self) -> Result<(), MigrateError> {
        match &self.cluster {
            Some(lock) => lock.alive().await,
            None => Ok(()),
        }
    }

    /// SQL to begin a round trip with that writes to the ledger or the journal: if the lock is not ours any more it
    /// fails, and nothing behind it is done. It gives result sets that nobody needs.
    pub(crate) fn fence(&self) -> &str {
        &self.fence
    }

    /// Whether [`Self::fence`] writes, and so must be in one transaction with what is written behind it.
    pub(crate) fn fence_writes(&self) -> bool {
        self.cluster.is_some()
    }

    /// As an expression, what [`Self::fence_that_writes_nothing`] asks.
    pub(crate) fn question(&self) -> &str {
        &self.question
    }

    /// The same for a session that can write nothing now. Of a cluster it asks only our own node; the rest is left to
    /// [`Self::alive`].
    pub(crate) fn fence_that_writes_nothing(&self) -> &str {
        &self.quiet_fence
    }

    /// What an error of a round trip means that began with [`Self::fence`].
    pub(crate) fn explain(&self, error: Error) -> MigrateError {
        match error {
            Error::Server(error) if error.code == OUT_OF_RANGE => MigrateError::LockLost,
            error => MigrateError::Database(error),
        }
    }
}

impl Lock {
    /// Takes the lock, or waits until [`Options::lock_timeout`] is over. `watch` is told who is in the way.
    pub(crate) async fn take(
        conn: &mut Conn,
        opts: &Opts,
        database: &str,
        options: &Options,
        watch: Watcher<'_>,
    ) -> Result<Self, MigrateError> {
        let begun = Instant::now();
        let (name, node) = named::take(conn, database, options.lock_timeout, watch).await?;
        let question = format!("{TOO_LARGE} + (NOT ({}))", named::is_ours(&name));
        let quiet_fence = format!("SELECT {question}");
        let cluster = match node {
            Some(node) => {
                ClusterLock::take(conn, opts, database, options, node, begun, watch).await.map(Some)
            }
            None => Ok(None),
        };
        match cluster {
            Ok(cluster) => {
                let fence = match &cluster {
                    Some(cluster) => format!("{quiet_fence}; {}", cluster.fence()),
                    None => quiet_fence.clone(),
                };
                Ok(Self { opts: opts.clone(), name, question, fence, quiet_fence, cluster })
            }
            Err(error) => {
                // The connection may live on.
                let _ = named::release(conn, &name).await;
                Err(error)
            }
        }
    }

    /// Who has it just now; changes nothing.
    pub(crate) async fn held_by(
        conn: &mut Conn,
        database: &str,
        options: &Options,
    ) -> Result<Option<Holder>, MigrateError> {
        match named::held_by(conn, database).await? {
            None => row::held_by(conn, database, options.lock_lease).await,
            holder => Ok(holder),
        }
    }

    /// Lets the next one in.
    pub(crate) async fn release(self, conn: &mut Conn) -> Result<(), Error> {
        let released = match self.cluster {
            Some(lock) => lock.release(conn).await,
            None => Ok(()),
        };
        named::release(conn, &self.name).await?;
        released
    }
}
