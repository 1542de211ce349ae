#![doc = include_str!("../README.md")]

mod adopt;
mod baseline;
mod changes;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod create;
mod directive;
mod dump;
mod error;
pub mod exit;
mod file_name;
mod journal;
mod ledger;
mod lint;
mod lock;
mod migrator;
mod options;
mod plan;
mod random;
mod readiness;
mod recovery;
mod repair;
mod report;
mod run;
mod schema;
mod scratch;
mod session;
mod set;
mod setup;
mod shown;
mod split;
mod sql;
mod verify;
mod version;
mod wait;

pub use mysql_async::{Opts, OptsBuilder};

pub use adopt::{AdoptReport, Adoption, History, HistoryRow, Mend, Mended, Remark, Remarked, Unadoptable};
pub use baseline::BaselineReport;
pub use changes::Change;
pub use check::{Direction, Gap, Mismatch};
pub use create::{Created, create_files};
pub use error::MigrateError;
pub use ledger::{LEDGER, LEDGER_QUERY, LedgerRow, NO_SUCH_TABLE, Origin};
pub use lint::{Finding, NoSuchRule, Rule, lint};
pub use lock::Holder;
pub use migrator::Migrator;
pub use options::Options;
pub use plan::{Plan, Planned, Step};
pub use readiness::Readiness;
pub use recovery::{Resume, StatementAt, Unfinished};
pub use repair::ChangedFile;
pub use report::{FileReport, Progress, Report, State, Status, StatusLine, Warning};
pub use schema::{Difference, Part, Schema};
pub use set::{LazyFile, Migration, MigrationSet, SqlFile};
pub use setup::{SetupReport, setup};
pub use split::{Piece, SplitError, SplitProblem, Statement, pieces, split};
pub use sql::{
    Action, DataAction, DataChange, Definition, Kind, Name, Object, SessionChange, TransactionStep,
};
pub use verify::{Flaw, VerifyReport, verify};
pub use version::Version;
pub use wait::wait;
