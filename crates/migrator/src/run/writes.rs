//! Writes to ledger and journal, and what is to be read before them.

use mysql_async::Error;
use mysql_async::prelude::Queryable;

use super::Runner;
use super::again::is_conflict;
use super::file::File;
use super::note::BEGIN;
use crate::MigrateError;
use crate::recovery::{definition_digest, definition_of};

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
    /// What a file has left in its session must not be there for the next one, which may be run in a session of its own.
    pub(super) async fn take_away(&mut self, left: &[String]) -> Result<(), MigrateError> {
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
        match self.conn.query_drop(sql).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.refused(error).await),
        }
    }

    /// What it means that a write was refused, of which nothing is left then.
    pub(super) async fn refused(&mut self, error: Error) -> MigrateError {
        // Of a transaction that was begun for it nothing must be left.
        let _ = self.conn.query_drop("ROLLBACK").await;
        if self.lock.fence_writes() && is_conflict(&error) {
            // Maybe with the one who has taken the lock over.
            let asked = self.conn.query_drop(self.lock.fence()).await;
            let asked = asked.map_err(|error| self.lock.explain(error));
            if let Err(lost @ MigrateError::LockLost) = asked {
                return lost;
            }
        }
        self.lock.explain(error)
    }

    /// The digest of the table that the statement is about to change. What the server refuses to show stays unknown: the
    /// statement itself is refused then, with a better sentence.
    pub(super) async fn look(
        &mut self,
        file: &mut File<'_>,
        index: usize,
        changed: bool,
    ) -> Result<Option<String>, MigrateError> {
        if let Some((_, shown)) = file.looked.take_if(|(of, _)| *of == index) {
            return Ok(shown.as_deref().map(definition_digest));
        }
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
