//! The commands, for a program that has found its connection options and files by its own means.
//!
//! The program gives its arguments to [`parse`], then calls [`create`], [`lint()`] or [`run`] ([`run_connecting`] if
//! it connects while it reads the files); each prints an [`Answer`], for a person
//! or with `--json`, and returns its exit code: one of [`exit`](crate::exit).

use std::path::Path;

use mysql_async::Opts;

use crate::{Adoption, MigrationSet, Options, SqlFile, create_files};

mod answer;
mod args;
mod commands;
mod connecting;
mod console;
mod help;
mod human;
mod lint;
mod operation;
mod parse;
mod printer;

pub use answer::{
    AdoptionAnswer, Answer, CaseAnswer, FileAnswer, FindingAnswer, MigrationAnswer, RepairAnswer,
    StatementAnswer, StoppedAnswer,
};
pub use commands::{run, run_connecting};
pub use connecting::Connecting;
pub use console::Console;
pub use help::HELP;
pub use lint::lint;
pub use operation::{Command, Invocation, Operation};
pub use parse::{Common, UsageError, parse};

/// The JSON Schema of an [`Answer`] with `--json`.
pub const ANSWER_SCHEMA: &str = include_str!("cli/answer.schema.json");

/// What an [`Operation`] works with.
#[derive(Clone)]
#[non_exhaustive]
pub struct Place {
    /// How to reach the database; they name it.
    pub opts: Opts,
    /// The history.
    pub set: MigrationSet,
    /// What `setup --sample` loads; empty unless set.
    pub sample: Vec<SqlFile>,
    /// How patient to be, unless the command line says otherwise.
    pub options: Options,
    /// Whether `down` wants the database's name typed; not unless set.
    pub production: bool,
    /// The other system whose databases `adopt` takes over; none unless set.
    pub adoption: Option<Adoption<'static>>,
}

impl Place {
    /// A database and its history.
    pub fn new(opts: impl Into<Opts>, set: MigrationSet) -> Self {
        let (sample, options) = (Vec::new(), Options::default());
        Self { opts: opts.into(), set, sample, options, production: false, adoption: None }
    }

    /// Sets [`Self::sample`].
    #[must_use]
    pub fn with_sample(mut self, sample: Vec<SqlFile>) -> Self {
        self.sample = sample;
        self
    }

    /// Sets [`Self::options`].
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets [`Self::production`].
    #[must_use]
    pub fn with_production(mut self, production: bool) -> Self {
        self.production = production;
        self
    }

    /// Sets [`Self::adoption`].
    #[must_use]
    pub fn with_adoption(mut self, adoption: Adoption<'static>) -> Self {
        self.adoption = Some(adoption);
        self
    }

    pub(crate) fn database(&self) -> &str {
        self.opts.db_name().unwrap_or_default()
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The connection options would show the password.
        f.debug_struct("Place")
            .field("set", &self.set)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Does what a [`Command::Create`] asks for.
pub fn create(dir: &Path, name: &str, common: &Common, console: &mut Console<'_>) -> u8 {
    let created = create_files(dir, name).map(|created| {
        let written = vec![created.up.display().to_string(), created.down.display().to_string()];
        Answer {
            message: format!(
                "Created migration {}. Write the statements into both files, then run `up`.",
                created.version
            ),
            written,
            ..Answer::default()
        }
    });
    console.finish("create", common, created)
}
