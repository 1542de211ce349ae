//! What becomes of a session that is no longer used.

use std::{
    collections::VecDeque,
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use mysql_async::Conn;
use tokio::time::{interval, timeout};

use crate::{
    DbError,
    session::Session,
    shared::{Permit, Shared},
};

/// A goodbye to the server may take so long before the socket is closed without one.
const FAREWELL: Duration = Duration::from_secs(1);
/// A rollback behind a dropped transaction may take so long before the connection is closed instead.
const ROLLBACK: Duration = Duration::from_secs(5);

/// Gives a session back, in whatever state its user has left it.
pub(crate) fn put_back(mut session: Session, permit: Permit) {
    if session.busy || session.conn.is_disconnected() {
        retire(session, permit);
    } else if session.in_transaction {
        let runtime = permit.shared().runtime.clone();
        // The permit goes along: whoever gets this connection next finds the transaction ended.
        runtime.spawn(async move {
            match timeout(ROLLBACK, session.roll_back()).await {
                Ok(Ok(())) => keep(session, permit),
                _ => retire(session, permit),
            }
        });
    } else {
        keep(session, permit);
    }
}

fn keep(mut session: Session, permit: Permit) {
    session.idle_since = Instant::now();
    session.rolled_back = false;
    let mut idle = permit.shared().idle();
    if idle.closed || session.generation != idle.generation || session.has_lived_long_enough() {
        drop(idle);
        retire(session, permit);
    } else {
        idle.sessions.push_back(session);
        drop(idle);
        // The permit ends here, after the session can be found.
    }
}

/// Closes a session. Its permit is free when the server has been told.
fn retire(session: Session, permit: Permit) {
    if !session.conn.is_disconnected() {
        let runtime = permit.shared().runtime.clone();
        runtime.spawn(async move {
            // In the middle of an answer a goodbye would first read that to its end.
            let patience = if session.busy { Duration::ZERO } else { FAREWELL };
            say_goodbye(session.conn, patience).await;
            drop(permit);
        });
    }
}

async fn say_goodbye(conn: Conn, patience: Duration) {
    // After an error, or when that takes too long, the socket is closed all the same.
    let _ = timeout(patience, conn.disconnect()).await;
}

impl Shared {
    /// A session of this generation has broken by itself: none that is as old is handed out any more.
    ///
    /// So a restart of the database costs the statements on their way, and not one more for each idle connection.
    pub(crate) fn lost(&self, generation: u64, problem: &DbError) {
        let old = {
            let mut idle = self.idle();
            if idle.generation != generation {
                return;
            }
            idle.generation += 1;
            mem::take(&mut idle.sessions)
        };
        tracing::warn!(error = %problem, idle = old.len(), "lost a database connection; all older ones are replaced");
        self.dismiss(old);
    }

    /// Closes the pool: see [`DbPool::close`](crate::DbPool::close).
    pub(crate) async fn close(&self) {
        let old = {
            let mut idle = self.idle();
            idle.closed = true;
            mem::take(&mut idle.sessions)
        };
        self.permits.close();
        for session in old {
            say_goodbye(session.conn, FAREWELL).await;
        }
        let drained = async {
            loop {
                let told = self.drained.notified();
                if self.in_use() == 0 {
                    break;
                }
                told.await;
            }
        };
        if timeout(self.options.acquire_timeout, drained).await.is_err() {
            tracing::warn!(
                in_use = self.in_use(),
                "closed the connection pool while connections were in use"
            );
        }
    }

    /// Closes sessions that nobody has needed for a while or that have lived long enough, from now until the pool is gone.
    pub(crate) fn trim_now_and_then(self: &Arc<Self>) {
        let shared = Arc::downgrade(self);
        let every = self.options.trim_interval();
        self.runtime.spawn(async move {
            let mut ticks = interval(every);
            loop {
                ticks.tick().await;
                // Only looked at in passing, or the pool would live for ever.
                match shared.upgrade() {
                    Some(shared) => shared.trim(),
                    None => break,
                }
            }
        });
    }

    fn trim(&self) {
        let mut idle = self.idle();
        let (ended, mut others): (VecDeque<_>, VecDeque<_>) =
            mem::take(&mut idle.sessions).into_iter().partition(Session::has_lived_long_enough);
        let superfluous = others.len().saturating_sub(self.options.idle_connections);
        let unused = |session: &&Session| session.idle_since.elapsed() >= self.options.idle_timeout;
        // Those that were unused for longest are in front.
        let count = others.iter().take(superfluous).take_while(unused).count();
        let unused: Vec<Session> = others.drain(..count).collect();
        idle.sessions = others;
        drop(idle);
        self.dismiss(ended.into_iter().chain(unused));
    }

    fn dismiss(&self, sessions: impl IntoIterator<Item = Session> + Send + 'static) {
        let sessions: Vec<Session> = sessions.into_iter().collect();
        if !sessions.is_empty() {
            self.runtime.spawn(async move {
                for session in sessions {
                    say_goodbye(session.conn, FAREWELL).await;
                }
            });
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let idle = mem::take(&mut self.idle().sessions);
        self.dismiss(idle);
    }
}
