//! What a statement means for those who write something down before and after it.

use super::body;
use super::kind::{DataAction, Kind, SessionChange};
use super::reader::Reader;
use super::token::Token;

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
    /// What follows `statement`, which is of this kind.
    pub(crate) fn after(statement: &str, kind: &Kind) -> Self {
        if !matches!(kind, Kind::Session(_) | Kind::Opaque) {
            return Self::Free;
        }
        let mut reader = Reader::new(statement);
        if *kind == Kind::Session(SessionChange::Locks) {
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

/// What a statement has left in its session for those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    /// Nothing.
    Nothing,
    /// What another session has too once the statement is run in it.
    Setting,
    /// Locks on tables, until they are unlocked.
    Locks,
    /// Something that is gone with the session.
    Lost,
}

impl Trace {
    /// What `statement`, which is of this kind, leaves.
    pub(crate) fn of(statement: &str, kind: &Kind) -> Self {
        match kind {
            Kind::Session(SessionChange::Database) => Self::Setting,
            Kind::Session(SessionChange::Locks) => match Between::after(statement, kind) {
                Between::Closed => Self::Locks,
                _ => Self::Nothing,
            },
            Kind::Session(SessionChange::Variable) => match Between::after(statement, kind) {
                // It is used up by then.
                Between::NextTransaction => Self::Nothing,
                _ if sets_constants(Reader::new(statement)) => Self::Setting,
                _ => Self::Lost,
            },
            // `LOAD DATA … (a, @b)`
            Kind::Data(change) if change.action == DataAction::Load && has_symbol(statement, "@") => {
                Self::Lost
            }
            Kind::Session(_) | Kind::Opaque => Self::Lost,
            _ => Self::Nothing,
        }
    }
}

/// `SET NAMES utf8mb4`, `SET foreign_key_checks = 0`: nothing is computed, and no variable of the user is set or read.
fn sets_constants(mut reader: Reader<'_>) -> bool {
    if !reader.eat("SET") {
        return false;
    }
    // These say of the next statement only what it is to find.
    const FOR_NEXT: &[&str] = &["INSERT_ID", "LAST_INSERT_ID", "IDENTITY", "RAND_SEED1", "RAND_SEED2"];
    let mut is_value = false;
    !reader.has_words(FOR_NEXT)
        && reader.rest().iter().all(|token| {
            let plain = !(token.is_symbol("@") || token.is_symbol("(") || is_value && token.is_symbol("@@"));
            is_value = (is_value || token.is_symbol("=") || token.is_symbol(":=")) && !token.is_symbol(",");
            plain
        })
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
    has_symbol(statement, ",")
}

fn has_symbol(statement: &str, symbol: &str) -> bool {
    Reader::new(statement).rest().iter().any(|token| token.is_symbol(symbol))
}

/// `ALTER TABLE … TRUNCATE PARTITION`, `EXCHANGE PARTITION`, MariaDB's `CONVERT PARTITION` and `CONVERT TABLE`, what
/// discards or imports the file of a table, and `ALTER SEQUENCE … RESTART`: rows or numbers are others, and the schema
/// does not show it.
pub(crate) fn moves_rows(statement: &str) -> bool {
    let mut reader = Reader::new(statement);
    if reader.eat_all(&["ALTER", "SEQUENCE"]) {
        return reader.has_words(&["RESTART"]);
    }
    reader.rest().windows(2).any(|words| match words {
        [word, next] if word.is_one_of(&["TRUNCATE", "EXCHANGE", "CONVERT"]) => {
            next.is_one_of(&["PARTITION", "TABLE"])
        }
        [word, next] if word.is_one_of(&["DISCARD", "IMPORT"]) => {
            next.is_one_of(&["TABLESPACE", "PARTITION"])
        }
        _ => false,
    })
}

/// Whether it asks for the number that an earlier statement of the session has given to a row.
pub(crate) fn reads_last_insert_id(statement: &str) -> bool {
    let reader = Reader::new(statement);
    let tokens = reader.rest();
    let calls = |tokens: &[Token<'_>]| {
        matches!(tokens, [name, open, close] if name.is_word("LAST_INSERT_ID")
            && open.is_symbol("(") && close.is_symbol(")"))
    };
    let is_variable = |tokens: &[Token<'_>]| matches!(tokens, [mark, name] if mark.is_symbol("@@") && name.is_one_of(&["LAST_INSERT_ID", "IDENTITY"]));
    !reader.is_program() && (tokens.windows(3).any(calls) || tokens.windows(2).any(is_variable))
}
