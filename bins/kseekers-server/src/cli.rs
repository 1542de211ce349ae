//! The command line of `kseekers-server` and `kseekers-migrate`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::settings::{Profile, Sources};

/// `EX_USAGE` would be 64; 2 is what shells and most tools use for a command line that makes no sense.
pub const EXIT_USAGE: u8 = 2;
/// The configuration cannot be used (`EX_CONFIG` of sysexits.h).
pub const EXIT_CONFIG: u8 = 78;

/// Which program was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Serves, and migrates after the word `migrate`.
    Server,
    /// Only migrates; the word `migrate` may be left out.
    Migrate,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Serve requests.
    Serve {
        /// Only check the configuration and show it.
        check_config: bool,
        /// Stop as soon as standard input ends, so that the server never outlives the program that started it.
        exit_with_stdin: bool,
    },
    /// Migrations; the arguments after `migrate`, or `setup` and what follows it.
    Migrate(Vec<String>),
    /// Show how to use the program.
    Help,
    /// Show its version.
    Version,
}

/// A command line that makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// What to do.
    pub command: Command,
    profile: Option<Profile>,
    env_file: Option<PathBuf>,
    flags: Vec<(&'static str, String)>,
}

impl Invocation {
    /// Where settings come from: what the command line says, and the environment of this process.
    pub fn sources(self) -> Sources {
        let Self { command: _, profile, env_file, flags } = self;
        Sources { profile, env_file, flags, ..Sources::of_process() }
    }
}

/// A command line that makes no sense; displays why, and the usage line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}\n{}", usage(*program))]
pub struct UsageError {
    why: String,
    program: Program,
}

const SERVER_USAGE: &str = "\
Usage: kseekers-server [dev|prod] [--env-file FILE] [--host HOST] [--port PORT] [--check-config] [--exit-with-stdin]
       kseekers-server [dev|prod] [--env-file FILE] migrate [COMMAND] [OPTIONS]
       kseekers-server [dev|prod] [--env-file FILE] setup [--sample]";
const MIGRATE_USAGE: &str = "\
Usage: kseekers-migrate [dev|prod] [--env-file FILE] [migrate] [COMMAND] [OPTIONS]
       kseekers-migrate [dev|prod] [--env-file FILE] setup [--sample]";

/// The usage lines of a program.
pub fn usage(program: Program) -> &'static str {
    match program {
        Program::Server => SERVER_USAGE,
        Program::Migrate => MIGRATE_USAGE,
    }
}

/// The text of `--help`.
pub fn help(program: Program) -> String {
    let (serving, commands) = match program {
        Program::Server => (
            "
  --host HOST        address to listen on (setting `host`)
  --port PORT        port to listen on, 0 for any free one (setting `port`)
  --check-config     show the configuration that counts, without secrets, and exit; 78 if it cannot be used
  --exit-with-stdin  stop when standard input ends",
            "  migrate            apply what is pending; `migrate --help` shows the other commands
  setup [--sample]   create the database, migrate and verify it; with sample data, never in production",
        ),
        Program::Migrate => ("", kseekers_migrator::cli::HELP),
    };
    format!(
        "{}

  dev | prod         read .dev or .prod instead of .env; dev is development unless the environment is set
  --env-file FILE    read this file instead{serving}
  --help, --version

{commands}

All settings are in .env.example.",
        usage(program)
    )
}

