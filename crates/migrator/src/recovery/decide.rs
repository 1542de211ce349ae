//! What to do with a file that was begun, from what its journal and the schema say. Nothing here touches a database.

use sha2::{Digest, Sha256};

use crate::journal::{JournalRow, StatementState};
use crate::split::Statement;
use crate::sql::{
    Action, Clause, Definition, Kind, Name, Object, SessionChange, Trace, TransactionStep, are_in, are_seen,
    clauses, kinds, moves_rows, reads_last_insert_id,
};

/// A statement of the file as it is now.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) kind: Kind,
    pub(crate) digest: String,
    /// What it leaves in its session.
    pub(crate) trace: Trace,
    /// `ALTER TABLE … TRUNCATE PARTITION` and the like: the schema does not show it, and run again it does harm.
    pub(crate) moves_rows: bool,
    /// `LAST_INSERT_ID()`
    pub(crate) reads_last_id: bool,
    /// Where it changes a table, what it does to it.
    pub(crate) clauses: Vec<Clause>,
}

impl Known {
    /// The statements of a file.
    pub(crate) fn all(statements: &[Statement<'_>]) -> Vec<Self> {
        let known = |(statement, kind): (&Statement<'_>, Kind)| Self {
            digest: statement.digest(),
            trace: Trace::of(statement.text, &kind),
            moves_rows: moves_rows(statement.text),
            reads_last_id: reads_last_insert_id(statement.text),
            clauses: match &kind {
                Kind::Definition(definition) => clauses(statement.text, definition),
                _ => Vec::new(),
            },
            kind,
        };
        statements.iter().zip(kinds(statements)).map(known).collect()
    }
}

/// What the schema shows of the objects that the statement in flight names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Those that are there. One that is older than the statement was not made by it.
    pub(crate) present: Vec<Name>,
    /// Whether one of them was made after a DROP of it had begun.
    pub(crate) younger: bool,
    /// How the server shows the table that it changes.
    pub(crate) definition: Option<String>,
    /// The first of the statements that [`may_have_changed`] rows which are not rolled back with their transaction.
    pub(crate) not_rolled_back: Option<usize>,
}

/// How to go on. Statements are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Run the file from this statement.
    GoOn { from: usize },
    /// Only the ledger is behind.
    AllDone,
    /// It cannot be told; this is the statement that a person has to judge.
    Cannot { statement: usize, why: Why },
}

/// Why it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// No journal: begun by an earlier version of this program.
    NoJournal,
    /// This statement, done or in flight, was another one when it was run.
    Changed(usize),
    /// This statement, which was done, has left something in its session that later ones may need.
    SessionState(usize),
    /// It leaves no trace.
    NoTrace,
    /// It writes to tables without transactions.
    NotTransactional,
    /// This statement does, in a transaction that begins with it.
    NotRolledBack(usize),
    /// Some of its objects are there and some are not.
    Partly,
    /// Tables were locked from there on, so that nothing could be written down.
    Locked,
}

/// What the journal keeps of how the server shows a table.
pub(crate) fn definition_digest(shown: &str) -> String {
    hex::encode(Sha256::digest(shown))
}

/// The statement that was in flight; `None` where that is certain to be none.
pub(crate) fn in_flight<'a>(journal: &'a [JournalRow], file: &'a [Known]) -> Option<(usize, &'a Known)> {
    let last = journal.last().filter(|last| last.state == StatementState::Started)?;
    let index = last.statement.checked_sub(1)?;
    Some((index, file.get(index)?))
}

/// The statements that may have changed rows since something was written down of this one. In a transaction of the file they
/// are those up to its end.
pub(crate) fn may_have_changed(file: &[Known], index: usize) -> &[Known] {
    let (before, rest) = file.split_at(index.min(file.len()));
    if shows_itself_before_rows(rest) {
        return rest.get(..2).unwrap_or_default();
    }
    let Some(first) = rest.first() else { return &[] };
    let reserves = first.kind == Kind::Session(SessionChange::Variable) && first.trace == Trace::Nothing;
    let begins = reserves || first.kind == Kind::Transaction(TransactionStep::Begin);
    // With autocommit off each statement may begin one.
    if !begins && !before.iter().any(|known| known.trace == Trace::Setting) {
        return rest.get(..1).unwrap_or_default();
    }
    let is_end = |known: &Known| {
        use TransactionStep::{Commit, Rollback};
        matches!(known.kind, Kind::Transaction(Commit | Rollback) | Kind::Definition(_))
    };
    rest.get(..rest.iter().position(is_end).unwrap_or(rest.len()).max(1)).unwrap_or_default()
}

