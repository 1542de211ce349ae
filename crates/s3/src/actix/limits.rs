//! How much of an upload is read, and for how long.

use std::{io, time::Duration};

use actix_web::{HttpRequest, dev::Payload, error::PayloadError, web::Data};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use kseekers_envelope::actix::Gate;
use tokio::time::{Instant, timeout};

/// What the body may hold beside the file: boundaries, headers, fields that nobody reads.
const BESIDE: u64 = 64 * 1024;

/// What must arrive within [`UploadLimits::patience`], unless the body ends before: in 30 s some 35 KB/s.
const PACE: usize = 1024 * 1024;

/// How much of an upload is read, for how long, and how many at a time. Put it into `App::app_data` as `web::Data`, one
/// for all workers: without it the default sizes count, for any number of uploads.
///
/// An upload does not count among the requests in progress: it waits for its client most of the time. It has a gate of
/// its own instead, since each one takes memory.
#[derive(Debug, Clone)]
pub struct UploadLimits {
    /// Most bytes of a file.
    pub bytes: u64,
    /// A client that sends less than 1 MiB in this time, and has more to send, has stalled. Time that the bucket takes does not count.
    pub patience: Duration,
    /// Uploads at a time.
    pub gate: Gate,
}

impl Default for UploadLimits {
    /// 100 MiB, 30 s, 16 at a time.
    fn default() -> Self {
        Self { bytes: 100 * 1024 * 1024, patience: Duration::from_secs(30), gate: Gate::new(16) }
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

/// The payload, which ends with a [`PayloadError::Io`]: of kind `FileTooLarge` when it is, of kind `TimedOut` when the
/// client has stalled. ([`PayloadError::Overflow`] is what the multipart reader says of a line without end.)
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
        let broken = |kind: io::ErrorKind| PayloadError::Io(kind.into());
        let next = timeout(self.left, self.payload.next()).await;
        let next = next.map_err(|_| broken(io::ErrorKind::TimedOut))?.transpose()?;
        let Some(chunk) = next else { return Ok(None) };
        let room = self.room.checked_sub(chunk.len() as u64);
        self.room = room.ok_or_else(|| broken(io::ErrorKind::FileTooLarge))?;
        self.arrived += chunk.len();
        self.left = self.left.saturating_sub(waiting.elapsed());
        if self.arrived >= PACE {
            (self.arrived, self.left) = (0, self.patience);
        }
        Ok(Some((chunk, self)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails loudly")]

    use futures_util::TryStreamExt;
    use tokio::time::sleep;

    use super::*;

    /// What arrives of chunks of this size with this long before each, with 30 s of patience and room for 64 MiB.
    async fn arrived(size: usize, pause: u64, chunks: usize) -> Result<usize, io::ErrorKind> {
        let sent = stream::iter(0..chunks).then(move |_| async move {
            sleep(Duration::from_secs(pause)).await;
            Ok(Bytes::from(vec![0; size]))
        });
        let payload = Payload::Stream { payload: sent.boxed_local() };
        let limits = UploadLimits { bytes: 64 * PACE as u64 - BESIDE, ..UploadLimits::default() };
        let all =
            limited(payload, &limits).try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len()) }).await;
        all.map_err(|error| match error {
            PayloadError::Io(error) => error.kind(),
            other => unreachable!("{other}"),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_may_take_as_long_as_it_keeps_the_pace() {
        assert_eq!(arrived(PACE, 29, 64).await, Ok(64 * PACE));
        assert_eq!(arrived(PACE / 2, 14, 100).await, Ok(50 * PACE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_trickles_has_stalled() {
        assert_eq!(arrived(1, 1, 1000).await, Err(io::ErrorKind::TimedOut));
        assert_eq!(arrived(16 * 1024, 1, 1000).await, Err(io::ErrorKind::TimedOut));
        assert_eq!(arrived(PACE / 2, 16, 2).await, Err(io::ErrorKind::TimedOut));
        assert_eq!(arrived(PACE, 31, 1).await, Err(io::ErrorKind::TimedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn one_byte_too_many_is_too_many() {
        assert_eq!(arrived(64 * 1024, 0, 1024).await, Ok(64 * PACE));
        assert_eq!(arrived(64 * 1024, 0, 1025).await, Err(io::ErrorKind::FileTooLarge));
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_the_bucket_takes_does_not_count() {
        let payload = Payload::from(Bytes::from(vec![0; 100]));
        let mut arriving = std::pin::pin!(limited(payload, &UploadLimits::default()));
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(arriving.next().await.unwrap().unwrap().len(), 100);
    }
}
