//! What every store of objects promises.

use std::{fmt, path::Path, time::Duration};

use async_trait::async_trait;

use crate::{ByteStream, Object, ObjectError, ObjectInfo, ObjectKey, Presigned, PresignedPut, StoredObject};

/// A bucket: named objects of any size.
///
/// Every method fails with [`ObjectError::Unreachable`] when the store does not answer in time, and with
/// [`ObjectError::Refused`] when it has no such bucket or refuses the keys.
#[async_trait]
pub trait ObjectStore: fmt::Debug + Send + Sync {
    /// Writes the file at this path, in place of an object of this name.
    ///
    /// # Errors
    /// As [`put_stream`](ObjectStore::put_stream); a file that cannot be read is [`ObjectError::Content`].
    async fn put_path(
        &self,
        key: &ObjectKey,
        path: &Path,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError>;

    /// Writes what the stream yields, in place of an object of this name.
    ///
    /// Until the stream has ended nothing is visible under the name, and when the stream fails or the future is dropped,
    /// what was sent is taken back, as far as the store can be reached. Dropped later, while the store has yet to acknowledge the end, the object may be
    /// there.
    ///
    /// # Errors
    /// [`ObjectError::Content`] with the stream's own error, and [`ObjectError::Write`] when the store refuses.
    async fn put_stream(
        &self,
        key: &ObjectKey,
        body: ByteStream,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError>;

    /// Reads an object, piece by piece.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`], [`ObjectError::Read`].
    async fn get(&self, key: &ObjectKey) -> Result<Object, ObjectError>;

    /// What is known of an object.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`], [`ObjectError::Read`]. A bucket that is not there is `NotFound` too: the answer to a
    /// HEAD has no body to tell the two apart.
    async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, ObjectError>;

    /// Deletes an object, whether it is there or not.
    ///
    /// # Errors
    /// [`ObjectError::Delete`].
    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError>;

    /// A link to read an object with; whether the object is there is not asked. `file_name` is what a browser saves
    /// it as.
    ///
    /// # Errors
    /// [`ObjectError::Presign`], also when `expires_in` is zero or more than seven days, S3's own limit.
    async fn presign_get(
        &self,
        key: &ObjectKey,
        file_name: Option<&str>,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError>;

    /// A request to write an object with. The store itself refuses another size, type or (when its hash is given)
    /// content.
    ///
    /// # Errors
    /// As [`presign_get`](ObjectStore::presign_get).
    async fn presign_put(
        &self,
        key: &ObjectKey,
        put: &PresignedPut,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError>;

    /// Whether the bucket answers, within a few seconds.
    ///
    /// # Errors
    /// [`ObjectError::Unreachable`], [`ObjectError::Refused`].
    async fn check(&self) -> Result<(), ObjectError>;
}
