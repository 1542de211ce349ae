//! Feature `envelope`: a failure of the database as any store of a domain crate reports it.

use kseekers_envelope::StorageError;

use crate::DbError;

impl From<DbError> for StorageError {
    /// What may be different in a moment is `Unavailable`, so that clients try again. A commit whose outcome is not
    /// known is not: it must not be repeated blindly.
    fn from(error: DbError) -> Self {
        match error {
            DbError::Timeout { .. } | DbError::Unavailable(_) | DbError::Closed => {
                StorageError::Unavailable(Box::new(error))
            }
            DbError::Decode(_) => StorageError::Unreadable(Box::new(error)),
            error => StorageError::Failed(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DecodeError;

    #[test]
    fn each_failure_finds_its_kind() {
        assert!(matches!(DbError::Closed.into(), StorageError::Unavailable(_)));
        assert!(matches!(DbError::Unavailable("down".into()).into(), StorageError::Unavailable(_)));
        let unreadable = DecodeError::NoSuchColumn { column: "x".into() };
        assert!(matches!(DbError::Decode(unreadable).into(), StorageError::Unreadable(_)));
        assert!(matches!(DbError::OutcomeUnknown.into(), StorageError::Failed(_)));
    }
}
