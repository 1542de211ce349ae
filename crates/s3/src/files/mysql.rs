//! The ledger on MySQL and MariaDB.

use std::any::type_name;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use kseekers_access::UserId;
use kseekers_db_pool::{DbError, DbPool, DecodeError, FromRow, Row, Transaction};
use kseekers_envelope::StorageError;
use tracing::instrument;

use crate::{
    ContentType, File, FileError, FileId, FileLedger, FileName, FileState, NewFile, ObjectKey, Sha256,
    StoredObject,
};

/// The ledger in the table of this crate's `schema.sql`.
#[derive(Debug, Clone)]
pub struct MySqlFiles {
    pool: DbPool,
}

impl MySqlFiles {
    /// The ledger in the database of this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl FileLedger for MySqlFiles {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn begin(&self, new: &NewFile) -> Result<FileId, FileError> {
        const INSERT: &str = "
            INSERT INTO files (object_key, owner_id, name, content_type, state) VALUES (?, ?, ?, ?, 'pending')";
        let values = (bytes(&new.key), new.owner.get(), new.name.as_str(), new.content_type.as_str());
        let id = self.pool.insert(INSERT, values).await?;
        let id = i32::try_from(id).map_err(|_| DbError::from(odd::<FileId>("id")))?;
        Ok(FileId::new(id))
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn finish(&self, id: FileId, object: &StoredObject) -> Result<File, FileError> {
        const FINISH: &str = "
            UPDATE files SET size = ?, sha256 = ?, state = 'stored' WHERE id = ? AND state = 'pending'";
        const BY_ID: &str = "
            SELECT id, object_key, owner_id, name, size, content_type, sha256, state, created_at
            FROM files WHERE id = ?";
        let values = (object.size, object.sha256.as_bytes().as_slice(), id.get());
        self.pool
            .transaction(async |tx: &mut Transaction| {
                if tx.execute(FINISH, values).await? == 0 {
                    return Err(FileError::NotFound);
                }
                Ok(tx.query_one(BY_ID, (id.get(),)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn by_key(&self, key: &ObjectKey) -> Result<Option<File>, FileError> {
        const BY_KEY: &str = "
            SELECT id, object_key, owner_id, name, size, content_type, sha256, state, created_at
            FROM files WHERE object_key = ?";
        Ok(self.pool.query_optional(BY_KEY, (bytes(key),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn remove(&self, id: FileId, seen: FileState) -> Result<bool, FileError> {
        const DELETE: &str = "DELETE FROM files WHERE id = ? AND state = ?";
        Ok(self.pool.execute(DELETE, (id.get(), seen.as_str())).await? > 0)
    }
}

/// Bytes, not text: text would be converted to some character set on its way.
fn bytes(key: &ObjectKey) -> &[u8] {
    key.as_str().as_bytes()
}

impl FromRow for File {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        let key: String = row.get("object_key")?;
        let sha256: Option<Vec<u8>> = row.get("sha256")?;
        let state: String = row.get("state")?;
        Ok(Self {
            id: FileId::new(row.get("id")?),
            key: ObjectKey::parse(key).map_err(|_| odd::<ObjectKey>("object_key"))?,
            owner: UserId::new(row.get("owner_id")?),
            name: FileName::sent(&row.get::<String>("name")?),
            size: row.get("size")?,
            content_type: ContentType::sent(Some(&row.get::<String>("content_type")?)),
            sha256: match sha256 {
                None => None,
                Some(hash) => {
                    let hash = hash.try_into().map_err(|_| odd::<Sha256>("sha256"))?;
                    Some(Sha256::from_bytes(hash))
                }
            },
            state: FileState::from_word(&state).ok_or_else(|| odd::<FileState>("state"))?,
            created_at: row.get::<NaiveDateTime>("created_at")?.into(),
        })
    }
}

/// The column holds something that nothing here has written.
fn odd<T>(column: &str) -> DecodeError {
    DecodeError::Mismatch { column: column.to_owned(), found: "text or bytes", expected: type_name::<T>() }
}

impl From<DbError> for FileError {
    fn from(error: DbError) -> Self {
        StorageError::from(error).into()
    }
}
