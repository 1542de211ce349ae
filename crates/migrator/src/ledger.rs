//! Table `schema_migrations`: what was applied to a database.
//!
//! It has the shape of the Python system's table and some columns more. `state`: a row is written before the first
//! statement of a file and becomes `done` after the last, so that a run that ended in between is noticed.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row, params};

use crate::journal::literal;
use crate::session::quoted;
use crate::{MigrateError, Migration, SqlFile, journal};

/// The name of the ledger table.
pub const LEDGER: &str = "schema_migrations";

/// Reads the whole ledger, also one of the Python system, which has no columns `state`, `digest` and `origin`; for
/// [`LedgerRow`].
///
/// Fails with error 1146 ([`NO_SUCH_TABLE`]) where there is no ledger.
//
// `state` means the ledger's column where it has one; where not, the name is looked up further out and found in the
// table of one row, which says that all is done. So with the others.
pub const LEDGER_QUERY: &str = "\
    SELECT applied.version, applied.name, applied.checksum, applied.applied_at, \
    (SELECT state FROM schema_migrations AS ledger WHERE ledger.id = applied.id) AS state, \
    (SELECT digest FROM schema_migrations AS ledger WHERE ledger.id = applied.id) AS digest, \
    (SELECT origin FROM schema_migrations AS ledger WHERE ledger.id = applied.id) AS origin \
    FROM schema_migrations AS applied \
    CROSS JOIN (SELECT 'done' AS state, CAST(NULL AS CHAR(64)) AS digest, 'run' AS origin) AS otherwise \
    ORDER BY applied.id";

/// [`LEDGER_QUERY`] of a ledger that has all columns.
const ALL_COLUMNS: &str = "\
    SELECT version, name, checksum, applied_at, state, digest, origin FROM schema_migrations ORDER BY id";

/// The server's error code for a column that is not there.
const BAD_FIELD: u16 = 1054;

/// The server's error code for a table that is not there.
pub const NO_SUCH_TABLE: u16 = 1146;

pub(crate) const RUNNING: &str = "running";
pub(crate) const UNDOING: &str = "undoing";
pub(crate) const DONE: &str = "done";

/// The columns that the ledger of the Python system does not have.
const COLUMNS: [(&str, &str); 3] = [
    ("state", "VARCHAR(10) NOT NULL DEFAULT 'done'"),
    ("digest", "CHAR(64) NULL"),
    ("origin", "VARCHAR(10) NOT NULL DEFAULT 'run'"),
];

/// How a row came into the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The file was run.
    #[default]
    Run,
    /// The schema was there already and matched.
    Baseline,
    /// Another system had made the schema, which was then taken over.
    Adopted,
    /// A person has said that it is in effect.
    Marked,
    /// A word that only a later version of this program knows.
    Unknown,
}

impl Origin {
    /// As the ledger has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Baseline => "baseline",
            Self::Adopted => "adopted",
            Self::Marked => "marked",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the schema was there before our history. The way down never takes that back.
    pub(crate) fn is_floor(self) -> bool {
        matches!(self, Self::Baseline | Self::Adopted)
    }
}

impl From<&str> for Origin {
    fn from(text: &str) -> Self {
        let known = [Self::Run, Self::Baseline, Self::Adopted, Self::Marked];
        known.into_iter().find(|origin| origin.as_str() == text).unwrap_or(Self::Unknown)
    }
}

/// A row of the ledger as [`LEDGER_QUERY`] reads it. Whoever reads it over a connection of his own fills the fields
/// from the columns of the same names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerRow {
    /// The digits of the version.
    pub version: String,
    /// The name with blanks for underscores.
    pub name: String,
    /// The MD5 of the file that was applied.
    pub checksum: Option<String>,
    /// The SHA-256 of its statements without comments and superfluous blanks. `None` in a row of the Python system, or
    /// of version 0.1.0.
    pub digest: Option<String>,
    /// `done`, or what was being done: `running` (the way up), `undoing` (the way down).
    pub state: String,
    /// How the row came here.
    pub origin: Origin,
    /// When it was applied, in UTC if the session that reads it is.
    pub applied_at: Option<NaiveDateTime>,
}

