//! Where it is written down who owns which file.

use std::fmt;

use async_trait::async_trait;

use crate::{File, FileError, FileId, FileState, NewFile, ObjectKey, StoredObject};

/// Keeps a row for each file. Keys are compared byte by byte.
///
/// Each method does all of its work or none of it, whoever else writes at the same time. Each can fail with
/// [`FileError::Storage`]; `# Errors` names the rest.
#[async_trait]
pub trait FileLedger: fmt::Debug + Send + Sync {
    /// Writes down that the upload of a file begins: it is pending.
    async fn begin(&self, new: &NewFile) -> Result<FileId, FileError>;

    /// Writes down that a pending file is stored, and gives it back as it is kept.
    ///
    /// # Errors
    /// [`FileError::NotFound`] if there is no such file, or it is not pending.
    async fn finish(&self, id: FileId, object: &StoredObject) -> Result<File, FileError>;

    /// The file with this key, whatever its state.
    async fn by_key(&self, key: &ObjectKey) -> Result<Option<File>, FileError>;

    /// Strikes a file out if it is in the state in which it was `seen`, and says whether it was. Otherwise it has gone
    /// or, seen as pending, may have been stored since.
    async fn remove(&self, id: FileId, seen: FileState) -> Result<bool, FileError>;
}
