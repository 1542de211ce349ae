//! Waiting for a database that is still starting.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{DriverError, Error, IoError, Opts};
use tokio::time::{sleep, timeout};

use crate::{MigrateError, session};

const PAUSE: Duration = Duration::from_millis(250);
/// Longer than a server that runs needs to answer; one that swallows an attempt shall get another.
const ATTEMPT: Duration = Duration::from_secs(5);

/// What servers say while they start, stop, or have no place for one more: too many connections (1040), a Galera node
/// that has not joined yet (1047), a shutdown (1053).
const NOT_YET: [u16; 3] = [1040, 1047, 1053];

/// Waits until the database that the options name answers a query. `watch` is told each time why it does not yet.
///
/// # Errors
/// What waiting does not mend is told at once, such as a wrong password or an unknown database
/// ([`MigrateError::Connect`]). [`MigrateError::StillStarting`] when the time is over.
pub async fn wait(
    opts: impl Into<Opts>,
    within: Duration,
    watch: &mut (dyn FnMut(&MigrateError) + Send),
) -> Result<(), MigrateError> {
    let opts = opts.into();
    let begun = Instant::now();
    loop {
        let left = within.saturating_sub(begun.elapsed()).max(PAUSE);
        let Err(error) = ask(opts.clone(), left.min(ATTEMPT)).await else { return Ok(()) };
        if !may_pass(&error) {
            return Err(error);
        }
        if begun.elapsed() + PAUSE >= within {
            return Err(MigrateError::StillStarting { within, last: Box::new(error) });
        }
        watch(&error);
        sleep(PAUSE).await;
    }
}

async fn ask(opts: Opts, within: Duration) -> Result<(), MigrateError> {
    let mut conn = session::connect(opts, within).await?;
    let answer = timeout(within, conn.query_drop("SELECT 1")).await;
    session::close(conn).await;
    match answer {
        Ok(answer) => answer.map_err(MigrateError::Connect),
        Err(_) => Err(MigrateError::ConnectTimeout(within)),
    }
}

fn may_pass(error: &MigrateError) -> bool {
    match error {
        MigrateError::ConnectTimeout(_) => true,
        MigrateError::Connect(Error::Io(IoError::Io(_)) | Error::Driver(DriverError::ConnectionClosed)) => {
            true
        }
        MigrateError::Connect(Error::Server(error)) => NOT_YET.contains(&error.code),
        _ => false,
    }
}
