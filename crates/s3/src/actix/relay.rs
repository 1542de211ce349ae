//! From the worker that reads a request to whoever stores what it reads.
//!
//! A request's payload stays with its worker, a [`ByteStream`] goes anywhere. Few chunks wait in between, so that the
//! client is read no faster than the bucket writes.

use std::{io, task::ready};

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;

use crate::ByteStream;

const CHUNKS: usize = 4;

/// Where chunks go in.
pub(super) struct Inlet(mpsc::Sender<Piece>);

enum Piece {
    Chunk(Bytes),
    End,
}

/// Nobody reads any more.
#[derive(Debug)]
pub(super) struct Closed;

/// An inlet, and the stream that comes out. The stream ends with an error unless [`Inlet::finish`] was called: what was
/// cut off must never pass for the whole.
pub(super) fn relay() -> (Inlet, ByteStream) {
    let (inlet, mut pieces) = mpsc::channel(CHUNKS);
    let mut ended = false;
    let next = move |context: &mut std::task::Context<'_>| {
        if ended {
            return None.into();
        }
        let piece = ready!(pieces.poll_recv(context));
        ended = !matches!(piece, Some(Piece::Chunk(_)));
        match piece {
            Some(Piece::Chunk(chunk)) => Some(Ok(chunk)),
            Some(Piece::End) => None,
            None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        }
        .into()
    };
    (Inlet(inlet), Box::pin(stream::poll_fn(next)))
}

impl Inlet {
    /// Sends a chunk when there is room for it.
    pub(super) async fn send(&self, chunk: Bytes) -> Result<(), Closed> {
        self.0.send(Piece::Chunk(chunk)).await.map_err(|_| Closed)
    }

    /// Says that this was all.
    pub(super) async fn finish(self) -> Result<(), Closed> {
        self.0.send(Piece::End).await.map_err(|_| Closed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails loudly")]

    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn what_is_cut_off_ends_with_an_error() {
        let (inlet, mut stream) = relay();
        inlet.send(Bytes::from_static(b"half")).await.unwrap();
        drop(inlet);
        assert_eq!(stream.next().await.unwrap().unwrap(), "half");
        assert_eq!(stream.next().await.unwrap().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn what_is_finished_ends_without_one() {
        let (inlet, mut stream) = relay();
        inlet.finish().await.unwrap();
        assert!(stream.next().await.is_none() && stream.next().await.is_none());
    }

    #[tokio::test]
    async fn whoever_sends_learns_that_nobody_reads() {
        let (inlet, stream) = relay();
        drop(stream);
        inlet.send(Bytes::new()).await.unwrap_err();
        inlet.finish().await.unwrap_err();
    }
}
