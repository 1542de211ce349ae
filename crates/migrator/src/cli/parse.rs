//! What the user typed.

use std::path::PathBuf;
use std::time::Duration;

use super::args::Args;
use super::{Command, Console, Invocation, Operation};
use crate::{Options, Resume, Version, exit};

/// How long `wait` waits when nothing else is said.
const WAIT: Duration = Duration::from_secs(60);

/// What goes with every command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Common {
    /// Answer in JSON.
    pub json: bool,
    /// Confirm what is asked for otherwise; not a way down in production.
    pub yes: bool,
    /// The name of the database, typed to confirm a way down.
    pub confirm: Option<String>,
    /// For [`Options::lock_timeout`].
    pub lock_timeout: Option<Duration>,
    /// For [`Options::lock_wait_timeout`].
    pub lock_wait_timeout: Option<Duration>,
    /// For [`Options::lock_wait_attempts`].
    pub lock_wait_attempts: Option<u32>,
    /// For [`Options::statement_timeout`].
    pub statement_timeout: Option<Duration>,
}

impl Common {
    fn take(args: &mut Args) -> Result<Self, UsageError> {
        Ok(Self {
            json: args.flag("--json"),
            yes: args.flag("--yes"),
            confirm: args.value("--confirm")?,
            lock_timeout: args.seconds("--lock-timeout")?,
            lock_wait_timeout: args.seconds("--lock-wait-timeout")?,
            lock_wait_attempts: args.count("--lock-wait-attempts")?,
            statement_timeout: args.seconds("--statement-timeout")?,
        })
    }

    /// These options where the command line says nothing else.
    pub(crate) fn options(&self, options: Options) -> Options {
        let lock_wait_timeout = self.lock_wait_timeout.unwrap_or(options.lock_wait_timeout);
        options
            .with_lock_timeout(self.lock_timeout.unwrap_or(options.lock_timeout))
            .with_lock_wait_timeout(lock_wait_timeout)
            .with_lock_wait_attempts(self.lock_wait_attempts.unwrap_or(options.lock_wait_attempts))
            .with_statement_timeout(self.statement_timeout.or(options.statement_timeout))
    }
}

/// The arguments make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}. See --help")]
pub struct UsageError {
    why: String,
    json: bool,
}

impl UsageError {
    pub(super) fn new(why: String) -> Self {
        Self { why, json: false }
    }

    /// Tells it, in JSON if that was asked for, and returns the exit code.
    pub fn tell(&self, console: &mut Console<'_>) -> u8 {
        let common = Common { json: self.json, ..Common::default() };
        console.refuse("", &common, exit::USAGE, self)
    }
}

/// Reads the arguments that follow the name of the program (and whatever it has read itself).
///
/// # Errors
/// An unknown command or option, a missing or superfluous value.
///
/// ```
/// use kseekers_migrator::cli::{Command, Operation, parse};
///
/// let invocation = parse(["down", "--target", "01", "--json"])?;
/// let target = "01".parse().ok();
/// assert_eq!(invocation.command, Command::Database(Operation::Down { target, dry_run: false }));
/// assert!(invocation.common.json);
/// # Ok::<(), kseekers_migrator::cli::UsageError>(())
/// ```
pub fn parse<S: Into<String>>(args: impl IntoIterator<Item = S>) -> Result<Invocation, UsageError> {
    let args = Args { rest: args.into_iter().map(Into::into).collect() };
    let json = args.rest.iter().any(|arg| arg == "--json");
    invocation(args).map_err(|error| UsageError { json, ..error })
}

fn invocation(mut args: Args) -> Result<Invocation, UsageError> {
    if args.flag("--help") || args.flag("-h") {
        return Ok(Invocation { command: Command::Help, common: Common::default() });
    }
    let common = Common::take(&mut args)?;
    let name = args.word().unwrap_or_else(|| "up".to_owned());
    let command = command(&name, &mut args)?;
    match args.rest.first() {
        Some(superfluous) => Err(UsageError::new(format!("{name} does not take `{superfluous}`"))),
        None => Ok(Invocation { command, common }),
    }
}

fn command(name: &str, args: &mut Args) -> Result<Command, UsageError> {
    let operation = match name {
        "up" => Operation::Up { target: args.version("--target")?, dry_run: args.flag("--dry-run") },
        "down" => Operation::Down { target: args.version("--target")?, dry_run: args.flag("--dry-run") },
        "plan" => Operation::Plan { target: args.version("--target")? },
        "status" => Operation::Status { exit_code: args.flag("--exit-code") },
        "resume" => {
            let how = if args.flag("--skip-statement") { Resume::SkipStatement } else { Resume::Again };
            Operation::Resume { how }
        }
        "mark-applied" => Operation::MarkApplied { version: marked(name, args)? },
        "mark-rolled-back" => Operation::MarkRolledBack { version: marked(name, args)? },
        "repair" => Operation::Repair,
        "wait" => Operation::Wait { timeout: args.seconds("--timeout")?.unwrap_or(WAIT) },
        "setup" => Operation::Setup { sample: args.flag("--sample") },
        "verify" => Operation::Verify { scratch: args.value("--scratch")? },
        "dump" => Operation::Dump { output: args.value("--output")?.map(PathBuf::from) },
        "baseline" => {
            Operation::Baseline { target: args.version("--target")?, scratch: args.value("--scratch")? }
        }
        "adopt" => Operation::Adopt { dry_run: args.flag("--dry-run"), scratch: args.value("--scratch")? },
        "create" => {
            let needed = || UsageError::new("create needs a name: create --name add_notes".to_owned());
            return Ok(Command::Create { name: args.value("--name")?.ok_or_else(needed)? });
        }
        "lint" => return Ok(Command::Lint),
        "help" => return Ok(Command::Help),
        other => return Err(UsageError::new(format!("There is no command `{other}`"))),
    };
    Ok(Command::Database(operation))
}

fn marked(name: &str, args: &mut Args) -> Result<Version, UsageError> {
    let needed = || UsageError::new(format!("{name} needs the number of the migration: {name} --version NN"));
    args.version("--version")?.ok_or_else(needed)
}

#[cfg(test)]
mod tests;
