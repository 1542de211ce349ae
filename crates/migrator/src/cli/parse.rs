//! What the user typed.

use std::path::PathBuf;
use std::time::Duration;

use super::Console;
use super::args::Args;
use crate::{Options, Resume, Version, exit};

/// The text of `--help`.
pub const HELP: &str = "\
Brings the database to a version of its schema.

  up      [--target NN] [--dry-run]   apply what is pending, up to and including NN (also without any command)
  down    [--target NN] [--dry-run]   take back what comes after NN; without a target everything
  plan    [--target NN]               show each statement that `up` would run; changes nothing
  status  [--exit-code]               show what is applied and what is pending; changes nothing
  resume  [--skip-statement]          go on with a begun file at the statement where it stopped, or after that one
  mark-applied --version NN           note that the begun file NN is in effect: the rest was done by hand
  mark-rolled-back --version NN       note that the begun file NN is not in effect: it was undone by hand
  repair                              accept applied files that were changed since; changes the ledger and no schema
  wait    [--timeout S]               wait for a database that is still starting (60 s)
  lint                                find in the files what tends to go wrong; needs no database
  create  --name NAME                 write the files NN_name.sql and RNN_name.sql for a new migration
  setup   [--sample]                  create the database if it is not there, apply everything, check; load sample data
  verify  [--scratch DB]              try all files in a scratch database: up, down step by step, and up again
  dump    [--output FILE]             write the schema, without rows, as SQL; changes nothing
  baseline [--target NN] [--scratch DB]  take a database as migrated up to NN, or to the end, if its schema is that
  adopt   [--dry-run] [--scratch DB]  take over a database that another system has migrated; says what it does first

Everywhere:
  --json                   answer with one JSON object on standard output; progress goes to standard error
  --yes                    confirm what is asked for otherwise
  --confirm NAME           the name of the database, to confirm `down` in production
  --lock-timeout S         how long to wait for another runner (60)
  --lock-wait-timeout S    how long a statement may wait for its locks on tables and rows (10)

Exit codes: 0 done, 10 pending (status --exit-code, plan, --dry-run), 11 drift or order, 12 a file was begun and not
finished, 13 another runner is at work, 2 wrong usage or not confirmed, 1 any other error.";

/// How long `wait` waits when nothing else is said.
const WAIT: Duration = Duration::from_secs(60);

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
    /// Show [`HELP`].
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
        /// End with [`exit::PENDING`] if something is pending.
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
}

impl Common {
    fn take(args: &mut Args) -> Result<Self, UsageError> {
        Ok(Self {
            json: args.flag("--json"),
            yes: args.flag("--yes"),
            confirm: args.value("--confirm")?,
            lock_timeout: args.seconds("--lock-timeout")?,
            lock_wait_timeout: args.seconds("--lock-wait-timeout")?,
        })
    }

