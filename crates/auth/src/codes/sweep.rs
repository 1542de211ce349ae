//! Old codes are thrown away now and then, by whoever comes by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::Handle;

use super::CodeStore;

/// Between two sweeps, in seconds.
const EVERY: i64 = 60;

/// How long a code stays after it has expired. The newest code of a user makes older ones useless only as long as
/// it is there, so it must not go before they have expired too, even if clocks differ by minutes.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// Rows in one statement, so that no sweep holds many locks, and the pause in which others get theirs.
const BATCH: u32 = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// Sweeps in the background, on the runtime that it was given: the one of a request may end before the sweep does.
pub(crate) struct Sweeper {
    codes: Arc<dyn CodeStore>,
    runtime: Handle,
    last: AtomicI64,
}

impl Sweeper {
    pub(crate) fn new(codes: Arc<dyn CodeStore>, runtime: Handle) -> Self {
        Self { codes, runtime, last: AtomicI64::new(i64::MIN) }
    }

    /// Starts a sweep if the last one was long enough ago. Never waits.
    pub(crate) fn nudge(&self, now: DateTime<Utc>) {
        let last = self.last.load(Ordering::Relaxed);
        if now.timestamp().saturating_sub(last) < EVERY {
            return;
        }
        // Of all who see that it is time, one sweeps.
        let turn = self.last.compare_exchange(last, now.timestamp(), Ordering::Relaxed, Ordering::Relaxed);
        if turn.is_ok() {
            self.runtime.spawn(sweep(Arc::clone(&self.codes), now - KEPT));
        }
    }
}

async fn sweep(codes: Arc<dyn CodeStore>, before: DateTime<Utc>) {
    loop {
        match codes.sweep(before, BATCH).await {
            Ok(swept) if swept >= u64::from(BATCH) => tokio::time::sleep(PAUSE).await,
            Ok(_) => return,
            Err(error) => return tracing::warn!(%error, "old one-time codes could not be deleted"),
        }
    }
}
