//! What the user typed.

use crate::Version;

/// The text of `--help`.
pub const HELP: &str = "\
Brings the database to a version of its schema.

  up      [--target NN]   apply what is pending, up to and including NN (also without any command)
  down    [--target NN]   take back what comes after NN; without a target everything
  status                  show what is applied and what is pending; changes nothing
  create  --name NAME     write the files NN_name.sql and RNN_name.sql for a new migration
  setup   [--sample]      create the database if it is not there, apply everything, check; load sample data

Exit codes: 0 done, 1 error, 2 wrong usage.";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Show [`HELP`].
    Help,
    /// Write the files of a new migration; needs the folder and no database.
    Create {
        /// The name of the migration.
        name: String,
    },
    /// Something for which the database is needed.
    Database(Operation),
}

/// What is done with a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// Apply migrations.
    Up {
        /// The last to apply.
        target: Option<Version>,
    },
    /// Take migrations back.
    Down {
        /// The last to stay.
        target: Option<Version>,
    },
    /// Show what is applied.
    Status,
    /// Create the database and apply everything.
    Setup {
        /// Load sample data too.
        sample: bool,
    },
}

/// The arguments make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}. See --help")]
pub struct UsageError(String);

/// Reads the arguments that follow the name of the program (and whatever it has read itself).
///
/// # Errors
/// An unknown command or option, a missing or superfluous value.
///
/// ```
/// use kseekers_migrator::cli::{Command, Operation, parse};
///
/// let command = parse(["down", "--target", "01"])?;
/// assert_eq!(command, Command::Database(Operation::Down { target: "01".parse().ok() }));
/// # Ok::<(), kseekers_migrator::cli::UsageError>(())
/// ```
pub fn parse<S: Into<String>>(args: impl IntoIterator<Item = S>) -> Result<Command, UsageError> {
    let mut args = Args { rest: args.into_iter().map(Into::into).collect() };
    if args.flag("--help") || args.flag("-h") {
        return Ok(Command::Help);
    }
    let name = args.word().unwrap_or_else(|| "up".to_owned());
    let command = match name.as_str() {
        "up" => Command::Database(Operation::Up { target: args.target()? }),
        "down" => Command::Database(Operation::Down { target: args.target()? }),
        "status" => Command::Database(Operation::Status),
        "setup" => Command::Database(Operation::Setup { sample: args.flag("--sample") }),
        "create" => {
            let name = args.value("--name")?;
            let name =
                name.ok_or_else(|| UsageError("create needs a name: create --name add_notes".to_owned()))?;
            Command::Create { name }
        }
        "help" => Command::Help,
        other => {
            return Err(UsageError(format!(
                "There is no command `{other}`: use up, down, status, create or setup"
            )));
        }
    };
    match args.rest.first() {
        Some(superfluous) => Err(UsageError(format!("{name} does not take `{superfluous}`"))),
        None => Ok(command),
    }
}

/// The arguments that nobody has asked for yet.
struct Args {
    rest: Vec<String>,
}

impl Args {
    /// The first argument, if it is no option.
    fn word(&mut self) -> Option<String> {
        self.rest.first()?.starts_with(|first| first != '-').then(|| self.rest.remove(0))
    }

    fn flag(&mut self, name: &str) -> bool {
        let position = self.rest.iter().position(|arg| arg == name);
        position.map(|position| self.rest.remove(position)).is_some()
    }

    /// `--name value` or `--name=value`.
    fn value(&mut self, name: &str) -> Result<Option<String>, UsageError> {
        if let Some(position) = self.rest.iter().position(|arg| arg == name) {
            self.rest.remove(position);
            let given = self.rest.get(position).is_some_and(|value| !value.starts_with("--"));
            let value = given.then(|| self.rest.remove(position));
            return value.map(Some).ok_or_else(|| UsageError(format!("{name} needs a value")));
        }
        let with_value = |arg: &String| arg.strip_prefix(name).is_some_and(|value| value.starts_with('='));
        let position = self.rest.iter().position(with_value);
        let found = position.map(|position| self.rest.remove(position));
        Ok(found.and_then(|arg| arg.split_once('=').map(|(_, value)| value.to_owned())))
    }

    fn target(&mut self) -> Result<Option<Version>, UsageError> {
        let target = self.value("--target")?;
        target.map(|target| target.parse().map_err(|error| UsageError(format!("{error}")))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Operation, parse};
    use crate::Version;

    fn sentence(args: &[&str]) -> String {
        parse(args.iter().copied()).unwrap_err().to_string()
    }

    #[test]
    fn the_commands_are_those_of_the_guide() {
        let one = Some(Version::new(1));
        let database = |args: &[&str]| match parse(args.iter().copied()).unwrap() {
            Command::Database(operation) => operation,
            other => panic!("{other:?}"),
        };
        assert_eq!(database(&[]), Operation::Up { target: None });
        assert_eq!(database(&["up", "--target", "01"]), Operation::Up { target: one });
        assert_eq!(database(&["--target=1"]), Operation::Up { target: one });
        assert_eq!(database(&["down", "--target=1"]), Operation::Down { target: one });
        assert_eq!(database(&["status"]), Operation::Status);
        assert_eq!(database(&["setup", "--sample"]), Operation::Setup { sample: true });
        assert_eq!(parse(["create", "--name", "a b"]), Ok(Command::Create { name: "a b".to_owned() }));
        assert_eq!(parse(["status", "--help"]), Ok(Command::Help));
    }

    #[test]
    fn a_wrong_usage_is_told_with_what_is_right() {
        assert_eq!(
            sentence(&["upp"]),
            "There is no command `upp`: use up, down, status, create or setup. See --help"
        );
        assert_eq!(sentence(&["down", "--target"]), "--target needs a value. See --help");
        assert_eq!(
            sentence(&["down", "--target", "last"]),
            "`last` is not the number of a migration: write digits only, such as 02. See --help"
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
