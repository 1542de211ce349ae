//! Runs a local S3 server for as long as its own standard input stays open.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to its caller is what this program is for"
)]

use std::{env, io, process::ExitCode, thread};

use kseekers_local_s3::{LocalS3, Options};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

const USAGE: &str = "usage: local-s3 --dir DIR [--port N] [--bucket NAME]... [--access-key KEY --secret SECRET]

Serves S3 from the folder DIR, which is made when missing, on the loopback port N (default: a free one); buckets are in the
path, and those named are made when missing. Without keys they are `local` and `local-secret`. Prints one line when it
answers,
    ready endpoint=http://127.0.0.1:N
and runs until its standard input closes, or on SIGTERM or Ctrl-C.";

fn main() -> ExitCode {
    let options = match parse(env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("local-s3: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local-s3: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `None` when only help is asked for.
fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let (mut dir, mut port, mut buckets, mut access_key, mut secret) = (None, 0, Vec::new(), None, None);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match &*name {
            "--help" | "-h" => return Ok(None),
            "--dir" => dir = Some(value()?),
            "--port" => {
                let value = value()?;
                port = value.parse().map_err(|_| format!("{value} is not a port"))?;
            }
            "--bucket" => buckets.push(value()?),
            "--access-key" => access_key = Some(value()?),
            "--secret" => secret = Some(value()?),
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    let mut options = Options::new(dir.ok_or("--dir is missing")?).port(port);
    for bucket in buckets {
        options = options.bucket(bucket);
    }
    match (access_key, secret) {
        (Some(access_key), Some(secret)) => Ok(Some(options.keys(access_key, secret))),
        (None, None) => Ok(Some(options)),
        _ => Err("--access-key and --secret go together".to_owned()),
    }
}

fn run(options: Options) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let server = LocalS3::start(options)?;
        println!("ready endpoint={}", server.endpoint());
        tokio::select! {
            _ = end_of_input() => {}
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
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
