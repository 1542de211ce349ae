//! What has changed in a file since it was applied, by what the journal knows of its statements.

use std::collections::BTreeMap;
use std::fmt;

use mysql_async::Conn;
use sha2::{Digest, Sha256};

use crate::journal::Journal;
use crate::shown::beginning;
use crate::split::Statement;
use crate::{Direction, LedgerRow, MigrateError, Migration, MigrationSet, Mismatch, Version};

/// How a statement of a file differs from what was applied. `Display` is a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Another statement was run in its place.
    Changed {
        /// Which statement of the file, counted from 1.
        number: usize,
        /// The line on which it begins.
        line: usize,
        /// Its beginning.
        text: String,
    },
    /// It was not run.
    New {
        /// Which statement of the file, counted from 1.
        number: usize,
        /// The line on which it begins.
        line: usize,
        /// Its beginning.
        text: String,
    },
    /// It was run, and the file does not have it any more.
    Gone {
        /// Which statement of the file it was, counted from 1.
        number: usize,
    },
    /// The same statements in another order.
    Order,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { number, line, text } => {
                write!(f, "statement {number} (line {line}, `{text}`) was another")
            }
            Self::New { number, line, text } => {
                write!(f, "statement {number} (line {line}, `{text}`) was not there")
            }
            Self::Gone { number } => write!(f, "what was statement {number} is gone"),
            Self::Order => f.write_str("the same statements stand in another order"),
        }
    }
}

/// Completes what does not fit: an error or a status says more if it is asked what was run. What the journal does not know,
/// or this user must not read, stays unsaid.
pub(crate) async fn complete(
    conn: &mut Conn,
    database: &str,
    set: &MigrationSet,
    ledger: &[LedgerRow],
    mismatches: Vec<&mut Mismatch>,
) {
    for mismatch in mismatches {
        if let Mismatch::Checksum { file, changes, .. } = mismatch
            && let Some(migration) = set.iter().find(|migration| migration.up.name() == file)
        {
            *changes = since_applied(conn, database, migration, ledger).await.unwrap_or_default();
        }
    }
}

/// [`complete`] for an error.
pub(crate) async fn explain(
    conn: &mut Conn,
    database: &str,
    set: &MigrationSet,
    ledger: &[LedgerRow],
    mut error: MigrateError,
) -> MigrateError {
    if let MigrateError::NotOurs { mismatches } = &mut error {
        complete(conn, database, set, ledger, mismatches.iter_mut().collect()).await;
    }
    error
}

/// Nothing, if the journal does not tell of the statements that were applied, or not of all of them.
pub(crate) async fn since_applied(
    conn: &mut Conn,
    database: &str,
    migration: &Migration,
    ledger: &[LedgerRow],
) -> Result<Vec<Change>, MigrateError> {
    let is_its =
        |row: &&LedgerRow| row.version.parse().is_ok_and(|version: Version| version == migration.version);
    let Some(row) = ledger.iter().find(is_its) else { return Ok(Vec::new()) };
    let journal = Journal::new(database, &row.version, Direction::Up).read(conn).await?;
    let run: Vec<String> = journal.into_iter().map(|statement| statement.digest).collect();
    if row.digest.is_none() || digest_of(&run) != row.digest {
        return Ok(Vec::new());
    }
    Ok(changes(&run, &migration.up.statements()?))
}

/// As [`file_digest`](crate::sql::file_digest) makes it from the statements themselves.
fn digest_of(digests: &[String]) -> Option<String> {
    let mut all = Sha256::new();
    for digest in digests {
        all.update(hex::decode(digest).ok()?);
    }
    Some(hex::encode(all.finalize()))
}

fn changes(run: &[String], statements: &[Statement<'_>]) -> Vec<Change> {
    let ours: Vec<String> = statements.iter().map(Statement::digest).collect();
    let gone = without(run, &ours);
    let mut changes: Vec<Change> = without(&ours, run)
        .into_iter()
        .filter_map(|index| {
            let statement = statements.get(index)?;
            let (number, line, text) = (index + 1, statement.line, beginning(statement.text));
            Some(match gone.contains(&index) {
                true => Change::Changed { number, line, text },
                false => Change::New { number, line, text },
            })
        })
        .collect();
    let replaced = |number: usize| {
        changes
            .iter()
            .any(|change| matches!(change, Change::Changed { number: changed, .. } if *changed == number))
    };
    let gone: Vec<Change> = gone
        .into_iter()
        .map(|index| index + 1)
        .filter(|number| !replaced(*number))
        .map(|number| Change::Gone { number })
        .collect();
    changes.extend(gone);
    if changes.is_empty() && ours != run {
        changes.push(Change::Order);
    }
    changes
}

/// Where `all` has what `others` does not have, or has less often.
fn without(all: &[String], others: &[String]) -> Vec<usize> {
    let mut left = BTreeMap::<&str, usize>::new();
    for other in others {
        *left.entry(other).or_default() += 1;
    }
    let mut found = Vec::new();
    for (index, one) in all.iter().enumerate() {
        match left.get_mut(one.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => found.push(index),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Change, changes, digest_of};
    use crate::split::{Statement, split};
    use crate::sql::file_digest;

    fn told(run: &str, now: &str) -> Vec<String> {
        let run: Vec<String> = split(run).unwrap().iter().map(Statement::digest).collect();
        changes(&run, &split(now).unwrap()).iter().map(Change::to_string).collect()
    }

    #[test]
    fn each_statement_that_differs_is_named() {
        assert_eq!(
            told("DO 1; DO 2; DO 3", "DO 1;\nDO 4; DO 3"),
            ["statement 2 (line 2, `DO 4`) was another"]
        );
        assert_eq!(told("DO 1; DO 3", "DO 1; DO 2; DO 3"), ["statement 2 (line 1, `DO 2`) was not there"]);
        assert_eq!(told("DO 1; DO 2", "DO 2"), ["what was statement 1 is gone"]);
        assert_eq!(told("DO 1; DO 1", "DO 1"), ["what was statement 2 is gone"]);
        assert_eq!(told("DO 1; DO 2", "DO 2; DO 1"), ["the same statements stand in another order"]);
        assert_eq!(
            told("DO 1; DO 2; DO 3", "DO 1; DO 0"),
            ["statement 2 (line 1, `DO 0`) was another", "what was statement 3 is gone"]
        );
        assert!(told("DO 1; DO 2", "DO  1; -- One.\nDO 2").is_empty());
    }

    #[test]
    fn the_digest_of_a_file_is_that_of_its_statements_digests() {
        let statements = split("DO 1; DO 2").unwrap();
        let digests: Vec<String> = statements.iter().map(Statement::digest).collect();
        assert_eq!(digest_of(&digests), Some(file_digest(&statements)));
        assert_eq!(digest_of(&["no digest".to_owned()]), None);
    }
}
