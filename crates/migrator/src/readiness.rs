//! Whether a database has the schema that a program was built for.

use std::fmt;

use crate::check::{Comparison, compare, unfinished_file};
use crate::{LedgerRow, MigrationSet, Mismatch, Version};

/// How the ledger of a database compares with a set of files. `Display` is a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// Everything is applied, and nothing else.
    Ready,
    /// Everything is applied, and more that comes after our last file: a newer program was here.
    Newer {
        /// The last version in the ledger, as the ledger has it.
        head: String,
    },
    /// Files of ours are not applied yet.
    Pending {
        /// The first of them.
        next: String,
        /// How many there are.
        count: usize,
    },
    /// A file was begun and not finished: a run is at work, or one ended in the middle.
    Dirty {
        /// The file.
        file: String,
    },
    /// Something is applied that does not belong to our files.
    Foreign(Mismatch),
}

impl Readiness {
    pub(crate) fn new(set: &MigrationSet, found: &Comparison<'_>) -> Self {
        if let Some(row) = found.unfinished.first() {
            return Self::Dirty { file: unfinished_file(set, row).0 };
        }
        let mut newer: Option<Version> = None;
        for (mismatch, row) in &found.mismatches {
            match row.version.parse() {
                Ok(version) if set.is_newer(version) => newer = newer.max(Some(version)),
                _ => return Self::Foreign(mismatch.clone()),
            }
        }
        let mut pending = set.iter().filter(|migration| !found.applied.contains_key(&migration.version));
        match (pending.next(), newer) {
            (Some(next), _) => Self::Pending { next: next.up.name().to_owned(), count: 1 + pending.count() },
            (None, Some(head)) => Self::Newer { head: head.to_string() },
            (None, None) => Self::Ready,
        }
    }

    /// Whether a program built for these files may work on the database.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Newer { .. })
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("all migrations are applied"),
            Self::Newer { head } => write!(f, "all migrations are applied, and newer ones up to {head}"),
            Self::Pending { next, count: 1 } => write!(f, "{next} is not applied"),
            Self::Pending { next, count } => {
                write!(f, "{count} migrations are not applied, the first is {next}")
            }
            Self::Dirty { file } => write!(f, "{file} was begun and not finished"),
            Self::Foreign(mismatch) => mismatch.fmt(f),
        }
    }
}

impl MigrationSet {
    /// Compares what a database has applied with these files.
    ///
    /// `ledger` is what [`LEDGER_QUERY`](crate::LEDGER_QUERY) gave, and `None` where there is no ledger table (error
    /// [`NO_SUCH_TABLE`](crate::NO_SUCH_TABLE)). So a server can ask over its own connections, as often as it likes:
    ///
    /// ```
    /// use kseekers_migrator::{MigrationSet, Readiness};
    ///
    /// let set = MigrationSet::from_files([
    ///     ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY)"),
    ///     ("R01_notes.sql", "DROP TABLE notes"),
    /// ])?;
    /// let readiness = set.readiness(None);
    /// assert!(!readiness.is_ready());
    /// assert_eq!(readiness.to_string(), "01_notes.sql is not applied");
    /// # Ok::<(), kseekers_migrator::MigrateError>(())
    /// ```
    pub fn readiness(&self, ledger: Option<&[LedgerRow]>) -> Readiness {
        Readiness::new(self, &compare(self, ledger.unwrap_or_default()))
    }

    /// Whether this version comes after all of ours in its series.
    fn is_newer(&self, version: Version) -> bool {
        !self.iter().any(|ours| ours.version.same_series(version) && ours.version >= version)
    }
}

#[cfg(test)]
mod tests {
    use super::Readiness;
    use crate::{LedgerRow, MigrationSet};

    fn set() -> MigrationSet {
        let files = ["01_one.sql", "02_two.sql", "1000_mine.sql"];
        MigrationSet::from_files(
            files.map(|name| (name, format!("-- migrate: irreversible\nDO 1 -- {name}"))),
        )
        .unwrap()
    }

    fn applied() -> Vec<LedgerRow> {
        let row = |migration: &crate::Migration| LedgerRow {
            version: migration.digits.clone(),
            name: migration.name.clone(),
            checksum: Some(migration.up.checksum()),
            state: "done".to_owned(),
            ..LedgerRow::default()
        };
        set().iter().map(row).collect()
    }

    fn row(version: &str) -> LedgerRow {
        LedgerRow { version: version.to_owned(), state: "done".to_owned(), ..LedgerRow::default() }
    }

    #[test]
    fn all_that_we_have_is_ready() {
        assert_eq!(set().readiness(Some(&applied())), Readiness::Ready);
        assert_eq!(MigrationSet::default().readiness(None), Readiness::Ready);
    }

    #[test]
    fn a_missing_step_is_pending() {
        assert_eq!(set().readiness(None), Readiness::Pending { next: "01_one.sql".to_owned(), count: 3 });
        assert_eq!(
            set().readiness(Some(&applied()[1..])),
            Readiness::Pending { next: "01_one.sql".to_owned(), count: 1 }
        );
    }

    #[test]
    fn more_than_we_have_is_ready_when_it_comes_after_ours_in_its_series() {
        let with = |version| [applied(), vec![row(version)]].concat();
        let newer = |head: &str| Readiness::Newer { head: head.to_owned() };
        assert_eq!(set().readiness(Some(&with("03"))), newer("03"));
        assert_eq!(set().readiness(Some(&with("1001"))), newer("1001"));
        assert!(set().readiness(Some(&with("03"))).is_ready());
        assert!(matches!(set().readiness(Some(&with("00"))), Readiness::Foreign(_)));
        assert!(matches!(set().readiness(Some(&with("2b"))), Readiness::Foreign(_)));
        let newer_without_ours = [&applied()[..1], &[row("03")]].concat();
        assert!(matches!(set().readiness(Some(&newer_without_ours)), Readiness::Pending { .. }));
    }

    #[test]
    fn what_is_unfinished_or_not_ours_is_not_ready() {
        let mut rows = applied();
        rows[0].checksum = Some("62f6654e1c6de04527591255f8634de1".to_owned());
        assert!(matches!(set().readiness(Some(&rows)), Readiness::Foreign(_)));
        rows[1].state = "running".to_owned();
        assert_eq!(set().readiness(Some(&rows)), Readiness::Dirty { file: "02_two.sql".to_owned() });
    }
}
