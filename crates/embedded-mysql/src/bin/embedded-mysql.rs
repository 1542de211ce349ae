//! Runs a private database server for as long as its own standard input stays open.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to its caller is what this program is for"
)]

use std::{env, ffi::OsString, io, path::PathBuf, process::ExitCode, thread};

use kseekers_embedded_mysql::{BoxError, EmbeddedMysql, Options};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

const USAGE: &str = "usage: embedded-mysql [--data-dir DIR] [--port N]

Starts a private MySQL or MariaDB server on the data directory DIR, which is made when missing (default: a temporary one,
not durable and removed in the end), and on the loopback port N (default: a free one). Prints one line when it answers,
    ready host=127.0.0.1 port=N socket=PATH user=root engine=NAME-VERSION
and runs until its standard input closes, or on SIGTERM or Ctrl-C; then stops the server cleanly.
KSEEKERS_MYSQLD names another server binary than the one that would be found.";

fn main() -> ExitCode {
    let options = match parse(env::args_os().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("embedded-mysql: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("embedded-mysql: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `None` when only help is asked for.
fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Options>, String> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let name = argument.to_string_lossy().into_owned();
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match &*name {
            "--help" | "-h" => return Ok(None),
            "--data-dir" => options = options.data_dir(PathBuf::from(value()?)).durable(true),
            "--port" => {
                let value = value()?;
                let port = value.to_str().and_then(|text| text.parse().ok()).filter(|port| *port != 0);
                options =
                    options.port(port.ok_or_else(|| format!("{} is not a port", value.to_string_lossy()))?);
            }
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    Ok(Some(options))
}

fn run(options: Options) -> Result<(), BoxError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the start, so that a signal meanwhile is not lost.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let input_end = end_of_input();
        let server = tokio::select! {
            server = EmbeddedMysql::start(options) => server?,
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        };
        println!(
            "ready host=127.0.0.1 port={} socket={} user=root engine={}-{}",
            server.port(),
            server.socket().display(),
            server.engine().kind,
            server.engine().version,
        );
        tokio::select! {
            _ = input_end => {}
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        drop(server);
        Ok(())
    })
}

/// A thread, because a runtime that reads a terminal's input cannot end before the next key.
fn end_of_input() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        drop(sender);
    });
    receiver
}
