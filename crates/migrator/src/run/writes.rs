//! What is written down between the statements of files. In every write the lock's fence comes before what is
//! written, and it is one round trip.

use mysql_async::Error;
use mysql_async::prelude::Queryable;

use super::Runner;
use super::again::is_conflict;
use super::file::{File, Transaction};
use crate::journal::StatementState;
use crate::recovery::{definition_digest, definition_of};
use crate::sql::{Kind, TransactionStep};
use crate::{MigrateError, journal, session};

/// Whatever the session's default is by now.
const BEGIN: &str = "START TRANSACTION READ WRITE";

/// What decides how the server shows a table is put aside, and back.
const SHOW_AS_ALWAYS: &str = "\
    SET @schema_migrations_mode = @@SESSION.sql_mode, @schema_migrations_zone = @@SESSION.time_zone, \
    @schema_migrations_quotes = @@SESSION.sql_quote_show_create, \
    @schema_migrations_letters = @@SESSION.character_set_results; \
    SET SESSION sql_mode = '', time_zone = '+00:00', sql_quote_show_create = 1, character_set_results = utf8mb4";
const SHOW_AS_BEFORE: &str = "\
    SET SESSION sql_mode = @schema_migrations_mode, time_zone = @schema_migrations_zone, \
    sql_quote_show_create = @schema_migrations_quotes, character_set_results = @schema_migrations_letters";

