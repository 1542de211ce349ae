//! One runner at a time.

mod holder;
mod named;

use std::time::Duration;

use mysql_async::{Conn, Error, Opts};

use crate::run::Watcher;
use crate::{MigrateError, Options};

pub use holder::Holder;
pub(crate) use holder::beginning;

/// How often somebody who waits is told anew what is in his way, in whole seconds as `GET_LOCK` counts them.
const ROUND: Duration = Duration::from_secs(5);

/// A sum that the server refuses if a condition in it is not 0: whatever the session's modes are, and before the
/// statements that follow in the same round trip.
const TOO_LARGE: &str = "18446744073709551615";
const OUT_OF_RANGE: u16 = 1690;

/// The right to change a database. It is asked for again before each statement, since it can be lost: with the
/// connection, by a file that releases it, by somebody's KILL.
#[derive(Debug)]
pub(crate) struct Lock {
    name: String,
    fence: String,
}

impl Lock {
    /// SQL to begin a round trip with that writes to the ledger or the journal: if the lock is not ours any more it
    /// fails, and nothing behind it is done. It gives result sets that nobody needs.
    pub(crate) fn fence(&self) -> &str {
        &self.fence
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
        _opts: &Opts,
        database: &str,
        options: &Options,
        watch: Watcher<'_>,
    ) -> Result<Self, MigrateError> {
        let name = named::take(conn, database, options.lock_timeout, watch).await?;
        let fence = format!("SELECT {TOO_LARGE} + (NOT ({}))", named::is_ours(&name));
        Ok(Self { name, fence })
    }

    /// Who has it just now; changes nothing.
    pub(crate) async fn held_by(conn: &mut Conn, database: &str) -> Result<Option<Holder>, MigrateError> {
        named::held_by(conn, database).await
    }

    /// Lets the next one in.
    pub(crate) async fn release(self, conn: &mut Conn) -> Result<(), Error> {
        named::release(conn, &self.name).await
    }
}
