//! What is known about a request before anything has looked at it.

use std::time::Instant;

use actix_web::{
    HttpMessage, HttpRequest,
    dev::ServiceRequest,
    http::header::{HeaderMap, HeaderValue},
    web,
};

use super::LogHealth;
use crate::{Envelope, Health};

pub(super) const REQUEST_ID: &str = "x-request-id";

/// The id that ties an answer to its lines in the log.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The client's own id if it is 1 to 128 visible ASCII characters, else a new UUID.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let sane = |value: &&HeaderValue| {
            let bytes = value.as_bytes();
            (1..=128).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
        };
        match headers.get(REQUEST_ID).filter(sane) {
            Some(value) => Self(value.clone()),
            None => Self::new(),
        }
    }

    fn new() -> Self {
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        let text = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut text);
        // A UUID is visible ASCII; were it not, an empty id would still be a header.
        Self(HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("")))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// When a request arrived and what it is called.
#[derive(Debug, Clone)]
pub struct RequestContext {
    started: Instant,
    request_id: RequestId,
    log: Option<LogHealth>,
}

impl RequestContext {
    pub(super) fn new(request: &ServiceRequest) -> Self {
        let log = request.app_data::<web::Data<LogHealth>>().map(|log| log.as_ref().clone());
        Self { started: Instant::now(), request_id: RequestId::of(request.headers()), log }
    }

    /// The context that [`front`](super::front) gave the request; none where that layer is not used.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Seconds since the request head was read.
    pub fn seconds(&self) -> f64 {
        // Microseconds are what a client can make use of; more digits would only make answers longer.
        self.started.elapsed().as_micros() as f64 / 1e6
    }

    /// The request's id.
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The answer as it is at this moment of the request.
    pub(super) fn complete<T>(&self, envelope: Envelope<T>) -> Envelope<T> {
        envelope.took(self.seconds()).logged(self.log.as_ref().map_or(Health::Success, LogHealth::get))
    }
}