/// Whether the schema shows by itself that it is done, so that the note of it can wait for the transaction of the rows that
/// the next statement changes.
pub(crate) fn shows_itself(kind: &Kind) -> bool {
    let Kind::Definition(definition) = kind else { return false };
    let is_shown = !matches!(definition.object, Object::Index | Object::Other) && !takes_place(definition);
    definition.action == Action::Create && is_shown && !definition.tolerant && !definition.fills
}

/// Whether the table shows for certain whether the statement has changed it.
pub(crate) fn shows_its_change(statement: &str, kind: &Kind) -> bool {
    match kind {
        Kind::Definition(definition) if changes_table(definition) => {
            !moves_rows(statement) && are_seen(&clauses(statement, definition))
        }
        _ => false,
    }
}

fn shows_itself_before_rows(statements: &[Known]) -> bool {
    matches!(statements, [first, next, ..] if shows_itself(&first.kind) && matches!(next.kind, Kind::Data(_)))
}

/// Decides; `seen` is what the schema shows of the statement [`in_flight`].
pub(crate) fn decide(journal: &[JournalRow], file: &[Known], seen: &Seen) -> Decision {
    let Some(last) = journal.last() else { return Decision::Cannot { statement: 0, why: Why::NoJournal } };
    let index = last.statement.saturating_sub(1);
    let cannot = |statement, why| Decision::Cannot { statement, why };
    // A refused statement had no effect, so it may have been mended; all others must be what was run.
    let must_fit = |row: &&JournalRow| row.state != StatementState::Failed || row.statement != last.statement;
    let changed = journal
        .iter()
        .filter(must_fit)
        .map(|row| (row.statement.saturating_sub(1), row))
        .find(|(index, row)| file.get(*index).is_none_or(|known| known.digest != row.digest));
    if let Some((changed, _)) = changed {
        return cannot(index, Why::Changed(changed));
    }
    let from = match (last.state, file.get(index)) {
        (StatementState::Done | StatementState::Skipped, _) => index + 1,
        (StatementState::Failed, _) | (StatementState::Started, None) => index,
        (StatementState::Started, Some(known)) => match effect(known, last.before.as_deref(), seen) {
            Ok(true) => match seen.not_rolled_back {
                // The rows behind it may have been in flight.
                Some(writes) if shows_itself(&known.kind) => return cannot(writes, Why::NotTransactional),
                _ => index + 1,
            },
            Ok(false) => index,
            Err(Why::NotRolledBack(writes)) if writes == index => {
                return cannot(index, Why::NotTransactional);
            }
            Err(why) => return cannot(index, why),
        },
    };
    if from >= file.len() {
        return Decision::AllDone;
    }
    let (run, rest) = file.split_at(from);
    match lost(run).or_else(|| lost_last_id(run, rest)) {
        Some(before) => cannot(from, Why::SessionState(before)),
        None => Decision::GoOn { from },
    }
}

/// The first of these statements that has left something in its session which is not there any more.
fn lost(run: &[Known]) -> Option<usize> {
    let unlocked = run.iter().rposition(|known| is_unlocking(&known.kind, known.trace));
    run.iter().enumerate().position(|(index, known)| match known.trace {
        Trace::Lost => true,
        Trace::Locks => unlocked.is_none_or(|unlocked| unlocked < index),
        Trace::Setting | Trace::Nothing => false,
    })
}

/// Where `rest` asks for the number of a row before it has made one, the last statement that may have made one.
fn lost_last_id(run: &[Known], rest: &[Known]) -> Option<usize> {
    let makes_rows = |known: &Known| matches!(known.kind, Kind::Data(_));
    let asks = rest.iter().position(|known| known.reads_last_id)?;
    let made = rest.iter().take(asks).any(makes_rows);
    run.iter().rposition(makes_rows).filter(|_| !made)
}

fn is_unlocking(kind: &Kind, trace: Trace) -> bool {
    *kind == Kind::Session(SessionChange::Locks) && trace == Trace::Nothing
}

