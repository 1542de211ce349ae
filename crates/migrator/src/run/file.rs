//! A file that is being run, as its journal sees it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mysql_async::consts::StatusFlags;
use mysql_async::{Conn, Error};

use crate::journal::{Entry, Journal, StatementState};
use crate::plan::Step;
use crate::recovery::{changed_table, shows_itself};
use crate::sql::{Between, Kind, Name, Object, SessionChange, digests, kinds, left_behind};
use crate::{Direction, FileReport, Origin, ledger};

/// What is open when a statement has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transaction {
    /// Nothing, and each statement is committed by itself.
    None,
    /// Nothing, but the next statement begins one.
    NotYet,
    /// One that makes a change of rows and its note in the journal one thing.
    Ours,
    /// One that the file has begun.
    Files,
    /// One that the file has begun and in which nothing can be written.
    ReadOnly,
}

impl Transaction {
    pub(super) fn after_statement(conn: &Conn, ours: bool) -> Self {
        let flags = conn.last_ok_packet().map(|ok| ok.status_flags());
        let Some(flags) = flags else { return Self::None };
        if flags.contains(StatusFlags::SERVER_STATUS_IN_TRANS) {
            match ours {
                true => Self::Ours,
                false if flags.contains(StatusFlags::SERVER_STATUS_IN_TRANS_READONLY) => Self::ReadOnly,
                false => Self::Files,
            }
        } else if flags.contains(StatusFlags::SERVER_STATUS_AUTOCOMMIT) {
            Self::None
        } else {
            Self::NotYet
        }
    }
}

pub(super) struct File<'a> {
    pub(super) step: &'a Step<'a>,
    pub(super) begun: Instant,
    pub(super) journal: Journal,
    /// Whether an earlier run may have left rows there.
    has_old_rows: bool,
    known: Vec<(Kind, String)>,
    digest: String,
    /// What has ended and is not written down yet: index, counted from 0, and time if we were there.
    ended: Vec<(usize, Option<Duration>)>,
    /// Whether what has ended is to be written down with the rows that are being changed.
    pub(super) waits_for_rows: bool,
    /// How many statements were run.
    run: usize,
    /// How many were told.
    pub(super) told: usize,
    /// Whether its end was told.
    pub(super) is_told: bool,
    /// What is open now.
    pub(super) transaction: Transaction,
    /// Whether whatever is written now would be refused.
    pub(super) closed: bool,
    /// Whether the file has said how the next transaction is to be.
    pub(super) is_for_next: bool,
    /// The end of the file before, which is not written down yet.
    pub(super) behind: Option<Behind>,
    /// Whether the beginning was written down before the file before had ended.
    pub(super) is_begun: bool,
    /// How the server shows the table that the statement with this index changes.
    pub(super) looked: Option<(usize, Option<String>)>,
    /// What became of the next statements, of those that were sent along with earlier ones.
    pub(super) sent: VecDeque<Result<Duration, Error>>,
}

/// What is to be written down at the end of a file.
#[derive(Default)]
pub(super) struct Behind {
    /// For the ledger.
    pub(super) sql: Vec<String>,
    /// For the journal.
    pub(super) rows: Vec<String>,
}

impl<'a> File<'a> {
    pub(super) fn new(database: &str, step: &'a Step<'a>) -> Self {
        let (digests, digest) = digests(&step.statements);
        Self {
            step,
            begun: Instant::now(),
            journal: Journal::new(database, &step.row, step.direction),
            has_old_rows: true,
            known: kinds(&step.statements).into_iter().zip(digests).collect(),
            digest,
            ended: Vec::new(),
            waits_for_rows: false,
            run: 0,
            told: 0,
            is_told: false,
            transaction: Transaction::None,
            closed: false,
            is_for_next: false,
            behind: None,
            is_begun: false,
            looked: None,
            sent: VecDeque::new(),
        }
    }

    /// Whether rows of it may be left in the journal.
    pub(super) fn with_old_rows(self, has_old_rows: bool) -> Self {
        Self { has_old_rows, ..self }
    }

    /// A file that an earlier run has begun: to be run from the statement with this index on, counted from 0. `settled` is
    /// one that was found to be done.
    pub(super) fn begun(database: &str, step: &'a Step<'a>, from: usize, settled: Option<usize>) -> Self {
        let ended = settled.map(|index| (index, None)).into_iter().collect();
        Self { run: from, ended, ..Self::new(database, step) }
    }

    pub(super) fn kind(&self, index: usize) -> Option<&Kind> {
        self.known.get(index).map(|(kind, _)| kind)
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.known.iter().map(|(kind, _)| kind)
    }

