//! How much of an upload is read, and for how long.

use std::{
    io,
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, dev::Payload, error::PayloadError, web::Data};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use kseekers_envelope::actix::Gate;
use tokio::time::timeout;

/// What the body may hold beside the file: boundaries, headers, fields that nobody reads.
const BESIDE: u64 = 64 * 1024;

/// What must arrive within [`UploadLimits::patience`].
const PACE: usize = 16 * 1024;

/// How much of an upload is read, for how long, and how many at a time. Put it into `App::app_data` as `web::Data`, one
/// for all workers: without it the default sizes count, for any number of uploads.
///
/// An upload does not count among the requests in progress: it waits for its client most of the time. It has a gate of
/// its own instead, since each one takes memory.
#[derive(Debug, Clone)]
pub struct UploadLimits {
    /// Most bytes of a file.
    pub bytes: u64,
    /// A client that sends less than 16 KiB in this time has stalled. Time that the bucket takes does not count.
    pub patience: Duration,
    /// Uploads at a time.
    pub gate: Gate,
}

impl Default for UploadLimits {
    /// 100 MiB, 30 s, 32 at a time.
    fn default() -> Self {
        Self { bytes: 100 * 1024 * 1024, patience: Duration::from_secs(30), gate: Gate::new(32) }
    }
}

impl UploadLimits {
    /// The limits that count for this request.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request.app_data::<Data<Self>>().map(|limits| limits.as_ref().clone()).unwrap_or_default()
    }

    /// Most bytes of a body.
    pub(super) fn body(&self) -> u64 {
        self.bytes.saturating_add(BESIDE)
    }
}

/// The payload, which ends with [`PayloadError::Overflow`] when it is too large, and with a [`PayloadError::Io`] of
/// kind `TimedOut` when the client has stalled.
pub(super) fn limited(
    payload: Payload,
    limits: &UploadLimits,
) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<> {
    let arriving = Arriving {
        payload,
        room: limits.body(),
        patience: limits.patience,
        left: limits.patience,
        arrived: 0,
    };
    stream::try_unfold(arriving, Arriving::next)
}

struct Arriving {
    payload: Payload,
    /// Bytes that may still come.
    room: u64,
    patience: Duration,
    /// How much longer to wait for the rest of [`PACE`].
    left: Duration,
    arrived: usize,
}

impl Arriving {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, PayloadError> {
        let waiting = Instant::now();
        let stalled = |_| PayloadError::Io(io::ErrorKind::TimedOut.into());
        let Some(chunk) = timeout(self.left, self.payload.next()).await.map_err(stalled)?.transpose()? else {
            return Ok(None);
        };
        self.room = self.room.checked_sub(chunk.len() as u64).ok_or(PayloadError::Overflow)?;
        self.arrived += chunk.len();
        self.left = self.left.saturating_sub(waiting.elapsed());
        if self.arrived >= PACE {
            (self.arrived, self.left) = (0, self.patience);
        }
        Ok(Some((chunk, self)))
    }
}