/// Whether the statement took effect; false also where running it again is right in either case.
fn effect(known: &Known, before: Option<&str>, seen: &Seen) -> Result<bool, Why> {
    match &known.kind {
        // The transaction holds the journal too: what is written there as started was rolled back.
        Kind::Data(_)
        | Kind::Transaction(TransactionStep::Begin)
        | Kind::Session(SessionChange::Variable) => {
            seen.not_rolled_back.map_or(Ok(false), |writes| Err(Why::NotRolledBack(writes)))
        }
        // A row written within a transaction is there only if that was committed.
        Kind::Transaction(TransactionStep::Commit) => Ok(true),
        Kind::Session(SessionChange::Locks) => Err(Why::Locked),
        Kind::Query | Kind::Repeatable | Kind::Transaction(_) | Kind::Session(_) => Ok(false),
        Kind::Definition(definition) if definition.action == Action::Alter && known.moves_rows => {
            Err(Why::NoTrace)
        }
        Kind::Definition(definition) if changes_table(definition) => altered(&known.clauses, before, seen),
        Kind::Definition(definition) => defined(definition, before, seen),
        _ => Err(Why::NoTrace),
    }
}

/// Whether the definition of a table tells what happened.
pub(crate) fn changes_table(definition: &Definition) -> bool {
    matches!((definition.action, definition.object), (Action::Alter, Object::Table) | (_, Object::Index))
}

/// That the table is another one now may be somebody else's doing, who came before the statement.
fn altered(clauses: &[Clause], before: Option<&str>, seen: &Seen) -> Result<bool, Why> {
    match (before, seen.definition.as_deref()) {
        (None, None) => Ok(false),
        (Some(before), Some(now)) if before == definition_digest(now) => Ok(false),
        _ if clauses.iter().all(|clause| *clause == Clause::Repeats) => Ok(false),
        (Some(_), Some(now)) if are_in(clauses, now) == Some(true) => Ok(true),
        _ => Err(Why::NoTrace),
    }
}

/// Whether it makes something in the place of what may be there, so that what is there must be known before.
pub(crate) fn takes_place(definition: &Definition) -> bool {
    match (definition.action, definition.object) {
        (Action::Create, Object::Table | Object::Sequence) => definition.replaces,
        // Not every server says how old a view is.
        (Action::Create, Object::View) => !definition.tolerant,
        _ => false,
    }
}

fn defined(definition: &Definition, before: Option<&str>, seen: &Seen) -> Result<bool, Why> {
    let Definition { action, object, names, renamed_to, .. } = definition;
    let present = seen.present.as_slice();
    match (action, object) {
        (Action::Create, _) if definition.fills => Err(Why::NoTrace),
        // One that was there has made the server refuse it.
        (Action::Create, Object::View) if takes_place(definition) && before.is_some() => Ok(false),
        // Again it would lose what was written into the new one.
        (Action::Create, _) if takes_place(definition) && definition.replaces => {
            match seen.definition.as_deref().map(definition_digest) {
                _ if present.is_empty() => Ok(false),
                now if now.as_deref() == before => Err(Why::NoTrace),
                _ => Ok(true),
            }
        }
        // Again it would lose what was written into another one that has its name now.
        (Action::Drop, _) if seen.younger => Err(Why::NoTrace),
        (Action::Create | Action::Drop, _) if definition.tolerant => Ok(false),
        (_, Object::Other) => Err(Why::NoTrace),
        (Action::Create, _) => all_or_none(&refs(names), &[], present),
        (Action::Drop, _) => all_or_none(&[], &refs(names), present),
        (Action::Rename, _) => {
            let appear: Vec<&Name> = renamed_to.iter().filter(|name| !names.contains(name)).collect();
            let vanish: Vec<&Name> = names.iter().filter(|name| !renamed_to.contains(name)).collect();
            all_or_none(&appear, &vanish, present)
        }
        // What these say of the object is the same when it is said again.
        (
            Action::Alter,
            Object::View | Object::Procedure | Object::Function | Object::Database | Object::Sequence,
        ) => Ok(false),
        (Action::Alter | Action::Truncate, _) => Err(Why::NoTrace),
    }
}

fn refs(names: &[Name]) -> Vec<&Name> {
    names.iter().collect()
}

/// `appear` are there only after the statement, `vanish` only before it.
fn all_or_none(appear: &[&Name], vanish: &[&Name], present: &[Name]) -> Result<bool, Why> {
    let is_after = |name: &&Name, appears: bool| present.contains(name) == appears;
    let after: Vec<bool> = appear
        .iter()
        .map(|name| is_after(name, true))
        .chain(vanish.iter().map(|name| is_after(name, false)))
        .collect();
    match after.as_slice() {
        [] => Err(Why::NoTrace),
        [first, others @ ..] if others.iter().all(|other| other == first) => Ok(*first),
        _ => Err(Why::Partly),
    }
}

#[cfg(test)]
mod tests;