    pub(super) fn text(&self, index: usize) -> &'a str {
        self.step.statements.get(index).map_or("", |statement| statement.text)
    }

    /// Whether all that has ended is written down.
    pub(super) fn has_none_ended(&self) -> bool {
        self.ended.is_empty()
    }

    pub(super) fn is_data(&self, index: usize) -> bool {
        matches!(self.kind(index), Some(Kind::Data(_)))
    }

    pub(super) fn changed_table(&self, index: usize) -> Option<&Name> {
        self.kind(index).and_then(changed_table)
    }

    /// Whether what was run so far may have changed settings.
    pub(super) fn has_changed_session(&self) -> bool {
        let run = self.known.iter().take(self.run);
        run.into_iter().any(|(kind, _)| matches!(kind, Kind::Session(SessionChange::Variable) | Kind::Opaque))
    }

    /// Whether nothing but a trigger can have changed the session.
    pub(super) fn has_kept_session(&self) -> bool {
        let is_open = !matches!(self.transaction, Transaction::None | Transaction::Ours);
        !is_open && !self.closed && self.kinds().take(self.run).all(keeps_session)
    }

    /// The SQL that takes away what the file has left in its session under a name.
    pub(super) fn left_behind(&self) -> Vec<String> {
        let run = self.step.statements.iter().zip(self.kinds()).take(self.run);
        run.flat_map(|(statement, kind)| left_behind(statement.text, kind)).collect()
    }

    /// Whether a run that goes on after a crash sees that all before this statement is done, although of the last one before
    /// it nothing but its beginning is written down.
    pub(super) fn shows_itself_before(&self, index: usize) -> bool {
        let is_last =
            |(last, _): &(usize, _)| last + 1 == index && self.kind(*last).is_some_and(shows_itself);
        matches!(self.ended.as_slice(), [last] if is_last(last)) && self.has_kept_session()
    }

    pub(super) fn ended(&mut self, index: usize, took: Duration, transaction: Transaction) {
        self.ended.push((index, Some(took)));
        self.run = index + 1;
        self.transaction = transaction;
        let statement = self.step.statements.get(index).zip(self.kind(index));
        match statement.map_or(Between::Free, |(statement, kind)| Between::after(statement.text, kind)) {
            Between::Closed => self.closed = true,
            Between::OpenAgain => self.closed = false,
            Between::NextTransaction => self.is_for_next = true,
            Between::Free => {
                self.is_for_next &= self.kind(index) == Some(&Kind::Session(SessionChange::Variable));
            }
        }
    }

    /// To be called when what has ended was written down.
    pub(super) fn written(&mut self) {
        self.ended.clear();
        self.waits_for_rows = false;
        self.behind = None;
    }

    /// What the journal is to say of the statements that have ended, and of the one with this index.
    pub(super) fn entries(&self, next: (usize, StatementState, Option<&str>)) -> String {
        self.journal.upsert(&self.unwritten(Some(next)))
    }

    /// The rows of [`Self::entries`].
    pub(super) fn rows(&self, next: (usize, StatementState, Option<&str>)) -> Vec<String> {
        self.journal.rows(&self.unwritten(Some(next)))
    }

    fn unwritten<'b>(&'b self, next: Option<(usize, StatementState, Option<&'b str>)>) -> Vec<Entry<'b>> {
        let entry = |index: usize, state, before, took: Option<Duration>| {
            let (_, digest) = self.known.get(index)?;
            let milliseconds = took.map(|took| took.as_millis());
            Some(Entry { statement: index + 1, digest, state, before, milliseconds })
        };
        let ended = self.ended.iter();
        ended
            .filter_map(|(index, took)| entry(*index, StatementState::Done, None, *took))
            .chain(next.and_then(|(index, state, before)| entry(index, state, before, None)))
            .collect()
    }

    /// SQL, and rows of the journal that are to be written behind it.
    pub(super) fn begin(&self, database: &str, before: Option<&str>) -> (Vec<String>, Vec<String>) {
        let step = self.step;
        let row = match step.direction {
            Direction::Up => ledger::begin(database, step.migration, &self.digest),
            Direction::Down => ledger::set_state(database, &step.row, ledger::UNDOING),
        };
        let clear = self.has_old_rows.then(|| self.journal.clear());
        let sql = [row].into_iter().chain(clear).collect();
        (sql, self.rows((0, StatementState::Started, before)))
    }

    /// What is to be written at the end of the file.
    pub(super) fn end(&mut self, database: &str) -> Behind {
        let step = self.step;
        let Behind { mut sql, mut rows } = self.behind.take().unwrap_or_default();
        rows.extend(self.journal.rows(&self.unwritten(None)));
        match step.direction {
            Direction::Up => {
                sql.push(ledger::applied(database, &step.row, step.file, &self.digest, Origin::Run));
            }
            // With the way back done, nothing is left of the way up.
            Direction::Down => sql.extend([
                ledger::forget(database, &step.row),
                Journal::new(database, &step.row, Direction::Up).clear(),
            ]),
        }
        Behind { sql, rows }
    }

    /// As if the file had never begun.
    pub(super) fn never_begun(&self, database: &str) -> String {
        let row = match self.step.direction {
            Direction::Up => ledger::forget(database, &self.step.row),
            Direction::Down => ledger::set_state(database, &self.step.row, ledger::DONE),
        };
        format!("{row}; {}", self.journal.clear())
    }

    pub(super) fn report(&self) -> FileReport {
        let step = self.step;
        FileReport {
            file: step.file.name().to_owned(),
            version: Some(step.migration.version),
            statements: step.statements.len(),
            duration: self.begun.elapsed(),
        }
    }
}

/// Whether nothing but a trigger can change the session with a statement of this kind.
pub(super) fn keeps_session(kind: &Kind) -> bool {
    match kind {
        // Who drops the database in use uses none then.
        Kind::Definition(definition) => definition.object != Object::Database,
        Kind::Data(_) => true,
        _ => false,
    }
}
