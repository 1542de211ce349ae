//! The signs of life of a runner on a cluster.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, params};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Holder;
use crate::{MigrateError, session};

/// So that one or two may be lost.
const BEATS_IN_A_LEASE: u32 = 10;

/// Between two of them.
pub(super) fn pause(lease: Duration) -> Duration {
    lease / BEATS_IN_A_LEASE
}

/// Where and for whom they are given.
pub(super) struct Beats {
    pub(super) opts: Opts,
    pub(super) table: String,
    pub(super) token: String,
    pub(super) node: String,
    /// That of the runner, which is another one than ours.
    pub(super) connection: u64,
    pub(super) lease: Duration,
}

/// Ends with this value.
pub(super) struct Heartbeat {
    /// When the last one was sent that has reached the cluster; `None` if somebody else has the lock.
    last: watch::Receiver<Option<Instant>>,
    lease: Duration,
    _task: JoinSet<()>,
}

impl Heartbeat {
    /// `taken`: when the lock was taken, which is the first sign of life.
    pub(super) fn start(beats: Beats, conn: Conn, taken: Instant) -> Self {
        let (reached, last) = watch::channel(Some(taken));
        let lease = beats.lease;
        let mut task = JoinSet::new();
        task.spawn(beats.give(conn, reached));
        Self { last, lease, _task: task }
    }

    /// From a sign of life on nobody takes the lock over for a lease. One that is half as old is late. It is waited for,
    /// since a change of a table makes all writes of a cluster wait, this one too, and only the next one tells that the lock
    /// is still ours.
    pub(super) async fn in_time(&self) -> Result<(), MigrateError> {
        let late = self.lease / 2;
        let mut last = self.last.clone();
        let in_time = last.wait_for(|last| last.is_none_or(|sent| sent.elapsed() < late));
        match timeout(late, in_time).await {
            Ok(Ok(last)) if last.is_some() => Ok(()),
            Ok(_) => Err(MigrateError::LockLost),
            Err(_) => Err(MigrateError::HeartbeatLate { lease: self.lease }),
        }
    }
}

impl Beats {
    async fn give(self, conn: Conn, reached: watch::Sender<Option<Instant>>) {
        let mut conn = Some(conn);
        loop {
            sleep(pause(self.lease)).await;
            let sent = Instant::now();
            match timeout(self.lease / 2, self.one(&mut conn)).await {
                Ok(Ok(true)) => {
                    reached.send_replace(Some(sent));
                }
                Ok(Ok(false)) => {
                    reached.send_replace(None);
                    return;
                }
                // Perhaps another connection gets through.
                Ok(Err(_)) | Err(_) => conn = None,
            }
        }
    }

    /// Whether the lock is still ours.
    async fn one(&self, conn: &mut Option<Conn>) -> Result<bool, MigrateError> {
        let conn = match conn {
            Some(conn) => conn,
            None => conn.insert(session::connect(self.opts.clone(), self.lease / 2).await?),
        };
        let node: Option<String> = conn.query_first("SELECT @@GLOBAL.wsrep_node_name").await?;
        // In front of a cluster may be something that sends each connection to another node.
        let holder = match node.as_ref() == Some(&self.node) {
            true => Holder::of_connection(conn, self.connection).await?,
            false => Holder::default(),
        };
        let sql = format!(
            "UPDATE {} SET number = number + 1, host = COALESCE(:host, host), seconds = :seconds, statement = :statement \
             WHERE part = 'heartbeat' AND token = :token",
            self.table
        );
        let Holder { host, age, statement, .. } = holder;
        let seconds = age.map(|age| age.as_secs());
        conn.exec_drop(sql, params! { host, seconds, statement, "token" => &self.token }).await?;
        Ok(conn.affected_rows() == 1)
    }
}
