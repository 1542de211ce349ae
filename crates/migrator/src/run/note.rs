//! What is written down between statements. In every note the lock's fence comes before what is written.

use std::time::Instant;

use super::file::{Behind, File, Transaction};
use super::{Runner, Told};
use crate::journal::StatementState;
use crate::sql::{Kind, TransactionStep};
use crate::{MigrateError, journal, session};

/// Whatever the session's default is by now.
pub(super) const BEGIN: &str = "START TRANSACTION READ WRITE";
pub(super) const BEGIN_OURS: &str = "START TRANSACTION";
const COMMIT: &str = "COMMIT";

/// What is to be sent before a statement of a file.
#[derive(Default)]
pub(super) struct Note {
    pub(super) sql: Vec<String>,
    /// Whether a transaction of ours is open behind it.
    pub(super) ours: bool,
    /// Whether nothing is lost if it is refused, so that it can be sent again.
    pub(super) is_whole: bool,
    /// Whether it says how far the file has come, and ends the file before.
    pub(super) settles: bool,
    /// Whether it begins the next file.
    pub(super) begins_next: bool,
}

impl Runner<'_> {
    /// Ends `last` and begins this file. Returns what is left to be sent before the first statement.
    pub(super) async fn before_file(
        &mut self,
        mut last: Option<File<'_>>,
        file: &mut File<'_>,
        told: &mut Told<'_>,
    ) -> Result<Note, MigrateError> {
        let must_end = |last: &mut File<'_>| {
            // The table that this file changes must be looked at in a session that shows it as always.
            let is_changed = last.closed || last.has_changed_session();
            !last.left_behind().is_empty() || file.changed_table(0).is_some() && is_changed
        };
        if let Some(last) = last.take_if(must_end) {
            self.end(last, told).await?;
        }
        if file.sent.is_empty() {
            file.begun = Instant::now();
        }
        let mut note = Note { ours: file.is_data(0), ..Note::default() };
        if file.is_begun {
            if let Some(mut last) = last {
                // It is done, and that is to be seen: the ledger says so with the next commit.
                file.behind = Some(last.end(self.database));
                last.tell_end(told);
            }
            if file.sent.is_empty() {
                note.sql.push(self.settings_and_question());
            }
            return Ok(note);
        }
        self.between_files(last, Some(file), told).await?;
        Ok(note)
    }

    /// Writes down that the last of the files is done.
    pub(super) async fn end(&mut self, last: File<'_>, told: &mut Told<'_>) -> Result<(), MigrateError> {
        let left = last.left_behind();
        self.between_files(Some(last), None, told).await?;
        self.take_away(&left).await
    }

    async fn between_files(
        &mut self,
        last: Option<File<'_>>,
        next: Option<&mut File<'_>>,
        told: &mut Told<'_>,
    ) -> Result<(), MigrateError> {
        let has_kept = last.as_ref().is_some_and(File::has_kept_session);
        let is_open = last.as_ref().is_some_and(|last| last.transaction == Transaction::Ours);
        let (mut last, mut begin, mut is_data) = (last, None, false);
        if let Some(next) = next {
            let before = self.look(next, 0, false).await?;
            begin = Some(next.begin(self.database, before.as_deref()));
            is_data = next.is_data(0);
        }
        let behind = last.as_mut().map(|last| last.end(self.database));
        let mut sql = self.sql_between_files(has_kept, is_open, self.changes(behind.as_ref(), begin));
        sql.extend(is_data.then(|| BEGIN_OURS.to_owned()));
        match is_open {
            true => self.write(&sql.join("; ")).await?,
            false => self.write_again(&sql.join("; ")).await?,
        }
        if let Some(mut last) = last {
            last.tell_end(told);
        }
        Ok(())
    }

    /// The end of files and the beginning of another one: what is for the ledger, then all rows of the journal at once.
    pub(super) fn changes(
        &self,
        behind: Option<&Behind>,
        begin: Option<(Vec<String>, Vec<String>)>,
    ) -> Vec<String> {
        let (mut sql, mut rows) = (Vec::new(), Vec::new());
        if let Some(behind) = behind {
            sql.extend_from_slice(&behind.sql);
            rows.extend_from_slice(&behind.rows);
        }
        if let Some((begin, begun)) = begin {
            sql.extend(begin);
            rows.extend(begun);
        }
        if !rows.is_empty() {
            sql.push(journal::upsert_rows(self.database, &rows));
        }
        sql
    }

    /// `has_kept`: the file before cannot have changed the session; `is_open`: its changes of rows are not committed yet.
    fn sql_between_files(&self, has_kept: bool, is_open: bool, changes: Vec<String>) -> Vec<String> {
        // The server answers each statement by itself, which costs more than the statement: no more of them than it takes.
        let (mut sql, mut rest) = (Vec::new(), Vec::new());
        if has_kept && !self.lock.fence_writes() {
            sql.push(self.settings_and_question());
            sql.extend((!is_open).then(|| BEGIN.to_owned()));
        } else {
            let prepare = match has_kept {
                true => vec![session::settings(self.options)],
                false => session::preparation(self.database, self.options),
            };
            // The preparation rolls back what is open.
            match is_open {
                true => rest = prepare,
                false => sql.extend(prepare.into_iter().chain([BEGIN.to_owned()])),
            }
            sql.push(self.lock.fence().to_owned());
        }
        sql.extend(changes);
        sql.push(COMMIT.to_owned());
        sql.extend(rest);
        sql
    }

    /// What is to be sent before a change of rows that is to be one commit with the note of the statement before it.
    pub(super) fn beginning_for_rows(&self) -> [String; 2] {
        [self.lock.fence().to_owned(), BEGIN_OURS.to_owned()]
    }

    /// The settings are one statement, which can ask as well.
    pub(super) fn settings_and_question(&self) -> String {
        let (settings, question) = (session::settings(self.options), self.lock.question());
        format!("{settings}, @schema_migrations_lock = {question}")
    }

    /// What is to be sent before the statement with this index, which is not the first one of this run. `next` is the file
    /// that comes afterwards.
    pub(super) async fn before_statement(
        &mut self,
        file: &mut File<'_>,
        index: usize,
        next: Option<&File<'_>>,
    ) -> Result<Note, MigrateError> {
        let fence = self.lock.fence().to_owned();
        let transaction = file.transaction;
        let mut note = Note::default();
        if file.closed || transaction == Transaction::ReadOnly || is_kept_for_next(file, index) {
            note.sql.push(self.lock.fence_that_writes_nothing().to_owned());
            return Ok(note);
        }
        let before = self.look(file, index, file.has_changed_session()).await?;
        note.ours = matches!(transaction, Transaction::None | Transaction::Ours) && file.is_data(index);
        // The transaction that was told how to be is that of the change of rows.
        let inside = note.ours && transaction == Transaction::None && file.is_for_next;
        let is_alone = !self.lock.fence_writes() && !file.has_changed_session() && !file.is_for_next;
        if note.ours && transaction == Transaction::None && is_alone && file.shows_itself_before(index) {
            // One commit for both.
            note.sql.extend(self.beginning_for_rows());
            file.waits_for_rows = true;
            return Ok(note);
        }
        let next = next.filter(|next| is_alone && file.may_begin(next, index, before.is_some()));
        note.begins_next = next.is_some();
        note.settles = true;
        note.is_whole = matches!(transaction, Transaction::None | Transaction::NotYet) && !file.is_for_next;
        let (begin, begun) = next.map(|next| next.begin(self.database, None)).unwrap_or_default();
        let rows = file.rows((index, StatementState::Started, before.as_deref()));
        let rows = rows.into_iter().chain(begun).collect();
        let changes = self.changes(file.behind.as_ref(), Some((begin, rows)));
        let (begins, ends) = match transaction {
            // The file's own transaction keeps these with its own changes.
            Transaction::Files => (None, None),
            Transaction::Ours => (None, Some(COMMIT)),
            // One statement is a transaction of its own.
            Transaction::None if is_alone && changes.len() == 1 => (None, None),
            _ if inside => (Some(BEGIN_OURS), None),
            // With autocommit off our own write would begin one, and the file would be blamed for it.
            _ => (Some(BEGIN), Some(COMMIT)),
        };
        note.sql.extend(begins.map(str::to_owned));
        note.sql.push(fence);
        note.sql.extend(changes);
        note.sql.extend(ends.map(str::to_owned));
        if note.ours && !inside {
            note.sql.push(BEGIN_OURS.to_owned());
        }
        Ok(note)
    }
}

/// Whether the transaction of which the file has said how it is to be begins with this statement or later, so that ours
/// must not come before it.
fn is_kept_for_next(file: &File<'_>, index: usize) -> bool {
    let kept = match file.kind(index) {
        Some(Kind::Transaction(TransactionStep::Begin) | Kind::Session(_) | Kind::Query) => true,
        Some(Kind::Data(_)) => file.transaction == Transaction::NotYet,
        _ => false,
    };
    file.is_for_next && kept
}
