//! The task that looks after a pool now and then.

use std::{collections::VecDeque, mem, sync::Arc};

use tokio::{
    runtime::Handle,
    time::{Instant, timeout},
};

use crate::{
    holder::Holder,
    open::Unopened,
    recycle::keep,
    session::Session,
    shared::{Permit, Shared},
};

impl Shared {
    /// Starts the task. It ends with the pool.
    pub(crate) fn keep_house(self: &Arc<Self>) {
        let (shared, call) = (Arc::downgrade(self), Arc::clone(&self.call_keeper));
        let every = self.options.keeper_interval();
        self.runtime.spawn(async move {
            loop {
                // Called, or because it is time.
                let _ = timeout(every, call.notified()).await;
                // Only looked at in passing, or the pool would live for ever.
                let Some(shared) = shared.upgrade() else { break };
                shared.trim();
                shared.report_long_holds();
                shared.open_ahead().await;
            }
        });
    }

    /// Closes idle sessions that nobody has needed for a while or that have lived long enough.
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

    fn report_long_holds(&self) {
        let holders = self.living_holders();
        let Some(limit) = self.options.held_limit() else { return };
        for (place, time) in holders.iter().filter_map(|holder| holder.overdue(limit)) {
            tracing::warn!(ms = time.as_millis(), taken_at = %place, "a connection is held unusually long");
        }
    }

    /// Those of sessions that have ended are forgotten.
    fn living_holders(&self) -> Vec<Arc<Holder>> {
        let mut living = Vec::new();
        self.holders().retain(|holder| {
            let holder = holder.upgrade();
            living.extend(holder.clone());
            holder.is_some()
        });
        living
    }

    /// Opens what is missing to the minimum, one after the other, until one fails.
    async fn open_ahead(self: &Arc<Self>) {
        while let Some(permit) = self.permit_for_one_ahead() {
            let here = self.ahead().clone().unwrap_or_else(|| self.runtime.clone());
            match self.open(Instant::now() + self.options.connect_timeout, &here).await {
                Ok(session) => keep(session, permit),
                Err(problem) => {
                    let not_there = matches!(problem, Unopened::RuntimeEnded | Unopened::Late);
                    // Nobody else would hear of it.
                    let error = problem.into_error(&self.endpoint);
                    tracing::warn!(%error, "could not open a connection ahead");
                    if !(not_there && self.go_home_from(&here)) {
                        break;
                    }
                }
            }
        }
    }

    /// Opens ahead in the pool's own runtime from now on, unless that is so, or another one has been named meanwhile.
    fn go_home_from(&self, here: &Handle) -> bool {
        let mut ahead = self.ahead();
        let is_still_named = ahead.as_ref().is_some_and(|named| named.id() == here.id());
        let goes = is_still_named && here.id() != self.runtime.id();
        if goes {
            *ahead = Some(self.runtime.clone());
        }
        goes
    }

    fn permit_for_one_ahead(self: &Arc<Self>) -> Option<Permit> {
        let wanted = self.options.idle_connections.min(self.options.max_connections);
        let missing = self.ahead().is_some() && self.in_use() + self.idle().sessions.len() < wanted;
        if missing { self.free_permit().ok() } else { None }
    }
}
