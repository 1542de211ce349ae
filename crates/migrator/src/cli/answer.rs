//! What a command answers: one shape for all of them.

use serde::Serialize;

mod adoption;

pub use adoption::{AdoptionAnswer, CaseAnswer};

use crate::shown::without_secrets;
use crate::{
    ChangedFile, Direction, FileReport, Kind, MigrateError, Planned, State, Status, StatusLine, Warning, exit,
};

/// What a command has done or found out. With `--json` it is all that is written to standard output; without, the same
/// is written for a person; [`ANSWER_SCHEMA`](super::ANSWER_SCHEMA) describes it. A list is empty where the command has nothing of its kind to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// The command.
    pub command: String,
    /// The exit code of the program: one of [`exit`](crate::exit).
    pub exit_code: u8,
    /// What that exit code means, in a word: [`exit::name`](crate::exit::name).
    pub outcome: &'static str,
    /// What was done, or what is wrong and what to do, in words; may have several lines.
    pub message: String,
    /// What is worth a look, although all was done.
    pub warnings: Vec<String>,
    /// The database, where one was reached.
    pub database: Option<String>,
    /// The last version that is applied now; none if nothing is, or if nobody looked.
    pub version: Option<String>,
    /// `status`: all migrations of the files and of the database.
    pub migrations: Vec<MigrationAnswer>,
    /// `plan` and `--dry-run`: what would be run, in this order.
    pub statements: Vec<StatementAnswer>,
    /// What was run, in this order. After an error too: these files are done.
    pub files: Vec<FileAnswer>,
    /// Where a file was begun and not finished, the statement that somebody has to judge.
    pub stopped_at: Option<StoppedAnswer>,
    /// `repair`: what was accepted as it is now.
    pub repaired: Vec<RepairAnswer>,
    /// The files that were written.
    pub written: Vec<String>,
    /// `dump`: the schema as SQL, unless it was written to a file.
    pub schema: Option<String>,
    /// `lint`: what was found, in the order of the files and their lines.
    pub findings: Vec<FindingAnswer>,
    /// `adopt`: what it has done, or with `--dry-run` would do.
    pub adoption: Option<AdoptionAnswer>,
    /// `down`: the table from which another system got its ledger back.
    pub given_back: Option<String>,
}

/// The statement at which a run stopped that cannot tell how to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoppedAnswer {
    /// The file.
    pub file: String,
    /// The version, as the ledger has it.
    pub version: String,
    /// `up` or `down`.
    pub direction: &'static str,
    /// Which of the file's statements it is, counted from 1.
    pub number: usize,
    /// How many the file has.
    pub of: usize,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// A line of `status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MigrationAnswer {
    /// The version, as the ledger has it or else as the file's name has it.
    pub version: String,
    /// The name with blanks for underscores.
    pub name: String,
    /// `applied`, `pending`, `too late`, `unfinished` or `not ours`.
    pub state: &'static str,
    /// When it was applied (UTC), as `2026-11-21 13:05:00`.
    pub applied_at: Option<String>,
}

/// A statement that would be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementAnswer {
    /// The file.
    pub file: String,
    /// Which of the file's statements it is, counted from 1.
    pub number: usize,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// What kind of change it is: `schema`, `data`, `query` (none), `session`, `transaction`, `repeatable` (such as GRANT),
    /// or `unknown`, as with CALL.
    pub kind: &'static str,
    /// What is sent to the server.
    pub text: String,
}

/// A file that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileAnswer {
    /// Its name.
    pub file: String,
    /// Its number; none if it is no part of the history.
    pub version: Option<String>,
    /// How many statements it has.
    pub statements: usize,
    /// How long it took.
    pub milliseconds: u64,
}

/// A file that was accepted as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RepairAnswer {
    /// Its name.
    pub file: String,
    /// Its version.
    pub version: String,
    /// The MD5 of what was applied.
    pub applied: Option<String>,
    /// The MD5 of what was accepted.
    pub ours: String,
}

/// Something that `lint` has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingAnswer {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The rule, as a waiver names it.
    pub rule: &'static str,
    /// What the file does there.
    pub sentence: String,
    /// What to do instead; the same for all findings of a rule.
    pub advice: &'static str,
}

impl Answer {
    pub(crate) fn saying(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    pub(crate) fn of_error(error: &MigrateError) -> Self {
        let stopped_at = stopped_at(error);
        Self { exit_code: error.exit_code(), message: error.to_string(), stopped_at, ..Self::default() }
    }

    /// Whether the message is of something that went wrong.
    pub(crate) fn is_error(&self) -> bool {
        ![exit::DONE, exit::PENDING].contains(&self.exit_code)
    }
}

fn stopped_at(error: &MigrateError) -> Option<StoppedAnswer> {
    let MigrateError::Dirty { file, direction, version, at: Some(at), .. } = error else { return None };
    Some(StoppedAnswer {
        file: file.clone(),
        version: version.clone(),
        direction: match direction {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        number: at.number,
        of: at.of,
        line: at.line,
        text: without_secrets(&at.text).into_owned(),
    })
}

impl From<&StatusLine> for MigrationAnswer {
    fn from(line: &StatusLine) -> Self {
        Self {
            version: line.version.clone(),
            name: line.name.clone(),
            state: match line.state {
                State::Applied => "applied",
                State::Pending => "pending",
                State::TooLate => "too late",
                State::Unfinished => "unfinished",
                State::NotOurs(_) => "not ours",
            },
            applied_at: line.applied_at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
        }
    }
}

impl From<Planned<'_>> for StatementAnswer {
    fn from(planned: Planned<'_>) -> Self {
        let Planned { file, number, line, kind, text } = planned;
        Self {
            file: file.to_owned(),
            number,
            line,
            kind: word(&kind),
            text: without_secrets(text).into_owned(),
        }
    }
}

impl From<&FileReport> for FileAnswer {
    fn from(report: &FileReport) -> Self {
        Self {
            file: report.file.clone(),
            version: report.version.map(|version| version.to_string()),
            statements: report.statements,
            milliseconds: u64::try_from(report.duration.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl From<&ChangedFile> for RepairAnswer {
    fn from(changed: &ChangedFile) -> Self {
        let ChangedFile { file, version, applied, ours, .. } = changed.clone();
        Self { file, version: version.to_string(), applied, ours }
    }
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Definition(_) => "schema",
        Kind::Data(_) => "data",
        Kind::Query => "query",
        Kind::Session(_) => "session",
        Kind::Transaction(_) => "transaction",
        Kind::Repeatable => "repeatable",
        Kind::Opaque => "unknown",
    }
}

/// The sentences.
pub(crate) fn warnings(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(ToString::to_string).collect()
}

/// The last version that is applied.
pub(crate) fn head(status: &Status) -> Option<String> {
    let last = status.lines.iter().rfind(|line| line.state == State::Applied);
    last.map(|line| line.version.clone())
}
