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
///
/// It ends with an error unless its end was sent: what is cut off, as when that runtime stops, must never pass for the
/// whole.
pub(super) fn body(home: &Handle, mut content: primitives::ByteStream, timeout: Duration) -> ByteStream {
    let (sender, receiver) = mpsc::channel::<io::Result<Option<Bytes>>>(AHEAD);
    home.spawn(async move {
        // Whoever no longer reads has closed the channel.
        while let Ok(place) = sender.reserve().await {
            let piece = match time::timeout(timeout, content.next()).await {
                Ok(piece) => piece.transpose().map_err(io::Error::other),
                Err(_) => Err(io::ErrorKind::TimedOut.into()),
            };
            let more = matches!(piece, Ok(Some(_)));
            place.send(piece);
            if !more {
                break;
            }
        }
    });
    Box::pin(stream::try_unfold(receiver, async |mut receiver| {
        let piece = receiver.recv().await.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))?;
        Ok(piece.map(|piece| (piece, receiver)))
    }))
}
