//! Feature `envelope`: a failure of the database as any store of a domain crate reports it.

use kseekers_envelope::StorageError;

use crate::DbError;

impl From<DbError> for StorageError {
    /// What may be different in a moment is `Unavailable`, so that clients try again. A commit whose outcome is not
    /// known is not: it must not be repeated blindly.
    fn from(error: DbError) -> Self {
        match error {
            DbError::Timeout { .. }
            | DbError::TooManyWaiting { .. }
            | DbError::StatementTimeout { .. }
            | DbError::Unavailable(_)
            | DbError::Closed
            | DbError::Deadlock
            | DbError::LockWait
            | DbError::TooManyStatements => StorageError::Unavailable(Box::new(error)),
            DbError::Decode(_) => StorageError::Unreadable(Box::new(error)),
            error => StorageError::Failed(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::DecodeError;

    #[test]
    fn each_failure_finds_its_kind() {
        for different_in_a_moment in [
            DbError::Timeout { limit: Duration::ZERO, in_use: 1, waiting: 1 },
            DbError::TooManyWaiting { in_use: 1, waiting: 1 },
            DbError::StatementTimeout { after: Duration::ZERO },
            DbError::Unavailable("down".into()),
            DbError::Closed,
            DbError::Deadlock,
            DbError::LockWait,
            DbError::TooManyStatements,
        ] {
            let kind = StorageError::from(different_in_a_moment);
            assert!(matches!(kind, StorageError::Unavailable(_)), "{kind:?}");
        }
        let unreadable = DecodeError::NoSuchColumn { column: "x".into() };
        assert!(matches!(DbError::Decode(unreadable).into(), StorageError::Unreadable(_)));
        assert!(matches!(DbError::OutcomeUnknown.into(), StorageError::Failed(_)));
    }
}
