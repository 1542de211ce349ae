//! Exit codes for a program that migrates, so that a deployment can tell what to do next.

use crate::{MigrateError, Readiness};

/// All is done.
pub const DONE: u8 = 0;
/// Something else went wrong: the server, a file, a statement.
pub const FAILED: u8 = 1;
/// What was asked for makes no sense, or was not confirmed.
pub const USAGE: u8 = 2;
/// Migrations are pending, where that was the question.
pub const PENDING: u8 = 10;
/// Files and database do not belong together, or the files break the order of a history.
pub const DRIFT: u8 = 11;
/// A file was begun and not finished.
pub const DIRTY: u8 = 12;
/// Another runner is at work.
pub const LOCKED: u8 = 13;

/// What an exit code is called, for those who read it from a text.
pub fn name(code: u8) -> &'static str {
    match code {
        DONE => "done",
        USAGE => "usage",
        PENDING => "pending",
        DRIFT => "drift",
        DIRTY => "dirty",
        LOCKED => "locked",
        _ => "failed",
    }
}

impl MigrateError {
    /// The exit code for a program that ends with this error: one of [`exit`](crate::exit).
    ///
    /// ```
    /// use kseekers_migrator::{MigrationSet, exit};
    ///
    /// let error = MigrationSet::from_files([("R02_notes.sql", "DROP TABLE notes;")]).unwrap_err();
    /// assert_eq!(error.exit_code(), exit::DRIFT);
    /// ```
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotAVersion { .. }
            | Self::ScratchInUse { .. }
            | Self::BadName { .. }
            | Self::UnknownTarget { .. }
            | Self::TargetNotApplied { .. }
            | Self::MovedOn { .. }
            | Self::NothingUnfinished
            | Self::NotUnfinished { .. }
            | Self::NotConfirmed { .. } => USAGE,
            Self::BadFileName { .. }
            | Self::DuplicateVersion { .. }
            | Self::OrphanRollback { .. }
            | Self::RollbackNamedDifferently { .. }
            | Self::NoWayBack { .. }
            | Self::IrreversibleWithRollback { .. }
            | Self::UnknownDirective { .. }
            | Self::Irreversible { .. }
            | Self::BelowFloor { .. }
            | Self::CannotAdopt(_)
            | Self::LeavesDatabase { .. }
            | Self::HasHistory { .. }
            | Self::OtherSchema { .. }
            | Self::OutOfOrder { .. }
            | Self::NotOurs { .. } => DRIFT,
            Self::NotVerified(Readiness::Foreign(_)) => DRIFT,
            Self::Dirty { .. } | Self::NotVerified(Readiness::Dirty { .. }) => DIRTY,
            Self::Busy { .. } | Self::LockLost | Self::HeartbeatLate { .. } => LOCKED,
            _ => FAILED,
        }
    }
}
