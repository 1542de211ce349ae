//! Compares the ledger of a database with a set of files. Nothing here touches a database.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::ledger::{DONE, LEDGER, LedgerRow, UNDOING};
use crate::{Change, LazyFile, MigrateError, Migration, MigrationSet, Version, Warning};

/// What to do about a file that was begun, for those who do not look further themselves.
pub(crate) const UP_FINDS_OUT: &str = "`up` finds out how far it came, and goes on where that can be told";

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Applies a migration.
    Up,
    /// Takes a migration back.
    Down,
}

/// A row of the ledger that does not belong to the files. `Display` is a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// The ledger has a version that the files do not have.
    Unknown {
        /// The version as the ledger has it.
        version: String,
        /// Its name.
        name: String,
    },
    /// Another migration was applied under this number.
    Name {
        /// The file that we have.
        file: String,
        /// The name in the ledger.
        applied: String,
    },
    /// The file was another when it was applied.
    Checksum {
        /// The file that we have.
        file: String,
        /// Its checksum now.
        ours: String,
        /// The checksum in the ledger.
        applied: Option<String>,
        /// What is known of how it differs; nothing, where nobody asked the journal or the journal does not know.
        changes: Vec<Change>,
    },
    /// The ledger has two rows for one number.
    Twice {
        /// The number.
        version: Version,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { version, name } => {
                write!(f, "Version {version} ({name}) is applied to this database, but we have no such file")
            }
            Self::Name { file, applied } => {
                write!(
                    f,
                    "{file} is not what was applied to this database under its number: that was \"{applied}\""
                )
            }
            Self::Checksum { file, ours, applied, changes } => {
                write!(f, "{file} is not the text that was applied to this database: ")?;
                f.write_str(&difference(changes, ours, applied.as_deref()))
            }
            Self::Twice { version } => write!(f, "Version {version} is in {LEDGER} twice"),
        }
    }
}

/// What is known of how an applied file differs; if nothing is, its checksums.
pub(crate) fn difference(changes: &[Change], ours: &str, applied: Option<&str>) -> String {
    if changes.is_empty() {
        let applied = applied.unwrap_or("missing");
        return format!("its checksum is {ours}, that of the applied one is {applied}");
    }
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Migrations that are pending although a later one of their series is applied. `Display` is a clause without a full
/// stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// The pending files.
    pub files: Vec<String>,
    /// The file of `applied`.
    pub applied_file: String,
    /// The latest version of their series that is applied.
    pub applied: Version,
}

impl Gap {
    /// The first that there is, looked for from the end. A row of the ledger that does not fit its file is no gap.
    pub(crate) fn find(
        set: &MigrationSet,
        applied: &BTreeMap<Version, &LedgerRow>,
        ledger: &[LedgerRow],
    ) -> Option<Self> {
        let present = LazyCell::new(|| {
            ledger.iter().filter_map(|row| row.version.parse().ok()).collect::<BTreeSet<Version>>()
        });
        let mut later: Option<Version> = None;
        applied.keys().rev().find_map(|latest| {
            // What comes before an earlier one of the series comes before its latest, too.
            if later.replace(*latest).is_some_and(|later| later.same_series(*latest)) {
                return None;
            }
            let is_late = |version: Version| {
                version < *latest
                    && version.same_series(*latest)
                    && !applied.contains_key(&version)
                    && !present.contains(&version)
            };
            let late = set.iter().filter(|migration| is_late(migration.version));
            let files: Vec<String> = late.map(|migration| migration.up.name().to_owned()).collect();
            let file = set.get(*latest).map(|migration| migration.up.name().to_owned());
            let applied_file = file.unwrap_or_else(|| latest.to_string());
            (!files.is_empty()).then_some(Self { files, applied_file, applied: *latest })
        })
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> String {
        let each = if self.files.len() == 1 { "it" } else { "each" };
        format!("Numbers only grow: give {each} a number after {}", self.applied)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let come = if self.files.len() == 1 { "comes" } else { "come" };
        write!(f, "{} {come} too late: {} is applied already", self.files.join(", "), self.applied_file)
    }
}

/// What the ledger says about the files of a set.
#[derive(Debug, Default)]
pub(crate) struct Comparison<'a> {
    /// Rows that belong to our files.
    pub(crate) applied: BTreeMap<Version, &'a LedgerRow>,
    /// Rows that do not.
    pub(crate) mismatches: Vec<(Mismatch, &'a LedgerRow)>,
    /// Rows that were begun and not finished.
    pub(crate) unfinished: Vec<&'a LedgerRow>,
    /// Files that are written in other words than when they were applied and do the same.
    pub(crate) cosmetic: Vec<String>,
}

pub(crate) fn compare<'a>(set: &MigrationSet, ledger: &'a [LedgerRow]) -> Comparison<'a> {
    let mut found = Comparison::default();
    for row in ledger {
        if row.state != DONE {
            // Its file may have been mended meanwhile; that it was begun is what counts.
            found.unfinished.push(row);
            continue;
        }
        let migration = row.version.parse().ok().and_then(|version| set.get(version));
        let mismatch = match migration {
            Some(migration) => {
                let same = same_bytes(migration, row);
                differs(migration, row, same).or_else(|| {
                    if !same {
                        found.cosmetic.push(migration.up.name().to_owned());
                    }
                    let first = found.applied.insert(migration.version, row);
                    first.map(|_| Mismatch::Twice { version: migration.version })
                })
            }
            None => Some(Mismatch::Unknown { version: row.version.clone(), name: row.name.clone() }),
        };
        found.mismatches.extend(mismatch.map(|mismatch| (mismatch, row)));
    }
    found
}

