//! What can go wrong, and what clients are told of it.

use std::borrow::Cow;

use kseekers_access::AccessError;
use kseekers_envelope::{Code, ErrorCode, StorageError};

/// Why a lookup could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// No type has this number or name: 404.
    #[error("there is no such lookup type")]
    TypeNotFound,
    /// No value has this number: 404.
    #[error("there is no such lookup value")]
    ValueNotFound,
    /// The type has no active values, or there is no such type: 404.
    #[error("there are no headers of this name")]
    NoHeaders,
    /// Another type has this name: 409.
    #[error("a lookup type of this name exists")]
    TypeExists,
    /// Another value of the same type has this code: 409.
    #[error("a value with this code exists in the lookup type")]
    ValueExists,
    /// Rows of another table point to the type: 409.
    #[error("other rows point to the lookup type")]
    TypeInUse,
    /// Rows of another table point to the value, or to a value of the type that was to go: 409.
    #[error("other rows point to the lookup value")]
    ValueInUse,
    /// The caller may not do this: 401 or 403.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for LookupError {
    fn code(&self) -> Code {
        match self {
            LookupError::TypeNotFound | LookupError::ValueNotFound | LookupError::NoHeaders => Code::NotFound,
            LookupError::TypeExists
            | LookupError::ValueExists
            | LookupError::TypeInUse
            | LookupError::ValueInUse => Code::Conflict,
            LookupError::Access(error) => error.code(),
            LookupError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            LookupError::TypeNotFound => "Lookup type not found".into(),
            LookupError::ValueNotFound => "Lookup value not found".into(),
            LookupError::NoHeaders => "No Headers Found".into(),
            LookupError::TypeExists | LookupError::ValueExists => Code::Conflict.message().into(),
            LookupError::TypeInUse => "Lookup type is in use".into(),
            LookupError::ValueInUse => "Lookup value is in use".into(),
            LookupError::Access(error) => error.message(),
            LookupError::Storage(error) => error.message(),
        }
    }

    fn stack(&self) -> Vec<String> {
        match self {
            LookupError::TypeExists => vec!["Lookup type already exists".to_owned()],
            LookupError::ValueExists => vec!["Lookup value already exists".to_owned()],
            other => vec![other.message().into_owned()],
        }
    }
}