impl Runner<'_> {
    /// Between two files, before the first and after the last. Leaves a transaction of ours open if the file that begins
    /// begins with a change of rows.
    pub(super) async fn between_files(
        &mut self,
        last: Option<&File<'_>>,
        next: Option<&File<'_>>,
    ) -> Result<(), MigrateError> {
        let table = next.and_then(|next| next.changed_table(0));
        let left = last.map(File::left_behind).unwrap_or_default();
        let is_changed = last.is_some_and(|last| last.closed || last.has_changed_session());
        if next.is_some() && (!left.is_empty() || table.is_some() && is_changed) {
            // The table that the next file changes must be looked at in a session that shows it as always.
            Box::pin(self.between_files(last, None)).await?;
            return Box::pin(self.between_files(None, next)).await;
        }
        let before = match next {
            Some(file) => self.before(file, 0, false).await?,
            None => None,
        };
        let (end, mut rows) = last.map(|file| file.end(self.database)).unwrap_or_default();
        let (begin, started) =
            next.map(|file| file.begin(self.database, before.as_deref())).unwrap_or_default();
        rows.extend(started);
        let rows = match rows.as_slice() {
            [] => String::new(),
            rows => format!("; {}", journal::upsert_rows(self.database, rows)),
        };
        // The server answers each statement by itself, which costs more than the statement: no more of them than it takes.
        let has_kept = last.is_some_and(File::has_kept_session);
        let prepare = match has_kept {
            true => session::settings(self.options),
            false => session::preparation(self.database, self.options),
        };
        let is_open = last.is_some_and(|last| last.transaction == Transaction::Ours);
        let (fence, changes) = (self.lock.fence(), format!("{end}{begin}{rows}; COMMIT"));
        let mut sql = if has_kept && !self.lock.fence_writes() {
            // The settings are one statement, which can ask as well.
            let begin = if is_open { String::new() } else { format!("; {BEGIN}") };
            format!("{prepare}, @schema_migrations_lock = {}{begin}{changes}", self.lock.question())
        } else if is_open {
            // The preparation rolls back what is open.
            format!("{fence}{changes}; {prepare}")
        } else {
            format!("{prepare}; {BEGIN}; {fence}{changes}")
        };
        if next.is_some_and(|file| file.is_data(0)) {
            sql.push_str("; START TRANSACTION");
        }
        match last.map(|last| last.transaction) {
            Some(Transaction::Ours) => self.write(&sql).await?,
            _ => self.write_again(&sql).await?,
        }
        self.take_away(&left).await
    }

    /// What a file has left in its session must not be there for the next one, which may be run in a session of its own.
    async fn take_away(&mut self, left: &[String]) -> Result<(), MigrateError> {
        for sql in left {
            match self.conn.query_drop(sql).await {
                // It is gone, or has no default.
                Ok(()) | Err(Error::Server(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !left.is_empty() {
            self.prepare().await?;
        }
        Ok(())
    }

    /// Between two statements of a file, of which the second has this index. Returns whether a transaction of ours is open
    /// then.
    pub(super) async fn between_statements(
        &mut self,
        file: &mut File<'_>,
        index: usize,
    ) -> Result<bool, MigrateError> {
        let fence = self.lock.fence();
        let transaction = file.transaction;
        if file.closed || transaction == Transaction::ReadOnly || is_kept_for_next(file, index) {
            self.write(self.lock.fence_that_writes_nothing()).await?;
            return Ok(false);
        }
        let before = self.before(file, index, file.has_changed_session()).await?;
        let ours = matches!(transaction, Transaction::None | Transaction::Ours) && file.is_data(index);
        // The transaction that was told how to be is that of the change of rows.
        let inside = ours && transaction == Transaction::None && file.is_for_next;
        let is_alone = !self.lock.fence_writes() && !file.has_changed_session() && !file.is_for_next;
        if ours && transaction == Transaction::None && is_alone && file.shows_itself_before(index) {
            // One commit for both.
            self.write(&format!("{fence}; START TRANSACTION")).await?;
            file.waits_for_rows = true;
            return Ok(true);
        }
        let entries = file.entries((index, StatementState::Started, before.as_deref()));
        let mut sql = match transaction {
            // The file's own transaction keeps these with its own changes.
            Transaction::Files => format!("{fence}; {entries}"),
            Transaction::Ours => format!("{fence}; {entries}; COMMIT"),
            // One statement is a transaction of its own.
            Transaction::None if is_alone => format!("{fence}; {entries}"),
            _ if inside => format!("START TRANSACTION; {fence}; {entries}"),
            // With autocommit off our own write would begin one, and the file would be blamed for it.
            _ => format!("{BEGIN}; {fence}; {entries}; COMMIT"),
        };
        if ours && !inside {
            sql.push_str("; START TRANSACTION");
        }
        match transaction {
            Transaction::None | Transaction::NotYet if !file.is_for_next => self.write_again(&sql).await?,
            _ => self.write(&sql).await?,
        }
        file.written();
        Ok(ours)
    }

    /// Writes all of this or, if the lock is lost, nothing.
    pub(crate) async fn write_all(
        &mut self,
        sql: impl IntoIterator<Item = String>,
    ) -> Result<(), MigrateError> {
        let sql: Vec<String> = sql.into_iter().collect();
        self.write_again(&format!("{BEGIN}; {}; {}; COMMIT", self.lock.fence(), sql.join("; "))).await
    }

    pub(super) async fn write(&mut self, sql: &str) -> Result<(), MigrateError> {
        self.lock.alive().await?;
        let Err(error) = self.conn.query_drop(sql).await else { return Ok(()) };
        // Of a transaction that was begun for it nothing must be left.
        let _ = self.conn.query_drop("ROLLBACK").await;
        if self.lock.fence_writes() && is_conflict(&error) {
            // Maybe with the one who has taken the lock over.
            let asked = self.conn.query_drop(self.lock.fence()).await;
            let asked = asked.map_err(|error| self.lock.explain(error));
            if matches!(asked, Err(MigrateError::LockLost)) {
                return asked;
            }
        }
        Err(self.lock.explain(error))
    }

    /// The digest of the table that the statement is about to change. What the server refuses to show stays unknown: the
    /// statement itself is refused then, with a better sentence.
    async fn before(
        &mut self,
        file: &File<'_>,
        index: usize,
        changed: bool,
    ) -> Result<Option<String>, MigrateError> {
        let Some(table) = file.changed_table(index) else { return Ok(None) };
        if changed {
            self.conn.query_drop(SHOW_AS_ALWAYS).await?;
        }
        let shown = definition_of(self.conn, self.database, Some(table)).await;
        if changed {
            self.conn.query_drop(SHOW_AS_BEFORE).await?;
        }
        match shown {
            Err(Error::Server(_)) => Ok(None),
            shown => Ok(shown?.as_deref().map(definition_digest)),
        }
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
