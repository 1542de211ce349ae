//! Why a database is not adopted.

use std::fmt;

use crate::MigrateError;

/// Why a database cannot be adopted. `Display` is one sentence or more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unadoptable {
    /// There is no ledger, or nothing in it.
    NoHistory,
    /// Our own history is at work here already.
    Ours,
    /// The ledger is of no version of the other system.
    Unknown {
        /// What the system is called.
        system: String,
        /// What the ledger has.
        rows: Vec<String>,
    },
    /// The ledger is almost one of the other system.
    OtherHistory {
        /// The version of the other system that it is closest to.
        history: String,
        /// What that has and this ledger has not.
        missing: Vec<String>,
        /// What this ledger has and that has not.
        unknown: Vec<String>,
    },
    /// The tables are not those that the ledger promises.
    OtherSchema {
        /// The version of the other system.
        history: String,
        /// How they differ, a clause each.
        differences: Vec<String>,
    },
}

impl fmt::Display for Unadoptable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHistory => f.write_str(
                "Nobody has migrated this database, so there is nothing to adopt. For an empty one use up, for one \
                 whose tables are ours already use baseline",
            ),
            Self::Ours => {
                f.write_str("This database has our own history already: there is nothing to adopt. Use up")
            }
            Self::Unknown { system, rows } => write!(
                f,
                "The migrations of this database are not those of the {system} system: {}",
                rows.join(", ")
            ),
            Self::OtherHistory { history, missing, unknown } => {
                write!(f, "The migrations of this database are almost, but not quite, those of {history}.")?;
                if !missing.is_empty() {
                    write!(f, " Not applied: {}. Let the other system apply them first.", missing.join(", "))?;
                }
                if !unknown.is_empty() {
                    write!(f, " Not known: {}.", unknown.join(", "))?;
                }
                Ok(())
            }
            Self::OtherSchema { history, differences } => {
                write!(f, "The migrations of this database are those of {history}, its tables are not:")?;
                differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))
            }
        }
    }
}

impl From<Unadoptable> for MigrateError {
    fn from(why: Unadoptable) -> Self {
        Self::CannotAdopt(why)
    }
}
