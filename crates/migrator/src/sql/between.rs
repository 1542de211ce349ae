//! What a statement means for those who write something down before and after it.

use super::body;
use super::kind::{Kind, SessionChange};
use super::reader::Reader;

/// What can be written after a statement, before the next one is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    /// Anything.
    Free,
    /// It has said how the next transaction is to be, and a write would use that up.
    NextTransaction,
    /// The server refuses other tables than those that are locked, or any while an XA transaction is idle.
    Closed,
    /// That is over.
    OpenAgain,
}

impl Between {
    /// What follows `statement`.
    pub(crate) fn after(statement: &str) -> Self {
        let mut reader = Reader::new(statement);
        if Kind::of(statement) == Kind::Session(SessionChange::Locks) {
            return if reader.eat("UNLOCK") { Self::OpenAgain } else { Self::Closed };
        }
        if reader.eat("XA") {
            return if reader.eat_any(&["COMMIT", "ROLLBACK"]) { Self::OpenAgain } else { Self::Closed };
        }
        if reader.eat("SET") && (reader.eat("TRANSACTION") || is_of_transaction(reader)) {
            return Self::NextTransaction;
        }
        Self::Free
    }
}

/// Set without GLOBAL, SESSION or LOCAL, these are those of the next transaction only.
fn is_of_transaction(mut reader: Reader<'_>) -> bool {
    const VARIABLES: &[&str] =
        &["TRANSACTION_ISOLATION", "TX_ISOLATION", "TRANSACTION_READ_ONLY", "TX_READ_ONLY"];
    reader.eat_symbol("@@") && reader.eat_any(VARIABLES)
}

/// Whether an error of the statement may come from another one that it runs, so that those before that one were done.
pub(crate) fn runs_others(statement: &str) -> bool {
    let mut reader = Reader::new(statement);
    body::is_more_than_one_statement(&reader) || reader.eat_any(&["CALL", "EXECUTE"])
}

/// Whether the statement may have several objects, such as `CREATE USER a, b`.
pub(crate) fn has_list(statement: &str) -> bool {
    Reader::new(statement).rest().iter().any(|token| token.is_symbol(","))
}
