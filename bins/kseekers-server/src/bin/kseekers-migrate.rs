//! Creates and migrates the database; everything else of the server is left out.
#![allow(clippy::print_stderr, reason = "a command answers on the terminal")]

use std::io::{self, Write};
use std::process::ExitCode;

use kseekers_migrator::cli::Console;
use kseekers_server::cli::{self, Command, EXIT_USAGE, Program};
use kseekers_server::migrate;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let invocation = match cli::parse(Program::Migrate, std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(error) => {
            eprintln!("{error}");
            return EXIT_USAGE.into();
        }
    };
    match invocation.command.clone() {
        Command::Migrate(arguments) => {
            return migrate::run(arguments, &invocation.sources(), &mut Console::of_process()).await.into();
        }
        Command::Version => say(concat!("kseekers-migrate ", env!("CARGO_PKG_VERSION"))),
        Command::Help | Command::Serve { .. } => say(&cli::help(Program::Migrate)),
    }
    ExitCode::SUCCESS
}

/// A reader that has gone away is no reason to fail.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