impl LedgerRow {
    fn read(mut row: Row) -> Result<Self, MigrateError> {
        // By place, in the order of the query: to look each name up takes longer than all the rest.
        fn column<T: mysql_async::prelude::FromValue>(
            row: &mut Row,
            place: usize,
            name: &'static str,
        ) -> Result<T, MigrateError> {
            // `take` would panic on a value of another type.
            row.take_opt(place).and_then(Result::ok).ok_or(MigrateError::UnreadableLedger { column: name })
        }
        let applied_at: Option<String> = column(&mut row, 3, "applied_at")?;
        let applied_at = applied_at
            .map(|text| moment(&text).ok_or(MigrateError::UnreadableLedger { column: "applied_at" }))
            .transpose()?;
        Ok(Self {
            version: column(&mut row, 0, "version")?,
            name: column(&mut row, 1, "name")?,
            checksum: column(&mut row, 2, "checksum")?,
            applied_at,
            state: column(&mut row, 4, "state")?,
            digest: column(&mut row, 5, "digest")?,
            origin: Origin::from(column::<String>(&mut row, 6, "origin")?.as_str()),
        })
    }
}

/// A time as the server writes it: `2026-11-22 00:30:00`, with or without a fraction. The driver takes it apart too, by
/// regular expressions, which a long ledger feels.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let number = |digits: Range<usize>| text.get(digits)?.parse::<u32>().ok();
    let date = NaiveDate::from_ymd_opt(number(0..4)?.try_into().ok()?, number(5..7)?, number(8..10)?)?;
    let micros = match text.get(19..)?.strip_prefix('.') {
        Some(fraction) => format!("{fraction:0<6}").parse().ok()?,
        None => 0,
    };
    date.and_hms_micro_opt(number(11..13)?, number(14..16)?, number(17..19)?, micros)
}

