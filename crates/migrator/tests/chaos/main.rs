//! Migrates random histories while runner and server are killed, until each ends as if nothing had happened.
//!
//! The suite has a few seeds, `cargo xtask chaos migrate` as many as wanted. A seed always means the same history, but not
//! the same instants: those belong to the machine.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

mod dice;
mod disturbed;
mod history;
mod moves;
mod runner;
mod told;
mod truth;
mod wanted;

use std::process::ExitCode;
use std::time::Instant;

use kseekers_embedded_mysql::{EmbeddedMysql, Options};

use crate::disturbed::Tally;
use crate::wanted::{NAME, Wanted};

/// How many the suite has.
const SUITE: u64 = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", direction, url, folder] => runner::run(direction, url, folder).await,
        ["--first", first, "--seeds", seeds] => {
            let sum = chaos(first.parse().unwrap(), seeds.parse().unwrap()).await;
            sum.map_or(ExitCode::FAILURE, |sum| {
                println!("all         {sum}\nEvery history ended as its undisturbed run did.");
                ExitCode::SUCCESS
            })
        }
        ref words => suite(words).await,
    }
}

/// As a test program among others; the words are those of cargo's own.
async fn suite(words: &[&str]) -> ExitCode {
    let begun = Instant::now();
    let (passed, failed, filtered) = match Wanted::of(words.iter().copied()) {
        Wanted::List => {
            println!("{NAME}: test");
            return ExitCode::SUCCESS;
        }
        Wanted::Nothing => (0, 0, 1),
        Wanted::Run => match chaos(1, SUITE).await {
            Some(sum) if sum.shows_something() => (1, 0, 0),
            Some(sum) => {
                println!("all         {sum}\nNothing was hit by the kills, so that nothing is shown.");
                (0, 1, 0)
            }
            None => (0, 1, 0),
        },
    };
    let (word, seconds) = (if failed == 0 { "ok" } else { "FAILED" }, begun.elapsed().as_secs_f64());
    println!(
        "test result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out; finished in {seconds:.2}s"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn chaos(first: u64, seeds: u64) -> Option<Tally> {
    // What was acknowledged must survive the server's death, as in production.
    let server = EmbeddedMysql::start(Options::default().durable(true)).await.unwrap();
    println!("{}, {seeds} seeds from {first} on", server.engine());
    let mut sum = Tally::default();
    for seed in first..first + seeds {
        match disturbed::seed(&server, seed).await {
            Ok(tally) => {
                println!("seed {seed:5}  {tally}");
                sum += tally;
            }
            Err(what) => {
                println!(
                    "seed {seed:5}  WRONG: {what}\n\nTo see it again: cargo xtask chaos migrate --first {seed} --seeds 1"
                );
                return None;
            }
        }
    }
    Some(sum)
}
