//! A server, a bucket in it, and content to write.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{TryStreamExt, stream};
use kseekers_local_s3::{LocalS3, Options};
use kseekers_s3::{
    ByteStream, ObjectKey, ObjectStore,
    aws::{AwsStore, S3Options},
};
use tempfile::TempDir;

pub(crate) const MIB: usize = 1024 * 1024;
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Far more than anything takes here.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// On a server of its own, which goes with it.
pub(crate) struct Bucket {
    pub(crate) store: AwsStore,
    pub(crate) server: LocalS3,
    _dir: TempDir,
}

impl Bucket {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::new(dir.path()).bucket("files").keys("key", "secret");
        let server = LocalS3::start(options).unwrap();
        let store = AwsStore::new(&options_for(&server.endpoint())).unwrap();
        Self { store, server, _dir: dir }
    }

    pub(crate) async fn put(&self, name: &str, content: &[u8]) {
        self.store.put_stream(&key(name), streamed(content), "text/plain").await.unwrap();
    }

    pub(crate) async fn read(&self, name: &str) -> Vec<u8> {
        read(self.store.get(&key(name)).await.unwrap().body).await.unwrap()
    }

    pub(crate) fn unfinished(&self) -> usize {
        self.server.unfinished_uploads().unwrap().len()
    }
}

pub(crate) fn options_for(endpoint: &str) -> S3Options {
    S3Options::new("files", "eu-central-1", "key", "secret".into()).endpoint(endpoint).path_style(true)
}

pub(crate) fn key(name: &str) -> ObjectKey {
    ObjectKey::parse(name).unwrap()
}

pub(crate) async fn read(body: ByteStream) -> io::Result<Vec<u8>> {
    let pieces: Vec<Bytes> = body.try_collect().await?;
    Ok(pieces.concat())
}

/// So many bytes, of which no two parts are the same.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0_u64..).flat_map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).take(size).collect()
}

/// As a stream, in pieces of 64 KiB.
pub(crate) fn streamed(content: &[u8]) -> ByteStream {
    let pieces: Vec<_> = content.chunks(64 * 1024).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Box::pin(stream::iter(pieces))
}
