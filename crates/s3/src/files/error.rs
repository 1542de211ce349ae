//! What can go wrong with a file, and what clients are told of it.

use std::borrow::Cow;

use kseekers_envelope::{Code, ErrorCode, StorageError};

use crate::{InvalidKey, ObjectError};

/// Why a file could not be had or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no such file, or it is another's: 404.
    #[error("there is no such file")]
    NotFound,
    /// No key can be made for it: 400.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// The bucket failed, or the content did: 503 or 400.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for FileError {
    fn code(&self) -> Code {
        match self {
            FileError::NotFound => Code::NotFound,
            FileError::Key(_) => Code::BadRequest,
            FileError::Objects(error) => error.code(),
            FileError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            FileError::NotFound => "File not found".into(),
            FileError::Key(_) => "key data incorrect".into(),
            FileError::Objects(error) => error.message(),
            FileError::Storage(error) => error.message(),
        }
    }
}