    /// These options where the command line says nothing else.
    pub(crate) fn options(&self, options: Options) -> Options {
        let lock_wait_timeout = self.lock_wait_timeout.unwrap_or(options.lock_wait_timeout);
        options
            .with_lock_timeout(self.lock_timeout.unwrap_or(options.lock_timeout))
            .with_lock_wait_timeout(lock_wait_timeout)
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
mod tests {
    use std::time::Duration;

    use super::{Command, HELP, Operation, parse};
    use crate::{Options, Resume, Version};

    fn sentence(args: &[&str]) -> String {
        parse(args.iter().copied()).unwrap_err().to_string()
    }

    #[test]
    fn the_commands_are_those_of_the_guide() {
        let one = Some(Version::new(1));
        let database = |args: &[&str]| match parse(args.iter().copied()).unwrap().command {
            Command::Database(operation) => operation,
            other => panic!("{other:?}"),
        };
        assert_eq!(database(&[]), Operation::Up { target: None, dry_run: false });
        assert_eq!(database(&["up", "--target", "01"]), Operation::Up { target: one, dry_run: false });
        assert_eq!(database(&["--target=1"]), Operation::Up { target: one, dry_run: false });
        assert_eq!(database(&["down", "--target=1"]), Operation::Down { target: one, dry_run: false });
        assert_eq!(database(&["status"]), Operation::Status { exit_code: false });
        assert_eq!(database(&["setup", "--sample"]), Operation::Setup { sample: true });
        assert_eq!(database(&["up", "--dry-run"]), Operation::Up { target: None, dry_run: true });
        assert_eq!(database(&["plan", "--target", "1"]), Operation::Plan { target: one });
        assert_eq!(database(&["repair"]), Operation::Repair);
        assert_eq!(database(&["resume"]), Operation::Resume { how: Resume::Again });
        let skip = Operation::Resume { how: Resume::SkipStatement };
        assert_eq!(database(&["resume", "--skip-statement"]), skip);
        let version = Version::new(3);
        assert_eq!(database(&["mark-applied", "--version", "03"]), Operation::MarkApplied { version });
        assert_eq!(database(&["mark-rolled-back", "--version=3"]), Operation::MarkRolledBack { version });
        let wait = |seconds| Operation::Wait { timeout: Duration::from_secs(seconds) };
        assert_eq!((database(&["wait"]), database(&["wait", "--timeout", "5"])), (wait(60), wait(5)));
        assert_eq!(database(&["status", "--exit-code"]), Operation::Status { exit_code: true });
        let scratch = || Some("empty".to_owned());
        assert_eq!(database(&["verify"]), Operation::Verify { scratch: None });
        assert_eq!(database(&["verify", "--scratch", "empty"]), Operation::Verify { scratch: scratch() });
        assert_eq!(database(&["dump"]), Operation::Dump { output: None });
        assert_eq!(database(&["dump", "--output=a.sql"]), Operation::Dump { output: Some("a.sql".into()) });
        let baseline = ["baseline", "--target", "1", "--scratch=empty"];
        assert_eq!(database(&baseline), Operation::Baseline { target: one, scratch: scratch() });
        assert_eq!(database(&["adopt"]), Operation::Adopt { dry_run: false, scratch: None });
        let adopt = ["adopt", "--dry-run", "--scratch=empty"];
        assert_eq!(database(&adopt), Operation::Adopt { dry_run: true, scratch: scratch() });
        let command = |args: &[&str]| parse(args.iter().copied()).unwrap().command;
        assert_eq!(command(&["create", "--name", "a b"]), Command::Create { name: "a b".to_owned() });
        assert_eq!(command(&["lint", "--json"]), Command::Lint);
        assert_eq!(command(&["status", "--help"]), Command::Help);
    }

    #[test]
    fn what_goes_with_every_command_may_stand_anywhere() {
        let line =
            ["--json", "--yes", "--lock-timeout", "5", "down", "--confirm=shop", "--lock-wait-timeout", "2"];
        let common = parse(line).unwrap().common;
        assert!(common.json && common.yes);
        assert_eq!(common.confirm.as_deref(), Some("shop"));
        let options = common.options(Options::default());
        assert_eq!((options.lock_timeout.as_secs(), options.lock_wait_timeout.as_secs()), (5, 2));
        assert_eq!(
            sentence(&["up", "--lock-timeout", "soon"]),
            "--lock-timeout is a number of seconds, not `soon`. See --help"
        );
    }

    #[test]
    fn every_command_is_in_the_help() {
        for word in HELP
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .map(|line| line.split(' ').next().unwrap())
        {
            let known = word.starts_with("--") || !sentence(&[word, "--nonsense"]).contains("no command");
            assert!(known, "{word}");
        }
    }

    #[test]
    fn a_wrong_usage_is_told_with_what_is_right() {
        assert_eq!(sentence(&["upp"]), "There is no command `upp`. See --help");
        assert_eq!(sentence(&["down", "--target"]), "--target needs a value. See --help");
        assert_eq!(
            sentence(&["down", "--target", "last"]),
            "`last` is not the number of a migration: write digits only, such as 02. See --help"
        );
        assert_eq!(
            sentence(&["mark-applied"]),
            "mark-applied needs the number of the migration: mark-applied --version NN. See --help"
        );
        assert_eq!(sentence(&["create"]), "create needs a name: create --name add_notes. See --help");
        // A target without its option must not become "everything".
        assert_eq!(sentence(&["down", "01"]), "down does not take `01`. See --help");
        assert_eq!(sentence(&["status", "--sample"]), "status does not take `--sample`. See --help");
        assert_eq!(
            sentence(&["down", "--target", "1", "--target", "2"]),
            "down does not take `--target`. See --help"
        );
    }
}
