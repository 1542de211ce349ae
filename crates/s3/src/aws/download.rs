//! Reading an object piece by piece.

use std::{io, time::Duration};

use aws_sdk_s3::primitives;
use bytes::Bytes;
use futures_util::stream;
use tokio::{runtime::Handle, sync::mpsc, time};

use crate::ByteStream;

/// Pieces that wait for a slow reader.
const AHEAD: usize = 2;

/// The content, fetched on the store's runtime and no faster than it is read. Each piece may take `timeout`.
pub(super) fn body(home: &Handle, mut content: primitives::ByteStream, timeout: Duration) -> ByteStream {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(AHEAD);
    home.spawn(async move {
        // Whoever no longer reads has closed the channel.
        while let Ok(place) = sender.reserve().await {
            let piece = match time::timeout(timeout, content.next()).await {
                Ok(Some(piece)) => piece.map_err(io::Error::other),
                Ok(None) => break,
                Err(_) => Err(io::ErrorKind::TimedOut.into()),
            };
            let failed = piece.is_err();
            place.send(piece);
            if failed {
                break;
            }
        }
    });
    Box::pin(stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
}
