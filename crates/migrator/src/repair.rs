//! Accepting files that were changed after they were applied.

use std::fmt;

use crate::check::{compare, difference};
use crate::journal::{Entry, Journal, StatementState};
use crate::lock::Lock;
use crate::run::Runner;
use crate::sql::digests;
use crate::{
    Change, Direction, LedgerRow, MigrateError, Migration, MigrationSet, Mismatch, Progress, Version,
    changes, ledger,
};

/// A file that is another than when it was applied. `Display` is a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedFile {
    /// Its name.
    pub file: String,
    /// Its version.
    pub version: Version,
    /// The MD5 of what was applied.
    pub applied: Option<String>,
    /// The MD5 of the file now.
    pub ours: String,
    /// Whether only comments, blanks or line ends changed, which stops nothing.
    pub cosmetic: bool,
    /// What is known of how it differs.
    pub changes: Vec<Change>,
    /// The version as the ledger has it.
    row: String,
}

impl fmt::Display for ChangedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.cosmetic {
            return write!(f, "{}: only comments, blanks or line ends changed", self.file);
        }
        write!(f, "{}: {}", self.file, difference(&self.changes, &self.ours, self.applied.as_deref()))
    }
}

/// Those of a ledger, in the order of their numbers.
fn changed(set: &MigrationSet, ledger: &[LedgerRow]) -> Result<Vec<ChangedFile>, MigrateError> {
    let found = compare(set, ledger);
    let (changed, foreign): (Vec<_>, Vec<_>) =
        found.mismatches.into_iter().partition(|(mismatch, _)| matches!(mismatch, Mismatch::Checksum { .. }));
    if !foreign.is_empty() {
        // If it is another's history, a file of ours with the name of one of its files is another all the same.
        let mismatches = foreign.into_iter().map(|(mismatch, _)| mismatch).collect();
        return Err(MigrateError::NotOurs { mismatches });
    }
    let cosmetic = found.applied.values().map(|row| (*row, true));
    let rows = changed.into_iter().map(|(_, row)| (row, false)).chain(cosmetic);
    let mut changed: Vec<ChangedFile> = rows
        .filter_map(|(row, cosmetic)| {
            let migration = set.get(row.version.parse().ok()?)?;
            let changed = ChangedFile {
                file: migration.up.name().to_owned(),
                version: migration.version,
                applied: row.checksum.clone(),
                ours: migration.up.checksum(),
                cosmetic,
                changes: Vec::new(),
                row: row.version.clone(),
            };
            (!cosmetic || found.cosmetic.contains(&changed.file)).then_some(changed)
        })
        .collect();
    changed.sort_by_key(|changed| changed.version);
    Ok(changed)
}

impl crate::Migrator {
    /// The files that are others than when they were applied, in the order of their numbers: what [`Self::repair`] can
    /// accept. Reads only, takes no lock.
    ///
    /// # Errors
    /// Other rows do not belong to the files at all ([`MigrateError::NotOurs`]). The database cannot be read.
    pub async fn changed_files(&mut self) -> Result<Vec<ChangedFile>, MigrateError> {
        let ledger = ledger::read(&mut self.conn).await?;
        let ledger = ledger.unwrap_or_default();
        let mut files = changed(&self.set, &ledger)?;
        for file in files.iter_mut().filter(|file| !file.cosmetic) {
            let Some(migration) = self.set.get(file.version) else { continue };
            let known = changes::since_applied(&mut self.conn, &self.database, migration, &ledger).await;
            file.changes = known.unwrap_or_default();
        }
        Ok(files)
    }

    /// Accepts these files as what was applied: the ledger then has their checksums and digests. No schema is changed, so
    /// a database that is made anew from the files may differ from this one. What has changed once more since
    /// [`Self::changed_files`] told it, or was accepted by somebody else, is left alone; the answer has what was done.
    ///
    /// # Errors
    /// [`MigrateError::Busy`], [`MigrateError::NotOurs`], and a database that cannot be written.
    pub async fn repair(
        &mut self,
        accepted: &[ChangedFile],
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Vec<ChangedFile>, MigrateError> {
        if accepted.is_empty() {
            return Ok(Vec::new());
        }
        let lock = self.lock(watch).await?;
        let repaired = self.repair_locked(&lock, accepted).await;
        self.unlock(lock, repaired).await
    }

    async fn repair_locked(
        &mut self,
        lock: &Lock,
        accepted: &[ChangedFile],
    ) -> Result<Vec<ChangedFile>, MigrateError> {
        ledger::prepare(&mut self.conn, true).await?;
        let mut now = self.changed_files().await?;
        now.retain(|changed| accepted.contains(changed));
        for changed in &now {
            let Some(migration) = self.set.get(changed.version) else { continue };
            let sql = accept(&self.database, migration, changed)?;
            let Self { conn, database, options, .. } = self;
            Runner { conn, lock, database, options }.write_all([sql]).await?;
        }
        Ok(now)
    }
}

/// What ledger and journal are to say of a file that is accepted.
fn accept(database: &str, migration: &Migration, changed: &ChangedFile) -> Result<String, MigrateError> {
    let statements = migration.up.statements()?;
    let (digests, digest) = digests(&statements);
    let entries = digests.iter().enumerate().map(|(index, digest)| Entry {
        statement: index + 1,
        digest,
        state: StatementState::Done,
        before: None,
        milliseconds: None,
    });
    let entries: Vec<Entry<'_>> = entries.collect();
    let journal = Journal::new(database, &changed.row, Direction::Up);
    let note = journal.note(&format!(
        "repair: {} accepted for {}",
        changed.ours,
        changed.applied.as_deref().unwrap_or("none")
    ));
    let ledger = ledger::accept(database, &changed.row, &changed.ours, &digest);
    Ok(format!("{ledger}; {}; {}; {note}", journal.clear(), journal.upsert(&entries)))
}
