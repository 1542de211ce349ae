//! What any store can suffer.

use std::borrow::Cow;

use crate::{BoxError, Code, ErrorCode};

/// A failure of the database, whatever the store behind it is.
///
/// Every domain error has one variant for it, so that the three cases are told from each other in one place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The database did not answer in time or could not be reached: 503.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] BoxError),
    /// A row could not be read as what it should be: 500.
    #[error("a row could not be read: {0}")]
    Unreadable(#[source] BoxError),
    /// The database refused a statement that should have worked: 500.
    #[error("the database refused: {0}")]
    Failed(#[source] BoxError),
}

impl ErrorCode for StorageError {
    fn code(&self) -> Code {
        match self {
            StorageError::Unavailable(_) => Code::Unavailable,
            StorageError::Unreadable(_) | StorageError::Failed(_) => Code::Internal,
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            StorageError::Unavailable(_) => "Error in connecting to host database".into(),
            StorageError::Unreadable(_) => "Error in fetching results from database".into(),
            StorageError::Failed(_) => Code::Internal.message().into(),
        }
    }
}