/// How a row differs from the file with its number.
fn differs(migration: &Migration, row: &LedgerRow, same_bytes: bool) -> Option<Mismatch> {
    let file = || migration.up.name().to_owned();
    if row.name != migration.name && row.name.replace('_', " ") != migration.name {
        Some(Mismatch::Name { file: file(), applied: row.name.clone() })
    } else if !same_bytes && !same_effect(migration, row) {
        Some(Mismatch::Checksum {
            file: file(),
            ours: migration.up.checksum(),
            applied: row.checksum.clone(),
            changes: Vec::new(),
        })
    } else {
        None
    }
}

fn same_bytes(migration: &Migration, row: &LedgerRow) -> bool {
    row.checksum.as_ref().is_some_and(|applied| migration.up.has_checksum(applied))
}

/// Whether only comments, blanks or line ends are others. A row without a digest tells no more than whether it is the line
/// ends, which a checkout on another system changes.
fn same_effect(migration: &Migration, row: &LedgerRow) -> bool {
    match (&row.digest, &row.checksum) {
        (Some(applied), _) => migration.up.digest().is_ok_and(|ours| ours.eq_ignore_ascii_case(applied)),
        (None, Some(applied)) => {
            let checksums = migration.up.checksums_by_line_end();
            checksums.iter().any(|ours| ours.eq_ignore_ascii_case(applied))
        }
        (None, None) => false,
    }
}

impl<'a> Comparison<'a> {
    /// What is worth a look, although it stops nothing.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        self.cosmetic.iter().map(|file| Warning::Cosmetic { file: file.clone() }).collect()
    }

    /// The rows that are applied.
    ///
    /// # Errors
    /// [`MigrateError::Dirty`] and [`MigrateError::NotOurs`]: nothing may be changed then.
    pub(crate) fn accept(self, set: &MigrationSet) -> Result<BTreeMap<Version, &'a LedgerRow>, MigrateError> {
        if let Some(row) = self.unfinished.first() {
            let (file, direction) = unfinished_file(set, row);
            return Err(MigrateError::Dirty {
                file,
                direction,
                version: row.version.clone(),
                at: None,
                why: "a run is at work just now, or one ended in the middle".to_owned(),
                advice: UP_FINDS_OUT.to_owned(),
            });
        }
        if !self.mismatches.is_empty() {
            let mismatches = self.mismatches.into_iter().map(|(mismatch, _)| mismatch).collect();
            return Err(MigrateError::NotOurs { mismatches });
        }
        Ok(self.applied)
    }
}

/// The file that a run was in when it ended, and which way it went.
pub(crate) fn unfinished_file(set: &MigrationSet, row: &LedgerRow) -> (String, Direction) {
    let direction = if row.state == UNDOING { Direction::Down } else { Direction::Up };
    let migration = row.version.parse().ok().and_then(|version| set.get(version));
    let file = migration.and_then(|migration| match direction {
        Direction::Up => Some(migration.up.name()),
        Direction::Down => migration.down.as_ref().map(LazyFile::name),
    });
    (file.map_or_else(|| format!("Version {} ({})", row.version, row.name), str::to_owned), direction)
}
