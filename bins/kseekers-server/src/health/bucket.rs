//! Asking the bucket how it is, without anybody waiting for it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use kseekers_s3::{ObjectError, ObjectStore};
use tokio::{sync::watch, time::timeout};

use super::State;

/// How often the bucket is asked, if anybody wants to know.
const PACE: Duration = Duration::from_secs(2);

/// How long the bucket may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long an answer is waited for. Whoever watches a service often gives it a second in all.
const WAIT: Duration = Duration::from_millis(300);

/// How long an answer counts.
const STALE: Duration = Duration::from_secs(10);

/// A bucket that is asked in the background.
#[derive(Debug, Clone)]
pub(super) struct BucketProbe(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    objects: Arc<dyn ObjectStore>,
    asked: Mutex<Option<Instant>>,
    known: watch::Sender<Option<Known>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    answers: bool,
    at: Instant,
}

impl BucketProbe {
    pub(super) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self(Arc::new(Inner { objects, asked: Mutex::default(), known: watch::Sender::new(None) }))
    }

    /// How the bucket was a few seconds ago at the most.
    pub(super) async fn state(&self) -> State {
        let mut known = self.0.known.subscribe();
        if self.is_due() {
            tokio::spawn(self.clone().ask());
            let _ = timeout(WAIT, known.changed()).await;
        }
        let answers = known.borrow().is_some_and(|known| known.answers && known.at.elapsed() < STALE);
        if answers { State::Ok } else { State::Degraded }
    }

    fn is_due(&self) -> bool {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let due = asked.is_none_or(|asked| asked.elapsed() >= PACE);
        if due {
            *asked = Some(Instant::now());
        }
        due
    }

    async fn ask(self) {
        let Inner { objects, known, .. } = &*self.0;
        let answer = timeout(PATIENCE, objects.check()).await;
        let answer = answer.unwrap_or_else(|elapsed| Err(ObjectError::Unreachable(elapsed.into())));
        let before = known.send_replace(Some(Known { answers: answer.is_ok(), at: Instant::now() }));
        // The cause goes to the log only, and once: it may name hosts.
        match (answer, before.is_none_or(|before| before.answers)) {
            (Err(error), true) => tracing::warn!(%error, "the bucket does not answer"),
            (Ok(()), false) => tracing::info!("the bucket answers again"),
            _ => {}
        }
    }
}
