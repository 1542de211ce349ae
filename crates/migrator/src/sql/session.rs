//! Statements that change the session, its transaction, or the server.

use super::kind::{Kind, SessionChange, TransactionStep};
use super::reader::Reader;

pub(super) fn read(verb: &str, mut reader: Reader<'_>) -> Option<Kind> {
    let session = |change| Some(Kind::Session(change));
    let transaction = |step| Some(Kind::Transaction(step));
    match verb {
        "SET" => set(reader),
        "GET" => session(SessionChange::Variable),
        "USE" => session(SessionChange::Database),
        "PREPARE" | "DEALLOCATE" => session(SessionChange::Prepared),
        "LOCK" | "UNLOCK" | "BACKUP" => session(SessionChange::Locks),
        // FLUSH TABLES … WITH READ LOCK, … FOR EXPORT
        "FLUSH" if reader.has_words(&["LOCK", "EXPORT"]) => session(SessionChange::Locks),
        "FLUSH" => Some(Kind::Repeatable),
        "START" => reader.eat("TRANSACTION").then_some(Kind::Transaction(TransactionStep::Begin)),
        // In MariaDB `BEGIN NOT ATOMIC` begins a program.
        "BEGIN" => {
            reader.eat("WORK");
            reader.rest().is_empty().then_some(Kind::Transaction(TransactionStep::Begin))
        }
        "COMMIT" => ends(&mut reader).then_some(Kind::Transaction(TransactionStep::Commit)),
        "ROLLBACK" if reader.has_words(&["TO"]) => transaction(TransactionStep::Savepoint),
        "ROLLBACK" => ends(&mut reader).then_some(Kind::Transaction(TransactionStep::Rollback)),
        "SAVEPOINT" => transaction(TransactionStep::Savepoint),
        "RELEASE" => reader.eat("SAVEPOINT").then_some(Kind::Transaction(TransactionStep::Savepoint)),
        _ => None,
    }
}

/// Whether no other transaction begins at once, and the connection stays.
fn ends(reader: &mut Reader<'_>) -> bool {
    reader.eat("WORK");
    reader.eat_all(&["AND", "NO", "CHAIN"]);
    reader.eat_all(&["NO", "RELEASE"]);
    reader.rest().is_empty()
}

fn set(mut reader: Reader<'_>) -> Option<Kind> {
    // MariaDB: variables for one statement.
    if reader.eat("STATEMENT") {
        reader.skip_to(&["FOR"]);
        let begins = reader.eat("FOR") && !reader.is_at("SET");
        return begins.then(|| Kind::read(reader))?;
    }
    if reader.eat("PASSWORD") || reader.eat_all(&["DEFAULT", "ROLE"]) {
        return Some(Kind::Repeatable);
    }
    let mut only_global = true;
    while !reader.rest().is_empty() {
        reader.eat_symbol("@@");
        let global = reader.eat_any(&["GLOBAL", "PERSIST", "PERSIST_ONLY"]);
        only_global &= global;
        while reader.peek().is_some_and(|token| !token.is_symbol(",")) {
            // Of a value that is computed from another nobody can tell what it was before.
            if global && (reader.is_at_symbol("@") || reader.is_at_symbol("@@")) {
                return None;
            }
            reader.skip();
        }
        reader.eat_symbol(",");
    }
    Some(if only_global { Kind::Repeatable } else { Kind::Session(SessionChange::Variable) })
}
