//! What a user can ask for.

use std::path::PathBuf;
use std::time::Duration;

use super::Common;
use crate::{Resume, Version};

/// What was asked for, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invocation {
    /// What was asked for.
    pub command: Command,
    /// What goes with every command.
    pub common: Common,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Show [`HELP`](super::HELP).
    Help,
    /// Write the files of a new migration; needs the folder and no database.
    Create {
        /// The name of the migration.
        name: String,
    },
    /// Find in the files what tends to go wrong; needs them and no database.
    Lint,
    /// Something for which the database is needed.
    Database(Operation),
}

impl Command {
    /// The word that stands for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Create { .. } => "create",
            Self::Lint => "lint",
            Self::Database(operation) => operation.name(),
        }
    }
}

/// What is done with a database.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// Apply migrations.
    Up {
        /// The last to apply.
        target: Option<Version>,
        /// Only show what would be done.
        dry_run: bool,
    },
    /// Take migrations back.
    Down {
        /// The last to stay.
        target: Option<Version>,
        /// Only show what would be done.
        dry_run: bool,
    },
    /// Show what `up` would do.
    Plan {
        /// The last to apply.
        target: Option<Version>,
    },
    /// Show what is applied.
    Status {
        /// End with [`exit::PENDING`](crate::exit::PENDING) if something is pending.
        exit_code: bool,
    },
    /// Go on with a file that was begun and not finished.
    Resume {
        /// With which of its statements.
        how: Resume,
    },
    /// Note that a file that was begun and not finished is in effect.
    MarkApplied {
        /// Its number.
        version: Version,
    },
    /// Note that a file that was begun and not finished is not in effect.
    MarkRolledBack {
        /// Its number.
        version: Version,
    },
    /// Accept applied files that were changed since.
    Repair,
    /// Wait for a database that is still starting.
    Wait {
        /// How long.
        timeout: Duration,
    },
    /// Take over a database that another system has migrated.
    Adopt {
        /// Only show what would be done.
        dry_run: bool,
        /// An empty database for the schema to compare with.
        scratch: Option<String>,
    },
    /// Create the database and apply everything.
    Setup {
        /// Load sample data too.
        sample: bool,
    },
    /// Try the history out in a scratch database.
    Verify {
        /// An empty database to use for that; otherwise one is made.
        scratch: Option<String>,
    },
    /// Write the schema as SQL.
    Dump {
        /// The file; otherwise it is the answer.
        output: Option<PathBuf>,
    },
    /// Take what is there as the result of the history.
    Baseline {
        /// Up to which version; otherwise to the last.
        target: Option<Version>,
        /// An empty database to make that version in for comparison; otherwise one is made.
        scratch: Option<String>,
    },
}

impl Operation {
    /// The word that stands for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Up { .. } => "up",
            Self::Down { .. } => "down",
            Self::Plan { .. } => "plan",
            Self::Status { .. } => "status",
            Self::Resume { .. } => "resume",
            Self::MarkApplied { .. } => "mark-applied",
            Self::MarkRolledBack { .. } => "mark-rolled-back",
            Self::Repair => "repair",
            Self::Wait { .. } => "wait",
            Self::Setup { .. } => "setup",
            Self::Adopt { .. } => "adopt",
            Self::Verify { .. } => "verify",
            Self::Dump { .. } => "dump",
            Self::Baseline { .. } => "baseline",
        }
    }
}
