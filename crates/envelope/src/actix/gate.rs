//! A limit on requests in progress.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{HttpMessage, HttpRequest, web};

use crate::{ApiError, Code};

/// Refuses requests beyond a number in progress, rather than letting all of them become slow.
///
/// Put it into `App::app_data` as `web::Data`, one for all workers; routes of a
/// [`RouteTable`](super::RouteTable) that is not [`ungated`](super::RouteTable::ungated) pass through it. Work that has
/// a limit of its own can have a gate of its own:
///
/// ```
/// use kseekers_envelope::actix::Gate;
///
/// let uploads = Gate::new(1);
/// let place = uploads.enter().unwrap();
/// assert_eq!(uploads.enter().unwrap_err().code().http(), 503);
/// drop(place);
/// assert!(uploads.enter().is_ok());
/// ```
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

    /// A place inside, until it is dropped.
    ///
    /// # Errors
    /// [`Code::Unavailable`] if there is none.
    pub fn enter(&self) -> Result<Place, ApiError> {
        let place = Place(self.0.clone());
        // Counting first and looking then never lets one too many in; dropping `place` counts back.
        let free = self.0.inside.fetch_add(1, Ordering::Relaxed) < self.0.limit;
        if free { Ok(place) } else { Err(ApiError::new(Code::Unavailable)) }
    }

    /// Gives back the place of a request that waits for its client from here on, for an extractor that reads the body
    /// as slowly as it comes.
    pub fn leave(request: &HttpRequest) {
        if let Some(pass) = Pass::of(request) {
            pass.leave();
        }
    }
}

/// A place inside of a [`Gate`], free again when it is dropped.
#[derive(Debug)]
pub struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What lets one request in, and out again while it waits for its client: a body that trickles in must not take a place
/// from those who are ready.
#[derive(Clone)]
pub(super) struct Pass {
    gate: Gate,
    place: Rc<RefCell<Option<Place>>>,
}

impl Pass {
    /// Lets the request in, if there is a gate.
    pub(super) fn admit(request: &HttpRequest) -> Result<(), ApiError> {
        let Some(gate) = request.app_data::<web::Data<Gate>>() else { return Ok(()) };
        let pass = Self { gate: gate.as_ref().clone(), place: Rc::default() };
        pass.enter()?;
        request.extensions_mut().insert(pass);
        Ok(())
    }

    /// The pass of a request that was let in. Dropped with the request.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    pub(super) fn leave(&self) {
        self.place.take();
    }

    pub(super) fn enter(&self) -> Result<(), ApiError> {
        self.place.replace(Some(self.gate.enter()?));
        Ok(())
    }
}
