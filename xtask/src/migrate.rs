//! `cargo xtask setup` and `cargo xtask migrate`: the small binary that only migrates, built and run.

use std::{
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use crate::{Result, cargo, workspace};

pub(crate) fn setup(arguments: &[String]) -> Result<ExitCode> {
    run(&["setup"], arguments)
}

pub(crate) fn migrate(arguments: &[String]) -> Result<ExitCode> {
    // Without more words it applies what is new.
    run(if arguments.is_empty() { &["up"] } else { &[] }, arguments)
}

fn run(first: &[&str], arguments: &[String]) -> Result<ExitCode> {
    // Without the server's features: a CI job that migrates builds neither actix nor TLS.
    let build =
        ["build", "--package", "kseekers-server", "--no-default-features", "--bin", "kseekers-migrate"];
    let built = cargo::build_or_fail("building kseekers-migrate", &build)?;
    let mut command = Command::new(built.binary("kseekers-migrate")?);
    command.args(first).args(arguments).current_dir(workspace::root());
    // Takes our place, so that its exit code and every signal are its own.
    Err(command.exec().into())
}
