//! A stream, cut into the parts of an upload.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use sha2::Digest;

use crate::{ByteStream, ObjectError, Sha256, StoredObject};

const MIB: usize = 1024 * 1024;

/// What is smaller is written in one request.
const FIRST: usize = 8 * MIB;

/// The content of a small file grows as it comes; beyond this, room for the whole part is taken in one step, since
/// growing by copies would take more than the part.
const SMALL: usize = MIB / 4;

/// S3 takes no more parts of one object.
pub(super) const MOST: usize = 10_000;

/// The size of this part, counted from 1: 8 MiB, doubled after each thousand up to 64 MiB. So small objects need
/// little memory, and 10,000 parts hold 492 GiB.
pub(super) fn size(number: usize) -> usize {
    let doublings = (number.saturating_sub(1) / 1000).min(3);
    FIRST << doublings
}

/// One part.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) content: Bytes,
    /// Nothing follows.
    pub(super) last: bool,
}

/// The rest of a stream, measured as it passes.
pub(super) struct Parts {
    body: ByteStream,
    /// Of the piece that did not fit into the last part.
    rest: Bytes,
    size: u64,
    hash: sha2::Sha256,
}

impl Parts {
    pub(super) fn new(body: ByteStream) -> Self {
        Self { body, rest: Bytes::new(), size: 0, hash: sha2::Sha256::new() }
    }

    /// The next `size` bytes; fewer at the end only.
    pub(super) async fn next(&mut self, size: usize) -> Result<Part, ObjectError> {
        let mut content = BytesMut::new();
        loop {
            let taken = self.rest.split_to(self.rest.len().min(size - content.len()));
            self.size += taken.len() as u64;
            self.hash.update(&taken);
            if content.len() + taken.len() > SMALL {
                content.reserve(size - content.len());
            }
            content.extend_from_slice(&taken);
            // A full part waits for the piece that follows, to know whether it is the last.
            if !self.rest.is_empty() {
                return Ok(Part { content: content.freeze(), last: false });
            }
            match self.body.next().await {
                Some(piece) => self.rest = piece.map_err(ObjectError::Content)?,
                None => return Ok(Part { content: content.freeze(), last: true }),
            }
        }
    }

    /// What has passed.
    pub(super) fn measured(self) -> StoredObject {
        StoredObject { size: self.size, sha256: Sha256::from_bytes(self.hash.finalize().into()) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails loudly")]
mod tests {
    use futures_util::stream;

    use super::*;

    #[test]
    fn ten_thousand_parts_hold_492_gib() {
        let sizes: Vec<_> = (1..=MOST).map(size).collect();
        assert_eq!(sizes.iter().sum::<usize>() / (1024 * MIB), 492);
        assert_eq!((sizes.first(), sizes.last()), (Some(&(8 * MIB)), Some(&(64 * MIB))));
    }

    #[tokio::test]
    async fn a_stream_is_cut_where_a_part_is_full_whatever_its_pieces() {
        for piece in [1, 3, 4, 5, 8, 20] {
            let content = b"0123456789abcdefghij";
            let pieces: Vec<_> =
                content.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
            let mut parts = Parts::new(Box::pin(stream::iter(pieces)));
            let mut cut = Vec::new();
            loop {
                let part = parts.next(8).await.unwrap();
                cut.push(part.content);
                if part.last {
                    break;
                }
            }
            assert_eq!(cut, [&content[..8], &content[8..16], &content[16..]], "pieces of {piece}");
            assert_eq!(parts.measured(), StoredObject { size: 20, sha256: Sha256::of(content) });
        }
    }

    #[tokio::test]
    async fn a_part_takes_no_more_memory_than_its_size() {
        for piece in [MIB / 8, MIB, 3 * MIB, 7 * MIB] {
            let pieces = vec![Bytes::from(vec![0; piece]); 8 * MIB / piece + 1];
            let mut parts = Parts::new(Box::pin(stream::iter(pieces.into_iter().map(Ok))));
            let part = parts.next(FIRST).await.unwrap();
            assert_eq!(part.content.try_into_mut().unwrap().capacity(), FIRST, "pieces of {piece}");
        }
    }

    #[tokio::test]
    async fn a_part_that_is_just_full_is_the_last_when_nothing_follows() {
        let pieces = [Bytes::from_static(b"01234567"), Bytes::new()].map(Ok);
        let mut parts = Parts::new(Box::pin(stream::iter(pieces)));
        assert!(parts.next(8).await.unwrap().last);
    }
}
