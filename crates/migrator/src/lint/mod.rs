//! Finds in the files of a history what tends to go wrong on a database in use.
//!
//! Only the files are read: what is not said there, such as the rows of a table, the version of the server, or a table
//! that came before the first file, is not known, and what is not known is not found fault with.

use std::fmt;

use crate::{LazyFile, MigrateError, MigrationSet, directive};
use judge::Judge;
pub use rule::{NoSuchRule, Rule};
use tables::Tables;

mod alter;
mod alterations;
mod column;
mod definitions;
mod element;
mod judge;
mod options;
mod rows;
mod rule;
mod tables;
mod types;
mod waiver;

/// Something in a file that tends to go wrong. `Display` writes `file, line n: rule: sentence`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the file.
    pub file: String,
    /// The line of the statement, or of its clause, counted from 1.
    pub line: usize,
    /// What it is found fault with; [`Rule::advice`] says what to do instead.
    pub rule: Rule,
    /// What the file does there.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, sentence } = self;
        write!(f, "{file}, line {line}: {rule}: {sentence}")
    }
}

/// What is found fault with in these files and not waived, in the order of the files and their lines.
///
/// A table that a file makes is empty and unknown to others until the file's end, so most rules do not look at it there.
/// A comment `-- migrate: allow RULE: reason` waives a rule for its file; in a way back it does so for the step too, as
/// the file of a step that is applied never changes.
///
/// # Errors
/// A file that cannot be cut into statements, or has none.
///
/// ```
/// use kseekers_migrator::{MigrationSet, Rule, lint};
///
/// let set = MigrationSet::from_files([
///     ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY, text TEXT);"),
///     ("R01_notes.sql", "DROP TABLE notes;"),
///     ("02_by_text.sql", "CREATE INDEX by_text ON notes (text(20));"),
///     ("R02_by_text.sql", "DROP INDEX by_text ON notes;"),
/// ])?;
/// let findings = lint(&set)?;
/// assert_eq!(findings.len(), 1);
/// assert_eq!((findings[0].file.as_str(), findings[0].rule), ("02_by_text.sql", Rule::LockingIndex));
/// # Ok::<(), kseekers_migrator::MigrateError>(())
/// ```
pub fn lint(set: &MigrationSet) -> Result<Vec<Finding>, MigrateError> {
    let mut tables = Tables::default();
    let mut findings = Vec::new();
    for migration in set.iter() {
        let step = Judge::of_step(&migration.up, &mut tables)?.findings();
        let mut way_back = Vec::new();
        let file = migration.down.as_ref().map(LazyFile::file).transpose()?;
        if let Some(file) = file {
            // A word that nobody reads; in the step's own file the set refuses it.
            directive::irreversible(file)?;
            way_back = Judge::of_way_back(file, &mut Tables::default())?.findings();
        }
        findings.extend(waiver::without_waived(&migration.up, file, step, way_back));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests;
