//! Files and what is known of them.

use std::fmt;

use kseekers_access::UserId;
use kseekers_envelope::{Timestamp, input::Id};
use serde::Serialize;

use crate::{ContentType, FileName, ObjectKey, Sha256};

/// The number of a file.
pub type FileId = Id<File>;

/// A file in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct File {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: FileId,
    /// Where it is in the bucket; made by the server, below the prefix of its owner.
    #[cfg_attr(feature = "actix", schema(value_type = String))]
    pub key: ObjectKey,
    /// Who uploaded it. Clients are not told: they see their own.
    #[serde(skip)]
    pub owner: UserId,
    /// What a download is saved as.
    #[cfg_attr(feature = "actix", schema(value_type = String))]
    pub name: FileName,
    /// Bytes.
    pub size: u64,
    /// As the client named it.
    #[cfg_attr(feature = "actix", schema(value_type = String))]
    pub content_type: ContentType,
    /// Of the whole content, in hexadecimal digits; unknown while the file is pending.
    #[cfg_attr(feature = "actix", schema(value_type = Option<String>))]
    pub sha256: Option<Sha256>,
    /// How far it has come.
    pub state: FileState,
    /// When the upload began.
    pub created_at: Timestamp,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// On its way, or given up: the bucket may have it or not.
    Pending,
    /// The bucket has all of it.
    Stored,
}

impl FileState {
    /// The word for it, in the ledger and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            FileState::Pending => "pending",
            FileState::Stored => "stored",
        }
    }

    /// The state that has this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [FileState::Pending, FileState::Stored].into_iter().find(|state| state.as_str() == word)
    }
}

impl fmt::Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A file whose upload begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where it will be in the bucket.
    pub key: ObjectKey,
    /// Who uploads it.
    pub owner: UserId,
    /// What a download will be saved as.
    pub name: FileName,
    /// As the client named it.
    pub content_type: ContentType,
}
