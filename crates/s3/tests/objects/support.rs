//! A server, a bucket in it, and content to write.

use std::{io, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{TryStreamExt, stream};
use kseekers_local_s3::{LocalS3, Options};
use kseekers_s3::{
    ByteStream, ObjectKey, ObjectStore,
    aws::{AwsStore, S3Options},
};
use tempfile::TempDir;

pub(crate) const MIB: usize = 1024 * 1024;

/// A server of its own for each test; it goes when the test ends.
pub(crate) struct Bucket {
    pub(crate) store: AwsStore,
    pub(crate) server: LocalS3,
    dir: TempDir,
}

impl Bucket {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::new(dir.path()).bucket("files").keys("key", "secret");
        let server = LocalS3::start(options).unwrap();
        let store = AwsStore::new(&options_for(&server.endpoint())).unwrap();
        Self { store, server, dir }
    }

    /// Names of all files below the server's folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => found.push(path.file_name().unwrap().to_string_lossy().into_owned()),
                }
            }
        }
        found
    }

    pub(crate) async fn read(&self, name: &str) -> Vec<u8> {
        read(self.store.get(&key(name)).await.unwrap().body).await.unwrap()
    }
}

pub(crate) fn options_for(endpoint: &str) -> S3Options {
    S3Options::new("files", "eu-central-1", "key", "secret".into()).endpoint(endpoint).path_style(true)
}

pub(crate) fn key(name: &str) -> ObjectKey {
    ObjectKey::parse(name).unwrap()
}

pub(crate) async fn read(body: ByteStream) -> io::Result<Vec<u8>> {
    let pieces: BytesMut = body.try_concat_pieces().await?;
    Ok(pieces.to_vec())
}

trait Concat {
    async fn try_concat_pieces(self) -> io::Result<BytesMut>;
}

impl Concat for ByteStream {
    async fn try_concat_pieces(self) -> io::Result<BytesMut> {
        self.try_fold(BytesMut::new(), async |mut all, piece| {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
    }
}

/// So many bytes in which no two neighbouring parts are the same.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0_u64..).flat_map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_le_bytes()).take(size).collect()
}

/// As a stream, in pieces of 64 KiB.
pub(crate) fn streamed(content: &[u8]) -> ByteStream {
    let pieces: Vec<_> = content.chunks(64 * 1024).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Box::pin(stream::iter(pieces))
}

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
