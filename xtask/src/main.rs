//! The project's tasks, run by `cargo xtask`. Each command is one module.
//!
//! Few dependencies on purpose: this is the first thing that a newcomer builds. What needs a database driver or a
//! web framework lives in the other binaries; this one builds and runs them, and passes their exit codes on.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "telling a person at a terminal is its job")]

mod bench;
mod cargo;
mod chaos;
mod dev;
mod engines;
mod fuzz;
mod install;
mod migrate;
mod new_module;
mod process;
mod server;
mod test;
mod tidy;
mod ui;
mod workspace;

use std::{env, error, process::ExitCode};

// The name that the modules shared with kseekers-embedded-mysql expect at the root; see `server`.
use server::Error;

/// Every failure here ends as one message on the terminal.
type Result<T> = std::result::Result<T, Box<dyn error::Error>>;

const HELP: &str = "\
cargo xtask COMMAND

  dev [--fresh] [--port N]   run the system on a private database and S3 server
      --fresh                begin again with an empty database and no files
      --port N               listen there instead of 8000 (0: any free port)
      --data DIR             keep the data there instead of target/dev
  test [--full]              run every check on every engine; --full adds what takes long
       STEP…                 only these steps of the summary: packages downstream
  tidy                       only the rules of the workspace: arrows, dependencies, manifests, sources
  bench [read|auth|pool|migrate]  all of them, or one: the release server against small programs that do the same work
                             with nothing around it; kseekers-migrate against the database's client and other migrators
      --rounds N             5 each; --compare FILE with a kept result instead of the last one
      --seconds N            of load in each round (3), over --connections N (32); not for migrate
      --files N              for migrate (1000)
  fuzz split [--seconds N]   random texts for the migrator's splitter, for a minute or N seconds
  chaos migrate [--seeds N]  migrate random histories while runner and server are killed (100), on every engine
      --first N              the seed to begin with (1)
  engines                    put a genuine MySQL beside the database server that is installed

  new-module NAME            a crate with a table, routes and tests, and its place in the server: products
      --parent TABLE         what each belongs to, also WORD=TABLE, instead of category=lookup_values
      --singular WORD        what one of NAME is called

  setup [--sample]           create and migrate the database of a configured server
  migrate [up]               apply what is new         --target NN  stop after NN
  migrate down               take EVERYTHING back      --target NN  only what came after NN
  migrate plan               what would run, statement by statement
  migrate status             what is applied, what is not
  migrate lint               what tends to go wrong in the files
  migrate create --name X    a new pair of files
  migrate --help             the other commands, their options and exit codes

The database server is found in the usual places or named by KSEEKERS_MYSQLD.
";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let done = match command.as_deref() {
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some("dev") => dev::run(&rest),
        Some("test") => test::run(&rest),
        Some("tidy") => tidy::run(&rest),
        Some("bench") => bench::run(&rest),
        Some("chaos") => chaos::run(&rest),
        Some("engines") => engines::run(&rest),
        Some("fuzz") => fuzz::run(&rest),
        Some("new-module") => new_module::run(&rest),
        Some("setup") => migrate::setup(&rest),
        Some("migrate") => migrate::migrate(&rest),
        Some(other) => Err(format!("there is no command `{other}`\n\n{HELP}").into()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
