//! What the envelope says about the log.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::Health;

/// Whether the log is written: set by whoever writes it, read when an answer is built.
///
/// Put it into `App::app_data` as `web::Data`, one for all workers; [`front`](super::front) hands it to the answers.
/// Without it they say `success`. Clones are the same; there is no lock.
///
/// ```
/// use kseekers_envelope::{Health, actix::LogHealth};
///
/// let (writer, reader) = { let health = LogHealth::default(); (health.clone(), health) };
/// writer.set(Health::Failed);
/// assert_eq!(reader.get(), Health::Failed);
/// ```
#[derive(Debug, Clone, Default)]
pub struct LogHealth(Arc<AtomicBool>);

impl LogHealth {
    /// As it is now.
    pub fn get(&self) -> Health {
        if self.0.load(Ordering::Relaxed) { Health::Failed } else { Health::Success }
    }

    /// Says how the last line fared.
    pub fn set(&self, health: Health) {
        self.0.store(health == Health::Failed, Ordering::Relaxed);
    }
}
