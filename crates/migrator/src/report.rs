//! What the operations tell: while they work, afterwards, and about a database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use chrono::NaiveDateTime;

use crate::check::{Gap, Mismatch, compare};
use crate::ledger::DONE;
use crate::plan::Step;
use crate::run::Watcher;
use crate::{Direction, Holder, LedgerRow, Migration, MigrationSet, Readiness, Version};

/// Something that happens during a run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Another runner is at work; it is waited for. Told anew every few seconds.
    Waiting {
        /// Who it is.
        holder: &'a Holder,
        /// How long it was waited for so far.
        waited: Duration,
    },
    /// An earlier run has begun this file, and it is known how to go on with it.
    GoingOn {
        /// The file.
        file: &'a str,
        /// How many of its statements are done, or are not to be run.
        done: usize,
        /// How many it has.
        of: usize,
    },
    /// The server is about to come to a statement. It may have been sent already, behind another one.
    Statement {
        /// The file.
        file: &'a str,
        /// Which statement, counted from 1.
        number: usize,
        /// How many the file has.
        of: usize,
        /// What is sent; may have a password in it.
        text: &'a str,
    },
    /// The statement waited in vain for a lock. It gives way to those behind it, and is sent again after a pause.
    Again {
        /// The file.
        file: &'a str,
        /// Which statement, counted from 1.
        number: usize,
        /// Which attempt comes next, counted from 1.
        attempt: u32,
        /// [`Options::lock_wait_attempts`](crate::Options::lock_wait_attempts).
        of: u32,
    },
    /// A file is done.
    Finished(&'a FileReport),
}

/// A file that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// Its number; `None` if it is no part of the history.
    pub version: Option<Version>,
    /// How many statements it has.
    pub statements: usize,
    /// How long it took.
    pub duration: Duration,
}

/// What a run has done; nothing, if there was nothing to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The files, in the order in which they were run.
    pub files: Vec<FileReport>,
    /// The last version that is applied now, as the ledger has it; none, too, where another system has its ledger back.
    pub version: Option<String>,
    /// What is worth a look, although nothing was stopped by it.
    pub warnings: Vec<Warning>,
    /// The table from which another system's ledger was given back.
    pub given_back: Option<String>,
}

/// What is worth a look, although nothing is stopped by it. `Display` is a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Only comments, blanks or line ends of an applied file are others than when it was applied.
    Cosmetic {
        /// The file.
        file: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cosmetic { file } => write!(
                f,
                "{file} is written differently than when it was applied to this database. Only comments, blanks or line \
                 ends changed, so it still does the same."
            ),
        }
    }
}

impl Report {
    /// Says what the database is like when these steps are done, without a second look at it.
    pub(crate) fn found(&mut self, ledger: &[LedgerRow], mut warnings: Vec<Warning>, steps: &[Step<'_>]) {
        let mut applied: BTreeMap<Version, &str> = ledger
            .iter()
            .filter(|row| row.state == DONE)
            .filter_map(|row| Some((row.version.parse().ok()?, row.version.as_str())))
            .collect();
        for step in steps {
            let Migration { version, up, .. } = step.migration;
            match step.direction {
                Direction::Up => applied.insert(*version, &step.row),
                Direction::Down => applied.remove(version),
            };
            // How a file is written that is not applied any more concerns nobody.
            warnings.retain(|Warning::Cosmetic { file }| file != up.name());
        }
        self.version = applied.into_values().next_back().map(str::to_owned);
        self.warnings = warnings;
    }

    pub(crate) fn push(&mut self, file: FileReport, watch: Watcher<'_>) {
        watch(Progress::Finished(&file));
        self.files.push(file);
    }
}

/// What is with one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// In effect.
    Applied,
    /// Not applied yet.
    Pending,
    /// Not applied yet, although a later one of its series is.
    TooLate,
    /// Begun and not finished: at work just now, or left in the middle.
    Unfinished,
    /// Applied, but not as our files have it.
    NotOurs(Mismatch),
}

/// A line of [`Status`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusLine {
    /// The version, as the ledger has it or else as the file's name has it.
    pub version: String,
    /// The name with blanks for underscores.
    pub name: String,
    /// What is with it.
    pub state: State,
    /// When it was applied (UTC).
    pub applied_at: Option<NaiveDateTime>,
}

/// All migrations of the files and of the ledger together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Applied ones in the order of their numbers, then pending ones.
    pub lines: Vec<StatusLine>,
    /// The sum.
    pub readiness: Readiness,
    /// What is worth a look, although nothing is stopped by it.
    pub warnings: Vec<Warning>,
    /// What comes too late to be applied.
    pub gap: Option<Gap>,
    /// Who is at work; looked for only where a file is unfinished.
    pub runner: Option<Holder>,
}

impl Status {
    pub(crate) fn new(set: &MigrationSet, ledger: Option<&[LedgerRow]>) -> Self {
        let ledger = ledger.unwrap_or_default();
        let found = compare(set, ledger);
        let (readiness, warnings) = (Readiness::new(set, &found), found.warnings());
        let line = |row: &LedgerRow, state| StatusLine {
            version: row.version.clone(),
            name: row.name.clone(),
            state,
            applied_at: row.applied_at,
        };
        let present: BTreeSet<Version> = ledger.iter().filter_map(|row| row.version.parse().ok()).collect();
        let gap = Gap::find(set, &found.applied, ledger);
        let is_late = |migration: &Migration| {
            gap.as_ref().is_some_and(|gap| gap.files.iter().any(|file| file == migration.up.name()))
        };
        let mut lines: Vec<StatusLine> =
            found.applied.values().map(|row| line(row, State::Applied)).collect();
        lines.extend(found.unfinished.iter().map(|row| line(row, State::Unfinished)));
        lines.extend(found.mismatches.into_iter().map(|(mismatch, row)| line(row, State::NotOurs(mismatch))));
        lines.sort_by_key(|line| line.version.parse().unwrap_or(Version::new(u64::MAX)));
        lines.extend(set.iter().filter(|migration| !present.contains(&migration.version)).map(|migration| {
            StatusLine {
                version: migration.digits.clone(),
                name: migration.name.clone(),
                state: if is_late(migration) { State::TooLate } else { State::Pending },
                applied_at: None,
            }
        }));
        Self { lines, readiness, warnings, gap, runner: None }
    }
}