/// All rows; `None` where there is no ledger.
pub(crate) async fn read(conn: &mut Conn) -> Result<Option<Vec<LedgerRow>>, MigrateError> {
    // Where all columns are there this takes the server a third of the time.
    let rows = match conn.query_fold(ALL_COLUMNS, Ok(Vec::new()), push).await {
        Err(Error::Server(error)) if error.code == BAD_FIELD => {
            conn.query_fold(LEDGER_QUERY, Ok(Vec::new()), push).await
        }
        rows => rows,
    };
    match rows {
        Ok(rows) => rows.map(Some),
        Err(Error::Server(error)) if error.code == NO_SUCH_TABLE => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn push(rows: Result<Vec<LedgerRow>, MigrateError>, row: Row) -> Result<Vec<LedgerRow>, MigrateError> {
    let mut rows = rows?;
    rows.push(LedgerRow::read(row)?);
    Ok(rows)
}

/// Makes the tables where there are none, and adds our columns to a ledger of the Python system. To be called only
/// after the rows in it were found to be ours.
pub(crate) async fn prepare(conn: &mut Conn, exists: bool) -> Result<(), Error> {
    if !exists {
        let columns: String = COLUMNS.iter().map(|(name, kind)| format!("{name} {kind}, ")).collect();
        let create = format!(
            "CREATE TABLE schema_migrations (id INT NOT NULL AUTO_INCREMENT, version VARCHAR(50) NOT NULL, \
             name VARCHAR(255) NOT NULL, applied_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP, \
             checksum VARCHAR(64) NULL, {columns}PRIMARY KEY (id), UNIQUE KEY version (version)) \
             ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci; {}",
            journal::CREATE
        );
        return conn.query_drop(create).await;
    }
    let present: Vec<Row> = conn.query("SHOW COLUMNS FROM schema_migrations").await?;
    let present: Vec<String> = present.iter().filter_map(|row| row.get_opt("Field")?.ok()).collect();
    let missing: Vec<String> = COLUMNS
        .iter()
        .filter(|(name, _)| !present.iter().any(|present| present.eq_ignore_ascii_case(name)))
        .map(|(name, kind)| format!("ADD COLUMN {name} {kind}"))
        .collect();
    if !missing.is_empty() {
        conn.query_drop(format!("ALTER TABLE schema_migrations {}", missing.join(", "))).await?;
    }
    conn.query_drop(journal::CREATE).await
}

// What is written is text without parameters, so that it can share a round trip with the journal's, and means the same
// in whatever session a file has made.

/// Notes that the way up begins; `digest` is that of the file's statements.
pub(crate) fn begin(database: &str, migration: &Migration, digest: &str) -> String {
    let Migration { digits, name, up, .. } = migration;
    format!(
        "INSERT INTO {} (version, name, checksum, digest, state) VALUES ({}, {}, {}, {}, '{RUNNING}')",
        table(database),
        literal(digits),
        literal(name),
        literal(&up.checksum()),
        literal(digest)
    )
}

/// Notes that the migration is in effect although it was not run.
pub(crate) async fn insert(
    conn: &mut impl Queryable,
    migration: &Migration,
    origin: Origin,
) -> Result<(), MigrateError> {
    let Migration { digits, name, up, .. } = migration;
    let values = params! {
        "version" => digits, "name" => name, "checksum" => up.checksum(), "digest" => up.digest()?, "state" => DONE,
        "origin" => origin.as_str(),
    };
    let sql = "INSERT INTO schema_migrations (version, name, checksum, digest, state, origin) \
               VALUES (:version, :name, :checksum, :digest, :state, :origin)";
    Ok(conn.exec_drop(sql, values).await?)
}

/// Notes that the migration is in effect, from now on, as its file says now: it may have been mended since it was begun.
pub(crate) fn applied(database: &str, version: &str, file: &SqlFile, digest: &str, origin: Origin) -> String {
    format!(
        "UPDATE {} SET state = '{DONE}', applied_at = CURRENT_TIMESTAMP, checksum = {}, digest = {}, origin = '{}' \
         WHERE version = {}",
        table(database),
        literal(&file.checksum()),
        literal(digest),
        origin.as_str(),
        literal(version)
    )
}

/// Takes this file for what was applied.
pub(crate) fn accept(database: &str, version: &str, checksum: &str, digest: &str) -> String {
    format!(
        "UPDATE {} SET checksum = {}, digest = {} WHERE version = {}",
        table(database),
        literal(checksum),
        literal(digest),
        literal(version)
    )
}

/// Sets the state and nothing else.
pub(crate) fn set_state(database: &str, version: &str, state: &str) -> String {
    format!("UPDATE {} SET state = '{state}' WHERE version = {}", table(database), literal(version))
}

/// Forgets a migration that is no longer, or not yet, in effect.
pub(crate) fn forget(database: &str, version: &str) -> String {
    format!("DELETE FROM {} WHERE version = {}", table(database), literal(version))
}

fn table(database: &str) -> String {
    format!("{}.{LEDGER}", quoted(database))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_time_is_read_as_the_server_writes_it() {
        for (text, expected) in [
            ("2026-11-22 00:30:59", Some("2026-11-22T00:30:59")),
            ("2026-11-22 00:30:59.25", Some("2026-11-22T00:30:59.250")),
            ("2026-11-22 00:30:59.000001", Some("2026-11-22T00:30:59.000001")),
            ("0000-00-00 00:00:00", None),
            ("2026-11-22", None),
            ("", None),
        ] {
            assert_eq!(moment(text).map(|moment| format!("{moment:?}")).as_deref(), expected, "{text}");
        }
    }
}
