//! Which files to run for a target, decided before anything is changed.

use std::collections::BTreeMap;

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
    let pending: Vec<&Migration> =
        set.iter().filter(|migration| !applied.contains_key(&migration.version)).collect();
    no_gap(set, &pending, &applied)?;
    let step = |migration: &'a Migration| {
        Ok(Step {
            migration,
            direction: Direction::Up,
            file: &migration.up,
            statements: migration.up.statements()?,
            row: migration.digits.clone(),
        })
    };
    let wanted =
        pending.into_iter().filter(|migration| target.is_none_or(|target| migration.version <= target));
    wanted.map(step).collect()
}

/// Looks for what should have been applied before something that is.
fn no_gap(
    set: &MigrationSet,
    pending: &[&Migration],
    applied: &BTreeMap<Version, &LedgerRow>,
) -> Result<(), MigrateError> {
    for latest in applied.keys().rev() {
        let gaps = pending.iter().filter(|gap| gap.version < *latest && gap.version.same_series(*latest));
        let files: Vec<String> = gaps.map(|gap| gap.up.name().to_owned()).collect();
        if !files.is_empty() {
            let applied_file =
                set.get(*latest).map_or_else(|| latest.to_string(), |file| file.up.name().to_owned());
            return Err(MigrateError::OutOfOrder { files, applied_file, applied: *latest });
        }
    }
    Ok(())
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
            let file = migration.down.as_ref().ok_or_else(|| MigrateError::Irreversible {
                file: migration.up.name().to_owned(),
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
