//! What can go wrong, and what clients are told of it.

use std::borrow::Cow;

use kseekers_envelope::{Code, ErrorCode, StorageError};

/// Why a grid or a column could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DisplayConfigError {
    /// No column has this number: 404.
    #[error("there is no such display config")]
    ConfigNotFound,
    /// No grid has this number or id: 404.
    #[error("there is no such grid")]
    GridNotFound,
    /// Another column of the same grid has this id: 409.
    #[error("a column with this id exists in the grid")]
    ConfigExists,
    /// Another grid has this name or id: 409.
    #[error("a grid of this name or id exists")]
    GridExists,
    /// Rows of another table point to the column, or to a column of the grid that was to go: 409.
    #[error("other rows point to the display config")]
    ConfigInUse,
    /// Rows of another table point to the grid: 409.
    #[error("other rows point to the grid")]
    GridInUse,
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for DisplayConfigError {
    fn code(&self) -> Code {
        match self {
            DisplayConfigError::ConfigNotFound | DisplayConfigError::GridNotFound => Code::NotFound,
            DisplayConfigError::ConfigExists
            | DisplayConfigError::GridExists
            | DisplayConfigError::ConfigInUse
            | DisplayConfigError::GridInUse => Code::Conflict,
            DisplayConfigError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            DisplayConfigError::ConfigNotFound => "Display config not found".into(),
            DisplayConfigError::GridNotFound => "Grid metadata not found".into(),
            DisplayConfigError::ConfigExists | DisplayConfigError::GridExists => {
                Code::Conflict.message().into()
            }
            DisplayConfigError::ConfigInUse => "Display config is in use".into(),
            DisplayConfigError::GridInUse => "Grid metadata is in use".into(),
            DisplayConfigError::Storage(error) => error.message(),
        }
    }

    fn stack(&self) -> Vec<String> {
        match self {
            DisplayConfigError::ConfigExists => vec!["Display config already exists".to_owned()],
            DisplayConfigError::GridExists => vec!["Grid metadata already exists".to_owned()],
            other => vec![other.message().into_owned()],
        }
    }
}
