//! The rules.

use std::{fmt, sync::Arc, time::Duration};

use kseekers_access::{Caller, UserId};
use tracing::instrument;
use uuid::Uuid;

use crate::{
    ByteStream, ContentType, File, FileError, FileId, FileLedger, FileName, FileState, NewFile, ObjectError,
    ObjectKey, ObjectStore, Presigned,
};

/// Files of users: the objects in a bucket, and the ledger of who owns what.
///
/// A user reaches only his own files, an administrator all. Any method can fail with [`FileError::Objects`] and
/// [`FileError::Storage`]; `# Errors` names the rest.
#[derive(Debug, Clone)]
pub struct FileService {
    objects: Arc<dyn ObjectStore>,
    ledger: Arc<dyn FileLedger>,
    link_lifetime: Duration,
}

impl FileService {
    /// The service on this bucket and this ledger. A link to a file works for `link_lifetime`, a week at most.
    pub fn new(objects: Arc<dyn ObjectStore>, ledger: Arc<dyn FileLedger>, link_lifetime: Duration) -> Self {
        Self { objects, ledger, link_lifetime }
    }

    /// Stores a file of the caller under a new key below `users/<his number>/`.
    ///
    /// The row comes first, as pending, and is marked as stored when the bucket has everything: whatever is
    /// acknowledged is there. When the content cannot be stored, row and object are removed. A crash, a future that is
    /// dropped, or a database or a bucket that goes away in between leaves a pending row, with an object or without: so
    /// nothing is in the bucket that no row knows of.
    ///
    /// # Errors
    /// [`FileError::NotFound`] if somebody deletes the file before it is complete.
    #[instrument(target = "kseekers::profile", level = "trace", skip(content), ret)]
    pub async fn upload(
        &self,
        owner: &Caller,
        name: FileName,
        content_type: ContentType,
        content: ByteStream,
    ) -> Result<File, FileError> {
        let key = format!("{}{}/{}", prefix(owner.user_id), Uuid::new_v4(), name.for_key());
        let new = NewFile { key: ObjectKey::parse(key)?, owner: owner.user_id, name, content_type };
        let id = self.ledger.begin(&new).await?;
        match self.objects.put_stream(&new.key, content, new.content_type.as_str()).await {
            Ok(object) => match self.ledger.finish(id, &object).await {
                Err(FileError::NotFound) => {
                    self.withdraw(id, &new.key).await;
                    Err(FileError::NotFound)
                }
                finished => finished,
            },
            // Who is away cannot be asked to remove anything either, and the client has waited long enough.
            Err(error @ ObjectError::Unreachable(_)) => {
                left_behind(&error, &new.key);
                Err(error.into())
            }
            Err(error) => {
                self.withdraw(id, &new.key).await;
                Err(error.into())
            }
        }
    }

    /// A link to download a file with.
    ///
    /// # Errors
    /// [`FileError::NotFound`] if it is not there, not complete or another's.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn presign_download(&self, caller: &Caller, key: &ObjectKey) -> Result<Presigned, FileError> {
        let file = self.ledger.by_key(key).await?.filter(|file| may_reach(caller, file.owner));
        let file = file.filter(|file| file.state == FileState::Stored).ok_or(FileError::NotFound)?;
        Ok(self.objects.presign_get(key, Some(file.name.as_str()), self.link_lifetime).await?)
    }

    /// Deletes a file, whether it is there or not. Repeated after a failure it goes on where it stopped.
    ///
    /// # Errors
    /// [`FileError::NotFound`] if the file is another's, or the key not below the caller's prefix.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete(&self, caller: &Caller, key: &ObjectKey) -> Result<(), FileError> {
        // Twice at most: a file that was pending may be stored by now, object and all; a stored one only goes.
        for _ in [FileState::Pending, FileState::Stored] {
            let file = match self.ledger.by_key(key).await? {
                Some(file) if may_reach(caller, file.owner) => file,
                None if caller.is_admin || key.as_str().starts_with(&prefix(caller.user_id)) => return Ok(()),
                _ => return Err(FileError::NotFound),
            };
            // The object goes first: as long as it may be there, its row tells of it.
            self.objects.delete(key).await?;
            if self.ledger.remove(file.id, file.state).await? {
                break;
            }
        }
        Ok(())
    }

    /// Removes what an upload has left. The client hears why the upload failed, not that this failed too.
    async fn withdraw(&self, id: FileId, key: &ObjectKey) {
        let removed = match self.objects.delete(key).await {
            // A bucket that refuses even this has refused the upload too, so there is no object.
            Ok(()) | Err(ObjectError::Refused(_)) => {
                self.ledger.remove(id, FileState::Pending).await.map(drop)
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = removed {
            left_behind(&error, key);
        }
    }
}

fn left_behind(error: &dyn fmt::Display, key: &ObjectKey) {
    tracing::warn!(%error, %key, "an upload that failed stays behind as pending");
}

fn prefix(owner: UserId) -> String {
    format!("users/{owner}/")
}

fn may_reach(caller: &Caller, owner: UserId) -> bool {
    caller.is_admin || caller.user_id == owner
}
