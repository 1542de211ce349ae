//! Which files to run for a target, decided before anything is changed.

use crate::check::compare;
use crate::ledger::LedgerRow;
use crate::split::Statement;
use crate::{Direction, MigrateError, Migration, MigrationSet, SqlFile, Version};

/// A file to run.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) migration: &'a Migration,
    pub(crate) direction: Direction,
    pub(crate) file: &'a SqlFile,
    pub(crate) statements: Vec<Statement<'a>>,
    /// The version as the ledger has, or will have, it.
    pub(crate) row: String,
}

/// What is pending, up to and including the target.
pub(crate) fn up<'a>(
    set: &'a MigrationSet,
    ledger: &[LedgerRow],
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    let applied = compare(set, ledger).accept(set)?;
    known(set, target)?;
    let pending = set
        .iter()
        .filter(|migration| target.is_none_or(|target| migration.version <= target))
        .filter(|migration| !applied.contains_key(&migration.version));
    let step = |migration: &'a Migration| {
        let later = applied
            .keys()
            .rev()
            .find(|applied| **applied > migration.version && applied.same_series(migration.version));
        if let Some(applied) = later {
            return Err(MigrateError::OutOfOrder { file: migration.up.name().to_owned(), applied: *applied });
        }
        Ok(Step {
            migration,
            direction: Direction::Up,
            file: &migration.up,
            statements: migration.up.statements()?,
            row: migration.digits.clone(),
        })
    };
    pending.map(step).collect()
}

/// What is applied above the target, the last first.
pub(crate) fn down<'a>(
    set: &'a MigrationSet,
    ledger: &[LedgerRow],
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    let applied = compare(set, ledger).accept(set)?;
    known(set, target)?;
    if let Some(target) = target.filter(|target| !applied.contains_key(target)) {
        return Err(MigrateError::TargetNotApplied { target });
    }
    let above = applied.iter().rev().filter(|(version, _)| target.is_none_or(|target| **version > target));
    above
        .filter_map(|(version, row)| Some((set.get(*version)?, row)))
        .map(|(migration, row)| {
            let file = migration.down.as_ref().ok_or_else(|| MigrateError::RollbackMissing {
                file: format!("R{}", migration.up.name()),
                version: migration.version,
            })?;
            let (direction, statements) = (Direction::Down, file.statements()?);
            Ok(Step { migration, direction, file, statements, row: row.version.clone() })
        })
        .collect()
}

fn known(set: &MigrationSet, target: Option<Version>) -> Result<(), MigrateError> {
    match target {
        Some(target) if set.get(target).is_none() => {
            let known: Vec<String> = set.iter().map(|migration| migration.digits.clone()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(MigrateError::UnknownTarget { target, known })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
