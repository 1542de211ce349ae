//! What can go wrong, and what clients are told of it.

use std::borrow::Cow;

use kseekers_envelope::{Code, ErrorCode, StorageError};

/// Why spare parts could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SparePartError {
    /// No spare part has this number: 404.
    #[error("there is no such spare part")]
    NotFound,
    /// No car model has this number: 404.
    #[error("there is no such car model")]
    CarModelNotFound,
    /// Rows of another table point to the spare part: 409.
    #[error("other rows point to the spare part")]
    InUse,
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for SparePartError {
    fn code(&self) -> Code {
        match self {
            SparePartError::NotFound | SparePartError::CarModelNotFound => Code::NotFound,
            SparePartError::InUse => Code::Conflict,
            SparePartError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            SparePartError::NotFound => "Spare part not found".into(),
            SparePartError::CarModelNotFound => "Car model not found".into(),
            SparePartError::InUse => "Spare part is in use".into(),
            SparePartError::Storage(error) => error.message(),
        }
    }
}
