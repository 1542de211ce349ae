//! Table `schema_migrations_journal`: how far the statements of a file have come.
//!
//! Its SQL is text without parameters, so that it can share a round trip with other statements, and it means the same
//! in whatever session a file has made: the table is named with its database, and values have no quotes to escape.

use mysql_async::prelude::{FromValue, Queryable};
use mysql_async::{Conn, Error, Row};

use crate::ledger::NO_SUCH_TABLE;
use crate::session::quoted;
use crate::{Direction, MigrateError};

/// The name of the table.
pub(crate) const JOURNAL: &str = "schema_migrations_journal";

/// Makes the table.
pub(crate) const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations_journal (\
    version VARCHAR(50) NOT NULL, direction VARCHAR(4) NOT NULL, statement INT NOT NULL, digest CHAR(64) NOT NULL, \
    state VARCHAR(10) NOT NULL, before_digest CHAR(64) NULL, \
    started_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), milliseconds BIGINT NULL, note TEXT NULL, \
    PRIMARY KEY (version, direction, statement)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

/// As many characters as the column takes in any case; beyond them the oldest decisions go.
const LONGEST_NOTE: usize = 16_000;

/// What is with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatementState {
    /// It was sent, or was about to be.
    Started,
    /// It took effect.
    Done,
    /// It was refused, and had no effect.
    Failed,
    /// A person has said that it is not to be run.
    Skipped,
}

impl StatementState {
    const ALL: [Self; 4] = [Self::Started, Self::Done, Self::Failed, Self::Skipped];

    fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JournalRow {
    /// Counted from 1.
    pub(crate) statement: usize,
    pub(crate) digest: String,
    pub(crate) state: StatementState,
    /// Of the table as it was before, where the statement changes one.
    pub(crate) before: Option<String>,
}

impl JournalRow {
    fn read(row: &Row) -> Result<Self, MigrateError> {
        fn column<T: FromValue>(row: &Row, name: &'static str) -> Result<T, MigrateError> {
            row.get_opt(name).and_then(Result::ok).ok_or(MigrateError::UnreadableLedger { column: name })
        }
        let state: String = column(row, "state")?;
        let state = StatementState::ALL.into_iter().find(|known| known.as_str() == state);
        Ok(Self {
            statement: column(row, "statement")?,
            digest: column(row, "digest")?,
            state: state.ok_or(MigrateError::UnreadableLedger { column: "state" })?,
            before: column(row, "before_digest")?,
        })
    }
}

/// The journal of one file: what to write for it.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    table: String,
    version: String,
    direction: &'static str,
}

/// What one write says of a statement.
pub(crate) struct Entry<'a> {
    /// Counted from 1.
    pub(crate) statement: usize,
    pub(crate) digest: &'a str,
    pub(crate) state: StatementState,
    pub(crate) before: Option<&'a str>,
    pub(crate) milliseconds: Option<u128>,
}

impl Journal {
    /// `version` as the ledger has it.
    pub(crate) fn new(database: &str, version: &str, direction: Direction) -> Self {
        let direction = match direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        let table = table(database);
        Self { table, version: literal(version), direction }
    }