/// Reads the arguments (without the name of the program).
///
/// # Errors
/// [`UsageError`], for which the program should end with [`EXIT_USAGE`].
pub fn parse(
    program: Program,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Invocation, UsageError> {
    let mut parser = Parser { program, arguments: arguments.into_iter().peekable() };
    let mut invocation = Invocation {
        command: Command::Serve { check_config: false, exit_with_stdin: false },
        profile: None,
        env_file: None,
        flags: Vec::new(),
    };
    let (mut checks, mut with_stdin, mut first) = (false, false, true);
    let mut command = None;
    while let Some(argument) = parser.next()? {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        let serving = program == Program::Server && command.is_none();
        match name.as_str() {
            "--help" | "-h" if program == Program::Migrate || command.is_none() => {
                return Ok(Invocation { command: Command::Help, ..invocation });
            }
            // After a command it is the number of a migration.
            "--version" | "-V" if command.is_none() => {
                return Ok(Invocation { command: Command::Version, ..invocation });
            }
            "--env-file" => invocation.env_file = Some(parser.path(value)?),
            "--host" if serving => invocation.flags.push(("host", parser.value("--host", value)?)),
            "--port" if serving => invocation.flags.push(("port", parser.value("--port", value)?)),
            "--check-config" if serving && value.is_none() => checks = true,
            "--exit-with-stdin" if serving && value.is_none() => with_stdin = true,
            "dev" if first => invocation.profile = Some(Profile::Dev),
            "prod" if first => invocation.profile = Some(Profile::Prod),
            _ if command.is_some() => passed_on(&mut command, name, value),
            "migrate" => command = Some(Vec::new()),
            _ if program == Program::Migrate || name == "setup" => passed_on(&mut command, name, value),
            _ => return Err(parser.error(format!("unexpected argument: {name}"))),
        }
        first = false;
    }
    let serves_too = checks || with_stdin || !invocation.flags.is_empty();
    invocation.command = match command {
        Some(_) if serves_too => return Err(parser.error("migrations take none of the options for serving")),
        Some(arguments) => Command::Migrate(arguments),
        None if program == Program::Migrate => Command::Migrate(Vec::new()),
        None => Command::Serve { check_config: checks, exit_with_stdin: with_stdin },
    };
    Ok(invocation)
}

/// Leaves an argument to the migrator.
fn passed_on(command: &mut Option<Vec<String>>, name: String, value: Option<String>) {
    let arguments = command.get_or_insert_default();
    arguments.push(name);
    arguments.extend(value);
}

struct Parser<I: Iterator<Item = OsString>> {
    program: Program,
    arguments: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = OsString>> Parser<I> {
    fn next(&mut self) -> Result<Option<String>, UsageError> {
        let Some(argument) = self.arguments.next() else { return Ok(None) };
        match argument.into_string() {
            Ok(argument) => Ok(Some(argument)),
            Err(argument) => Err(self.error(format!("not UTF-8: {}", argument.to_string_lossy()))),
        }
    }

    /// The value of an option: after its `=`, or the next argument.
    fn value(&mut self, option: &str, given: Option<String>) -> Result<String, UsageError> {
        let value = match given {
            Some(value) => Some(value),
            None => self.next()?.filter(|next| !next.starts_with("--")),
        };
        value.filter(|value| !value.is_empty()).ok_or_else(|| self.error(format!("{option} needs a value")))
    }

    /// As [`Parser::value`], but a path need not be UTF-8.
    fn path(&mut self, given: Option<String>) -> Result<PathBuf, UsageError> {
        let path = given.map(OsString::from).or_else(|| self.arguments.next());
        path.filter(|path| !path.is_empty())
            .map(PathBuf::from)
            .ok_or_else(|| self.error("--env-file needs a value"))
    }

    fn error(&self, why: impl Into<String>) -> UsageError {
        UsageError { why: why.into(), program: self.program }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(line: &str) -> Result<Invocation, UsageError> {
        parse(Program::Server, line.split_whitespace().map(OsString::from))
    }

    fn migrate(line: &str) -> Command {
        parse(Program::Migrate, line.split_whitespace().map(OsString::from)).unwrap().command
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn without_arguments_the_server_serves() {
        let invocation = server("").unwrap();
        assert_eq!(invocation.command, Command::Serve { check_config: false, exit_with_stdin: false });
        assert_eq!((invocation.profile, invocation.env_file, invocation.flags), (None, None, vec![]));
    }

    #[test]
    fn everything_for_serving_is_understood() {
        let invocation =
            server("dev --env-file my.env --host=::1 --port 9000 --check-config --exit-with-stdin").unwrap();
        assert_eq!(invocation.command, Command::Serve { check_config: true, exit_with_stdin: true });
        assert_eq!(invocation.profile, Some(Profile::Dev));
        assert_eq!(invocation.env_file.as_deref(), Some("my.env".as_ref()));
        assert_eq!(invocation.flags, [("host", "::1".to_owned()), ("port", "9000".to_owned())]);
        assert_eq!(server("prod").unwrap().profile, Some(Profile::Prod));
    }

    #[test]
    fn migrations_get_their_own_arguments() {
        let invocation = server("prod migrate up --target=02 --env-file x").unwrap();
        assert_eq!(invocation.command, Command::Migrate(words("up --target 02")));
        assert_eq!(invocation.env_file.as_deref(), Some("x".as_ref()));
        assert_eq!(server("setup --sample").unwrap().command, Command::Migrate(words("setup --sample")));
    }

    #[test]
    fn the_migrate_program_does_without_the_word() {
        for line in ["down --target 01", "migrate down --target 01", "dev down --target 01"] {
            assert_eq!(migrate(line), Command::Migrate(words("down --target 01")), "{line}");
        }
        assert_eq!(migrate(""), Command::Migrate(vec![]));
        assert_eq!(migrate("setup"), Command::Migrate(words("setup")));
        assert_eq!(
            migrate("mark-applied --version 02"),
            Command::Migrate(words("mark-applied --version 02"))
        );
    }

    #[test]
    fn a_migration_may_be_called_like_a_profile() {
        assert_eq!(migrate("create --name dev"), Command::Migrate(words("create --name dev")));
    }

    #[test]
    fn what_makes_no_sense_is_told_with_the_usage() {
        for line in [
            "--prot 1",
            "serve",
            "--port",
            "--port --host",
            "--env-file",
            "dev prod",
            "--check-config migrate",
            "--port=",
        ] {
            let error = server(line).expect_err(line).to_string();
            assert!(error.contains("\nUsage: kseekers-server"), "{line}: {error}");
        }
    }

    #[test]
    fn help_and_version_are_shown_whatever_else_is_there() {
        assert_eq!(server("dev --help").unwrap().command, Command::Help);
        assert_eq!(migrate("up --help"), Command::Help);
        assert_eq!(server("migrate --help").unwrap().command, Command::Migrate(words("--help")));
        assert_eq!(server("--version").unwrap().command, Command::Version);
        assert!(help(Program::Server).contains("--check-config"));
        assert!(!help(Program::Migrate).contains("--check-config"));
        assert!(help(Program::Migrate).contains(kseekers_migrator::cli::HELP));
    }
}
