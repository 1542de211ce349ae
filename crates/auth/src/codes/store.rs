//! Where codes are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kseekers_access::UserId;
use kseekers_envelope::{StorageError, input::Id};

use super::{CodeMac, Purpose};

/// The number of a code in the store.
pub type CodeId = Id<NewCode>;

/// A code to keep.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Whom it is for; nobody, for a row that is only written to do the same for strangers.
    pub user: Option<UserId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Its hash.
    pub mac: CodeMac,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it does not count.
    pub expires_at: DateTime<Utc>,
}

/// A code that may be compared once, because one of its tries was taken for that.
#[derive(Debug, Clone)]
pub struct TriedCode {
    /// Its number.
    pub id: CodeId,
    /// Its hash.
    pub mac: CodeMac,
}

/// Keeps codes and counts the tries at them, exactly, however many ask at the same time.
#[async_trait]
pub trait CodeStore: Send + Sync {
    /// Keeps a code. Older ones of the same user and purpose do not count any more.
    ///
    /// # Errors
    /// When the database fails.
    async fn add(&self, code: &NewCode) -> Result<(), StorageError>;

    /// Takes one of `tries` tries at the newest code of the user and purpose, for good, and hands out its hash for
    /// that; `None` if there is no such code, or it was used, has expired, or was tried as often already. There is
    /// no other way to get at a hash, so nothing is ever compared that was not counted.
    ///
    /// Must send the same statements whatever comes of it, also for a user who does not exist: where the database is
    /// slow, one statement less tells from outside who is a user.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_try(
        &self,
        user: UserId,
        purpose: Purpose,
        tries: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<TriedCode>, StorageError>;

    /// Uses the code up; `false` if it was used already, has expired or does not exist. Of any number of callers one
    /// gets `true`.
    ///
    /// # Errors
    /// When the database fails.
    async fn consume(&self, id: CodeId, now: DateTime<Utc>) -> Result<bool, StorageError>;

    /// Deletes at most `limit` codes that expired before `before`, the oldest first, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    async fn sweep(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StorageError>;
}
