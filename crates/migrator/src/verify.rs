//! Tries a history out: there, back and there again.

use std::collections::HashMap;
use std::fmt;

use mysql_async::Opts;

use crate::run::Watcher;
use crate::scratch::{self, Scratch};
use crate::{LazyFile, MigrateError, Migration, MigrationSet, Migrator, Options, Progress, Version};

mod diff;

/// What a trial has shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// The files that make the steps that were tried.
    pub files: Vec<String>,
    /// Those of them that cannot be taken back, so that the way back ends there.
    pub irreversible: Vec<String>,
    /// The first way back that does not lead where the way there began. What comes after it was not tried.
    pub flaw: Option<Flaw>,
    /// Databases that earlier trials left behind when they were cut off. No connection to this server uses them; they can
    /// be dropped.
    pub leftovers: Vec<String>,
}

/// A way back that is not right. `Display` says what is different, in several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// After a way back the schema was not what it was before the way there.
    Back {
        /// The file that takes back.
        file: String,
        /// The file that it takes back.
        of: String,
        /// A line for each thing that is different: with `-` what was lost, with `+` what was left.
        lines: Vec<String>,
    },
    /// After the second way there the schema was not that of the first. A way back may change the order of columns and
    /// keys in a table; here it shows.
    Again {
        /// The first file of the way.
        from: String,
        /// The last.
        to: String,
        /// A line for each thing that is different: with `-` the first time, with `+` the second time.
        lines: Vec<String>,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = match self {
            Self::Back { file, of, lines } => {
                write!(
                    f,
                    "After {file} the schema is not what it was before {of}. Lost (-) or left (+) is:"
                )?;
                lines
            }
            Self::Again { from, to, lines } => {
                let files = if from == to { from.clone() } else { format!("{from} to {to}") };
                write!(f, "Run again after the way back, {files} did not make (-), or made instead (+):")?;
                lines
            }
        };
        lines.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Runs the whole history in a scratch database beside the database of `opts`, which is not touched and need not be
/// there. All files up, the schema [dumped](Migrator::dump) before each; down one by one, each of which must give the dump
/// of before, but for the order of columns and keys in a table; up again, which must give the same dump. A step that cannot be taken back divides the history
/// into parts, each of which is tried so.
///
/// The scratch database is `<database>_scratch_<random>`, which this user must be allowed to create, and is dropped in
/// the end, also after a failure; or the one that is named in `scratch`, which must be empty if it is there, and is
/// emptied again then. Statements that would reach out of it are refused first; what stored programs do when they are
/// called is not looked into.
///
/// # Errors
/// [`MigrateError::LeavesDatabase`] before anything is run, [`MigrateError::ScratchRefused`] and
/// [`ScratchInUse`](MigrateError::ScratchInUse), and everything that keeps a file from being run. That a way back leads
/// elsewhere is no error but a [`Flaw`].
pub async fn verify(
    opts: impl Into<Opts>,
    scratch: Option<&str>,
    set: MigrationSet,
    options: Options,
    watch: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<VerifyReport, MigrateError> {
    scratch::stays_inside(&set)?;
    let scratch = Scratch::create(&opts.into(), scratch, &options).await?;
    let leftovers = scratch.leftovers().to_vec();
    let tried = try_out(scratch.opts(), &set, options, watch).await;
    let report = scratch.end(tried).await?;
    Ok(VerifyReport { leftovers, ..report })
}

/// A database to try a history in.
struct Trial {
    migrator: Migrator,
    /// For [`Migrator::dump_with`].
    tables: HashMap<String, String>,
}

impl Trial {
    async fn dump(&mut self) -> Result<String, MigrateError> {
        self.migrator.dump_with(&mut self.tables).await
    }
}

/// A step, and the dump of before it.
struct Made<'a> {
    migration: &'a Migration,
    down: &'a LazyFile,
    before: String,
}

async fn try_out(
    opts: Opts,
    set: &MigrationSet,
    options: Options,
    watch: Watcher<'_>,
) -> Result<VerifyReport, MigrateError> {
    let mut report = VerifyReport::default();
    let migrator = Migrator::connect_with(opts, set.clone(), options).await?;
    let mut trial = Trial { migrator, tables: HashMap::new() };
    let mut part = Vec::new();
    let mut floor = None;
    for migration in set.iter() {
        if migration.down.is_none() {
            report.flaw = back_and_again(&mut trial, floor, &part, watch).await?;
            part.clear();
            floor = Some(migration.version);
        }
        if report.flaw.is_some() {
            break;
        }
        let before = trial.dump().await?;
        trial.migrator.up_with(Some(migration.version), watch).await?;
        let file = migration.up.name().to_owned();
        match &migration.down {
            Some(down) => part.push(Made { migration, down, before }),
            None => report.irreversible.push(file.clone()),
        }
        report.files.push(file);
    }
    if report.flaw.is_none() {
        report.flaw = back_and_again(&mut trial, floor, &part, watch).await?;
    }
    trial.migrator.close().await;
    Ok(report)
}

/// Takes back all steps that were made above the floor, and makes them again.
async fn back_and_again(
    trial: &mut Trial,
    floor: Option<Version>,
    part: &[Made<'_>],
    watch: Watcher<'_>,
) -> Result<Option<Flaw>, MigrateError> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(None) };
    let dump = trial.dump().await?;
    for (index, step) in part.iter().enumerate().rev() {
        let below = index.checked_sub(1).and_then(|below| part.get(below));
        trial.migrator.down_with(below.map(|below| below.migration.version).or(floor), watch).await?;
        let lines = diff::but_for_order(&step.before, &trial.dump().await?);
        if !lines.is_empty() {
            let (file, of) = (step.down.name().to_owned(), step.migration.up.name().to_owned());
            return Ok(Some(Flaw::Back { file, of, lines }));
        }
    }
    trial.migrator.up_with(Some(last.migration.version), watch).await?;
    let lines = diff::diff(&dump, &trial.dump().await?);
    let (from, to) = (first.migration.up.name().to_owned(), last.migration.up.name().to_owned());
    Ok((!lines.is_empty()).then_some(Flaw::Again { from, to, lines }))
}
