//! What becomes of a session that is no longer used.

use std::{
    collections::VecDeque,
    mem,
    time::{Duration, Instant},
};

use tokio::{task::JoinHandle, time::timeout};

use crate::{
    DbError,
    session::{Pending, Session},
    shared::{Permit, Shared},
};

/// A rollback behind a dropped transaction may take so long before the connection is closed instead.
const ROLLBACK: Duration = Duration::from_secs(5);

/// Gives a session back, in whatever state its user has left it.
pub(crate) fn put_back(mut session: Session, permit: Permit) {
    if session.pending != Pending::Nothing || session.conn.is_disconnected() {
        give_up(session, permit);
    } else if session.in_transaction {
        session.holder.end();
        let runtime = permit.shared().runtime.clone();
        // The permit goes along: whoever gets this connection next finds the transaction ended.
        runtime.spawn(async move {
            match timeout(ROLLBACK, session.roll_back()).await {
                Ok(Ok(())) => keep(session, permit),
                _ => give_up(session, permit),
            }
        });
    } else {
        session.holder.end();
        keep(session, permit);
    }
}

/// Ends a session that is not fit for use any more.
pub(crate) fn give_up(session: Session, permit: Permit) {
    session.holder.end();
    match session.pending {
        Pending::Statement => {
            let shared = permit.shared().clone();
            let runtime = shared.runtime.clone();
            runtime.spawn(async move { shared.stopper.stop(session.close().await, permit) });
        }
        // Its socket is closed already.
        _ if session.conn.is_disconnected() => {}
        Pending::Nothing | Pending::Commit => retire(session, permit),
    }
}

/// Makes a session that is at rest available to all.
pub(crate) fn keep(mut session: Session, permit: Permit) {
    session.idle_since = Instant::now();
    session.rolled_back = false;
    let mut idle = permit.shared().idle();
    let unfit =
        session.generation != idle.generation || session.has_lived_long_enough() || session.is_called_home();
    if idle.closed || unfit {
        drop(idle);
        retire(session, permit);
    } else {
        idle.sessions.push_back(session);
        drop(idle);
        // The permit ends here, after the session can be found.
    }
}

/// Closes a session. Its permit is free when that has happened.
fn retire(session: Session, permit: Permit) {
    let runtime = permit.shared().runtime.clone();
    runtime.spawn(async move {
        session.close().await;
        drop(permit);
    });
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

    /// See [`DbPool::come_home`](crate::DbPool::come_home).
    pub(crate) async fn come_home(&self, grace: Duration) -> bool {
        self.abroad.close();
        self.dismiss(self.idle_abroad());
        timeout(grace, self.abroad.deserted()).await.is_ok()
    }

    fn idle_abroad(&self) -> VecDeque<Session> {
        let mut idle = self.idle();
        let (abroad, home) = mem::take(&mut idle.sessions).into_iter().partition(Session::lives_abroad);
        idle.sessions = home;
        abroad
    }

    /// Closes the pool: see [`DbPool::close`](crate::DbPool::close).
    pub(crate) async fn close(&self, grace: Duration) -> usize {
        let old = {
            let mut idle = self.idle();
            idle.closed = true;
            mem::take(&mut idle.sessions)
        };
        self.permits.close();
        let farewells = self.dismiss(old);
        let drained = async {
            loop {
                let told = self.drained.notified();
                if self.in_use() == 0 {
                    break;
                }
                told.await;
            }
        };
        let _ = timeout(grace, drained).await;
        // Whoever closes a pool may end its runtime next.
        for farewell in farewells {
            let _ = farewell.await;
        }
        let left = self.in_use();
        if left > 0 {
            tracing::warn!(left, "closed the connection pool while connections were in use");
        }
        left
    }

    /// Closes idle sessions, in the background.
    pub(crate) fn dismiss(&self, sessions: impl IntoIterator<Item = Session>) -> Vec<JoinHandle<()>> {
        let close = |session: Session| self.runtime.spawn(async { drop(session.close().await) });
        sessions.into_iter().map(close).collect()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let idle = mem::take(&mut self.idle().sessions);
        self.dismiss(idle);
    }
}