    /// Writes several rows in one statement, which is one commit where no transaction is open.
    pub(crate) fn upsert(&self, entries: &[Entry<'_>]) -> String {
        upsert(&self.table, &self.rows(entries))
    }

    /// The rows for [`upsert_rows`].
    pub(crate) fn rows(&self, entries: &[Entry<'_>]) -> Vec<String> {
        let Self { version, direction, .. } = self;
        let row = |entry: &Entry<'_>| {
            let before = entry.before.map_or_else(|| "NULL".to_owned(), literal);
            let milliseconds = entry.milliseconds.map_or_else(|| "NULL".to_owned(), |time| time.to_string());
            format!(
                "({version}, '{direction}', {}, '{}', '{}', {before}, {milliseconds})",
                entry.statement,
                entry.digest,
                entry.state.as_str()
            )
        };
        entries.iter().map(row).collect()
    }

    /// Forgets what an earlier run of the file has written, but not what a person has said about it (statement 0).
    pub(crate) fn clear(&self) -> String {
        format!("DELETE FROM {} WHERE {} AND statement > 0", self.table, self.is_this())
    }

    /// Says of the statement that was started last what became of it.
    pub(crate) fn set_last(&self, state: StatementState, note: &str) -> String {
        format!(
            "UPDATE {} SET state = '{}', note = {} WHERE {} AND statement > 0 AND state = 'started' \
             ORDER BY statement DESC LIMIT 1",
            self.table,
            state.as_str(),
            literal(note),
            self.is_this()
        )
    }

    /// Records who has decided what about the file, after what was decided before.
    pub(crate) fn note(&self, decision: &str) -> String {
        let (Self { table, version, direction }, decision) = (self, literal(decision));
        format!(
            "INSERT INTO {table} (version, direction, statement, digest, state, note) \
             VALUES ({version}, '{direction}', 0, '', 'done', \
             CONCAT({decision}, ' by ', USER(), ' at ', UTC_TIMESTAMP())) \
             ON DUPLICATE KEY UPDATE note = RIGHT(CONCAT_WS('; ', note, VALUES(note)), {LONGEST_NOTE}), \
             started_at = VALUES(started_at)"
        )
    }

    /// All rows on statements, in their order; none where there is no journal.
    pub(crate) async fn read(&self, conn: &mut Conn) -> Result<Vec<JournalRow>, MigrateError> {
        let sql = format!(
            "SELECT statement, digest, state, before_digest FROM {} WHERE {} AND statement > 0 ORDER BY statement",
            self.table,
            self.is_this()
        );
        match conn.query::<Row, _>(sql).await {
            Ok(rows) => rows.iter().map(JournalRow::read).collect(),
            Err(Error::Server(error)) if error.code == NO_SUCH_TABLE => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// The end of the journal, with the time: another one whenever a run has come further, or has tried again.
    pub(crate) async fn last(&self, conn: &mut Conn) -> Result<Option<String>, Error> {
        let sql = format!(
            "SELECT CONCAT_WS(' ', statement, state, digest, started_at) FROM {} WHERE {} AND statement > 0 \
             ORDER BY statement DESC LIMIT 1",
            self.table,
            self.is_this()
        );
        match conn.query_first(sql).await {
            Err(Error::Server(error)) if error.code == NO_SUCH_TABLE => Ok(None),
            last => last,
        }
    }

    /// When this statement, counted from 1, was started, as SQL.
    pub(crate) fn started_at(&self, statement: usize) -> String {
        format!(
            "(SELECT started_at FROM {} WHERE {} AND statement = {statement})",
            self.table,
            self.is_this()
        )
    }

    fn is_this(&self) -> String {
        format!("version = {} AND direction = '{}'", self.version, self.direction)
    }
}

fn table(database: &str) -> String {
    format!("{}.schema_migrations_journal", quoted(database))
}

/// Whether nothing was written down yet.
pub(crate) async fn is_empty(conn: &mut Conn, database: &str) -> Result<bool, Error> {
    Ok(conn.query_first::<Row, _>(format!("SELECT 1 FROM {} LIMIT 1", table(database))).await?.is_none())
}

/// Writes the rows of several files in one statement.
pub(crate) fn upsert_rows(database: &str, rows: &[String]) -> String {
    upsert(&table(database), rows)
}

fn upsert(table: &str, rows: &[String]) -> String {
    // Assignments are made from left to right: those that look at the new state look at VALUES.
    format!(
        "INSERT INTO {table} (version, direction, statement, digest, state, before_digest, milliseconds) \
         VALUES {} ON DUPLICATE KEY UPDATE digest = VALUES(digest), state = VALUES(state), \
         milliseconds = VALUES(milliseconds), note = NULL, \
         before_digest = IF(VALUES(state) = 'started', VALUES(before_digest), before_digest), \
         started_at = IF(VALUES(state) = 'started', VALUES(started_at), started_at)",
        rows.join(", ")
    )
}

/// A text as SQL that no mode of the session reads in another way.
pub(crate) fn literal(text: &str) -> String {
    if text.is_empty() { "''".to_owned() } else { format!("_utf8mb4 X'{}'", hex::encode(text)) }
}
