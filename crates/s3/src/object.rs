//! Objects, and what every store of them promises.

use std::{fmt, io, path::Path, pin::Pin, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use kseekers_envelope::BoxError;

use crate::ObjectKey;

/// The content of an object, piece by piece.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, io::Error>> + Send>>;

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Bytes.
    pub size: u64,
    /// As the writer named it.
    pub content_type: Option<String>,
}

/// An object that is being read.
pub struct Object {
    /// What is known of it.
    pub info: ObjectInfo,
    /// Its content.
    pub body: ByteStream,
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("info", &self.info).finish_non_exhaustive()
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// A request that its holder may make without credentials of his own.
#[derive(Clone, PartialEq, Eq)]
pub struct Presigned {
    /// `GET` or `PUT`.
    pub method: &'static str,
    /// Where to. Whoever has it may do what it says, so it is a secret while it lasts.
    pub url: String,
    /// Headers that must be sent along.
    pub headers: Vec<(String, String)>,
    /// How long it works.
    pub expires_in: Duration,
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// What a presigned upload must be; the store refuses anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    /// Content type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

/// Why an object could not be had. The `Display` is for the log.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// No bucket is configured, or the store does not answer or refuses the credentials.
    #[error("cannot reach the object store: {0}")]
    Unreachable(#[source] BoxError),
    /// There is no such object.
    #[error("no such object")]
    NotFound,
    /// The object could not be written.
    #[error("cannot write the object: {0}")]
    Write(#[source] BoxError),
    /// The object could not be read.
    #[error("cannot read the object: {0}")]
    Read(#[source] BoxError),
    /// The object could not be deleted.
    #[error("cannot delete the object: {0}")]
    Delete(#[source] BoxError),
    /// A link could not be made.
    #[error("cannot presign a request: {0}")]
    Presign(#[source] BoxError),
    /// What was to be written ended early or could not be read; the store holds nothing of it.
    #[error("the content could not be read: {0}")]
    Content(#[source] io::Error),
}

/// A bucket: named objects of any size.
#[async_trait]
pub trait ObjectStore: fmt::Debug + Send + Sync {
    /// Writes the file at this path.
    async fn put_path(
        &self,
        key: &ObjectKey,
        path: &Path,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError>;

    /// Writes what the stream yields. If the stream fails or the future is dropped, there is no object.
    async fn put_stream(
        &self,
        key: &ObjectKey,
        body: ByteStream,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError>;

    /// Reads an object, piece by piece.
    async fn get(&self, key: &ObjectKey) -> Result<Object, ObjectError>;

    /// What is known of an object.
    async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, ObjectError>;

    /// Deletes an object, whether it is there or not.
    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError>;

    /// A link to read an object with; whether the object is there is not asked. `file_name` is what a browser saves
    /// it as.
    async fn presign_get(
        &self,
        key: &ObjectKey,
        file_name: Option<&str>,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError>;

    /// A request to write an object with.
    async fn presign_put(
        &self,
        key: &ObjectKey,
        put: &PresignedPut,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError>;

    /// Whether the bucket answers.
    async fn check(&self) -> Result<(), ObjectError>;
}
