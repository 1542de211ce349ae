//! A limit on requests in progress.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Refuses requests beyond a number in progress, rather than letting all of them become slow.
///
/// Put it into `App::app_data` as `web::Data`, one for all workers; routes of a
/// [`RouteTable`](super::RouteTable) that is not [`ungated`](super::RouteTable::ungated) pass through it.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    inside: AtomicUsize,
}

impl Gate {
    /// A gate that lets `limit` requests in at a time.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Inner { limit, inside: AtomicUsize::new(0) }))
    }

    /// A place inside, until it is dropped; `None` if there is none.
    pub(super) fn enter(&self) -> Option<Place> {
        let place = Place(self.0.clone());
        // Counting first and looking then never lets one too many in; dropping `place` counts back.
        (self.0.inside.fetch_add(1, Ordering::Relaxed) < self.0.limit).then_some(place)
    }
}

#[derive(Debug)]
pub(super) struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}
