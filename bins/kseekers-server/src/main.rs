//! The KSeekers server: see `kseekers-server --help`.
#![allow(clippy::print_stderr, reason = "a program talks to the person who started it")]

use std::{
    io::{Write, stderr, stdout},
    process::ExitCode,
};

use kseekers_migrator::cli::Console;
use kseekers_server::{
    check_config,
    cli::{self, Command, Program},
    migrate, serve,
};

fn main() -> ExitCode {
    let program = Program::Server;
    let invocation = match cli::parse(program, std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(error) => {
            eprintln!("{error}");
            return cli::EXIT_USAGE.into();
        }
    };
    // Two threads: they only move bytes between the workers and the database.
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kseekers-server cannot run: {error}");
            return ExitCode::FAILURE;
        }
    };
    let command = invocation.command.clone();
    let sources = invocation.sources();
    let code = match command {
        Command::Serve { check_config: true, .. } => {
            check_config::run(&sources, &mut stdout(), &mut stderr()).unwrap_or(1)
        }
        Command::Serve { exit_with_stdin, .. } => runtime.block_on(serve::serve(&sources, exit_with_stdin)),
        Command::Migrate(arguments) => {
            runtime.block_on(migrate::run(arguments, &sources, &mut Console::of_process()))
        }
        Command::Help => {
            let _ = writeln!(stdout(), "{}", cli::help(program));
            0
        }
        Command::Version => {
            let _ = writeln!(stdout(), "{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
            0
        }
    };
    // A blocking read of standard input never ends by itself, so the runtime is not waited for.
    runtime.shutdown_background();
    code.into()
}
