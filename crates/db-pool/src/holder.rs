//! Who holds a connection, and since when: for the pool to see while it is held.

use std::{
    panic::Location,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The place of the code that took a connection.
pub(crate) type Place = &'static Location<'static>;

/// One for each session. Only its own session and the pool's keeper ever want the lock.
#[derive(Debug, Default)]
pub(crate) struct Holder(Mutex<Option<Hold>>);

#[derive(Debug)]
struct Hold {
    place: Place,
    since: Instant,
    reported: bool,
}

impl Holder {
    pub(crate) fn begin(&self, place: Place, since: Instant) {
        *self.hold() = Some(Hold { place, since, reported: false });
    }

    pub(crate) fn end(&self) {
        *self.hold() = None;
    }

    /// The place and the time, once for each hold that is as long as `limit`.
    pub(crate) fn overdue(&self, limit: Duration) -> Option<(Place, Duration)> {
        let mut hold = self.hold();
        let hold = hold.as_mut().filter(|hold| !hold.reported)?;
        let time = hold.since.elapsed();
        hold.reported = time >= limit;
        hold.reported.then_some((hold.place, time))
    }

    fn hold(&self) -> MutexGuard<'_, Option<Hold>> {
        // Nothing that can panic happens under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
