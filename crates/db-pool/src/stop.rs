//! Having the server stop what nobody waits for any more.
//!
//! A server that has begun with a statement does not look whether its client is still there: it goes on and holds its
//! locks. MariaDB has a limit for every statement, MySQL for `SELECT` only, and neither knows of a future that was dropped.
//! So another connection tells it.

use std::time::Duration;

use mysql_async::{Conn, Error, Opts, Row, prelude::Queryable};
use tokio::{
    runtime::Handle,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::{numbers::Numbers, shared::Permit};

/// Which server this is, as long as it runs: the part of a version 1 UUID that is not time. It has the address of the
/// machine, and a random number that each start of a server draws anew.
pub(crate) const SERVER: &str = "RIGHT(UUID(), 17)";

/// There is no connection with that number: it has ended already.
const NO_SUCH_THREAD: u16 = 1094;

/// A connection as another one can name it.
///
/// Its number alone could be somebody else's: servers count from 1 after each start, and behind one address there may be
/// several. On one server, while it runs, a number comes back after 4,294,967,296 connections.
#[derive(Debug)]
pub(crate) struct Target {
    server: String,
    id: u32,
}

impl Target {
    /// `None` behind a proxy that shares connections among its clients: there the server's number is not one's own.
    pub(crate) fn new(conn: &Conn, id: u64, server: String) -> Option<Self> {
        (u64::from(conn.id()) == id).then(|| Self { server, id: conn.id() })
    }
}

/// A connection that has been closed in the middle of a statement.
struct Abandoned {
    target: Target,
    /// Its place in the pool stays taken until the server knows. Otherwise those who give up and come back would keep it
    /// busy with more statements than the pool has connections.
    permit: Permit,
}

/// The way to the task that stops statements.
pub(crate) struct Stopper(UnboundedSender<Abandoned>);

impl Stopper {
    /// The task has one connection at most, and only while there is something to stop. A round of its work ends after
    /// `patience`.
    pub(crate) fn start(runtime: &Handle, opts: Opts, patience: Duration) -> Self {
        let (sender, queue) = unbounded_channel();
        runtime.spawn(work(queue, opts, patience));
        Self(sender)
    }

    /// Stops the statement of a connection that has been closed in the middle of it.
    pub(crate) fn stop(&self, target: Option<Target>, permit: Permit) {
        match target {
            // That fails only when the runtime of the pool has ended, and with it all that could be done.
            Some(target) => drop(self.0.send(Abandoned { target, permit })),
            None => tracing::debug!("a statement that nobody waits for cannot be stopped through this proxy"),
        }
    }
}

async fn work(mut queue: UnboundedReceiver<Abandoned>, opts: Opts, patience: Duration) {
    while let Some(first) = queue.recv().await {
        let mut abandoned = vec![first];
        while let Ok(next) = queue.try_recv() {
            abandoned.push(next);
        }
        let result = timeout(patience, stop(opts.clone(), &mut abandoned)).await;
        let cause = match result {
            _ if abandoned.is_empty() => continue,
            // Only the Debug form of a driver's error carries values.
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(())) | Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(
            %cause,
            statements = abandoned.len(),
            "could not stop statements that nobody waits for: the server may go on with them and hold their locks"
        );
    }
}

/// Leaves those that could not be stopped, with the last reason.
async fn stop(opts: Opts, abandoned: &mut Vec<Abandoned>) -> mysql_async::Result<()> {
    let mut spare = Conn::new(opts).await?;
    let told: Option<Row> = spare.query_first(format!("SELECT {SERVER}")).await?;
    let server: Option<String> = told.and_then(|row| row.get_opt(0)?.ok());
    let mut result = Ok(());
    let mut next = 0;
    while let Some(Abandoned { target, permit }) = abandoned.get(next) {
        match kill(&mut spare, target, server.as_deref(), &permit.shared().numbers).await {
            Ok(()) => drop(abandoned.swap_remove(next)),
            Err(error) => {
                result = Err(error);
                next += 1;
            }
        }
    }
    // All is done by then.
    let _ = spare.disconnect().await;
    result
}

/// KILL, and not KILL QUERY: a statement that is still on its way to the server would begin after the latter.
async fn kill(
    spare: &mut Conn,
    target: &Target,
    server: Option<&str>,
    numbers: &Numbers,
) -> mysql_async::Result<()> {
    if server != Some(&*target.server) {
        tracing::warn!(
            "a statement that nobody waits for is not stopped, and may go on: the server has been restarted, is another one, \
             or its clock was set back"
        );
        return Ok(());
    }
    match spare.query_drop(format!("KILL {}", target.id)).await {
        Ok(()) => numbers.stopped.count(),
        Err(Error::Server(error)) if error.code == NO_SUCH_THREAD => {}
        Err(error) => return Err(error),
    }
    Ok(())
}
