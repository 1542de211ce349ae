//! What can go wrong, and what clients are told of it.

use std::borrow::Cow;

use kseekers_envelope::{Code, ErrorCode, StorageError};

/// Why a grid or a column could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DisplayConfigError {
    /// No column has this number: 404.
    #[error("there is no such display config")]
    ConfigNotFound,
    /// No grid has this id: 404.
    #[error("there is no such grid")]
    GridNotFound,
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for DisplayConfigError {
    fn code(&self) -> Code {
        match self {
            DisplayConfigError::ConfigNotFound | DisplayConfigError::GridNotFound => Code::NotFound,
            DisplayConfigError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            DisplayConfigError::ConfigNotFound => "Display config not found".into(),
            DisplayConfigError::GridNotFound => "Grid metadata not found".into(),
            DisplayConfigError::Storage(error) => error.message(),
        }
    }
}
