//! Which files to run for a target, decided before anything is changed.

use crate::check::{Comparison, Gap, compare};
use crate::ledger::LedgerRow;
use crate::split::Statement;
use crate::{Direction, Kind, MigrateError, Migration, MigrationSet, Origin, SqlFile, Version};

/// A file to run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Step<'a> {
    /// The step of the history.
    pub migration: &'a Migration,
    /// Whether it is made or taken back.
    pub direction: Direction,
    /// The file that does it.
    pub file: &'a SqlFile,
    /// The file's statements.
    pub statements: Vec<Statement<'a>>,
    /// The version as the ledger has, or will have, it.
    pub(crate) row: String,
}

/// What a run would do: [`MigrationSet::plan_up`], [`MigrationSet::plan_down`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Plan<'a> {
    /// The files, in the order in which they are run.
    pub steps: Vec<Step<'a>>,
    /// Whether nothing is left then but what was [adopted](crate::Migrator::adopt), so that the other system gets its ledger
    /// back.
    pub gives_back: bool,
}

/// A statement of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned<'a> {
    /// The file.
    pub file: &'a str,
    /// Which of the file's statements it is, counted from 1.
    pub number: usize,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// What kind of change it is.
    pub kind: Kind,
    /// What is sent to the server.
    pub text: &'a str,
}

impl<'a> Plan<'a> {
    /// Each statement, in the order in which they are run.
    pub fn statements(&self) -> impl Iterator<Item = Planned<'a>> {
        self.steps.iter().flat_map(|step| {
            let file = step.file.name();
            let planned = move |(index, statement): (usize, &Statement<'a>)| Planned {
                file,
                number: index + 1,
                line: statement.line,
                kind: Kind::of(statement.text),
                text: statement.text,
            };
            step.statements.iter().enumerate().map(planned)
        })
    }
}

impl MigrationSet {
    /// What a run would do to apply what is pending, up to and including `target` or to the end. Touches no database:
    /// `ledger` is what [`LEDGER_QUERY`](crate::LEDGER_QUERY) gave, empty where there is no ledger.
    ///
    /// # Errors
    /// As [`Migrator::up`](crate::Migrator::up) before it runs the first file.
    ///
    /// ```
    /// use kseekers_migrator::MigrationSet;
    ///
    /// let set = MigrationSet::from_files([
    ///     ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY);\nINSERT INTO notes VALUES (1);"),
    ///     ("R01_notes.sql", "DROP TABLE notes;"),
    /// ])?;
    /// let plan = set.plan_up(&[], None)?;
    /// let second = plan.statements().nth(1).unwrap();
    /// assert_eq!((second.line, second.text), (2, "INSERT INTO notes VALUES (1)"));
    /// # Ok::<(), kseekers_migrator::MigrateError>(())
    /// ```
    pub fn plan_up(&self, ledger: &[LedgerRow], target: Option<Version>) -> Result<Plan<'_>, MigrateError> {
        Ok(Plan { steps: up(self, compare(self, ledger), ledger, target)?, gives_back: false })
    }

    /// What a run would do to take back, the last first, what is applied above `target`, but for what was in the
    /// database before.
    ///
    /// # Errors
    /// As [`Migrator::down`](crate::Migrator::down) before it runs the first file.
    pub fn plan_down(&self, ledger: &[LedgerRow], target: Option<Version>) -> Result<Plan<'_>, MigrateError> {
        let steps = down(self, compare(self, ledger), target)?;
        let stays = |row: &&LedgerRow| !steps.iter().any(|step| step.row == row.version);
        let mut left = ledger.iter().filter(stays).peekable();
        let gives_back = left.peek().is_some() && left.all(|row| row.origin == Origin::Adopted);
        Ok(Plan { steps, gives_back })
    }
}

/// What is pending, up to and including the target.
pub(crate) fn up<'a>(
    set: &'a MigrationSet,
    found: Comparison<'_>,
    ledger: &[LedgerRow],
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    let applied = found.accept(set)?;
    known(set, target)?;
    if let Some(gap) = Gap::find(set, &applied, ledger) {
        return Err(MigrateError::OutOfOrder { gap });
    }
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
        |version: Version| !applied.contains_key(&version) && target.is_none_or(|target| version <= target);
    set.iter().filter(|migration| wanted(migration.version)).map(step).collect()
}

/// What our files have made above the target, the last first.
pub(crate) fn down<'a>(
    set: &'a MigrationSet,
    found: Comparison<'_>,
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    let applied = found.accept(set)?;
    known(set, target)?;
    if let Some(target) = target.filter(|target| !applied.contains_key(target)) {
        return Err(MigrateError::TargetNotApplied { target });
    }
    let above = applied.iter().rev().filter(|(version, _)| target.is_none_or(|target| **version > target));
    let (floor, above): (Vec<_>, Vec<_>) = above.partition(|(_, row)| row.origin.is_floor());
    if let (Some(target), Some((version, row))) = (target, floor.first()) {
        let file = set.get(**version).map(|migration| migration.up.name().to_owned()).unwrap_or_default();
        return Err(MigrateError::BelowFloor { target, file, version: **version, origin: row.origin });
    }
    above
        .into_iter()
        .filter_map(|(version, row)| Some((set.get(*version)?, row)))
        .map(|(migration, row)| {
            let file = migration.down.as_ref().ok_or_else(|| MigrateError::Irreversible {
                file: migration.up.name().to_owned(),
                version: migration.version,
            })?;
            let file = file.file()?;
            let (direction, statements) = (Direction::Down, file.statements()?);
            Ok(Step { migration, direction, file, statements, row: row.version.clone() })
        })
        .collect()
}

pub(crate) fn known(set: &MigrationSet, target: Option<Version>) -> Result<(), MigrateError> {
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
