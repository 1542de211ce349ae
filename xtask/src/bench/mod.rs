//! `cargo xtask bench`: the release server with default settings against floors, which are small programs that do the
//! same work with nothing around it; see `xtask/floors/README.md`.
//!
//! Absolute figures belong to a machine and an hour. So all contestants are measured in turns in one run, and what counts
//! are the ratios within a round.

mod crowd;
mod figures;
mod http;
mod kept;
mod migrate;
mod options;
mod points;
mod running;
mod table;
mod wrk;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};

use serde_json::Value;

use crate::{
    Result, cargo,
    dev::{self, Database},
    install,
    server::Server,
    workspace::Workspace,
};
use figures::Measured;
use kept::Conditions;
use options::{Bench, Options};

const SERVER: [&str; 10] = [
    "build",
    "--release",
    "--package",
    "kseekers-embedded-mysql",
    "--package",
    "kseekers-server",
    "--bin",
    "embedded-mysql",
    "--bin",
    "kseekers-server",
];

/// What every bench needs.
struct Place {
    options: Options,
    engine: Server,
    /// Where cargo builds.
    target: PathBuf,
    /// Where servers run, logs are written and results are kept.
    folder: PathBuf,
}

/// What the benches of the server need.
struct Bed<'a> {
    place: &'a Place,
    database: Database,
    built: cargo::Built,
    floors: cargo::Built,
}

/// `cargo xtask bench`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let options = Options::read(arguments)?;
    if options.benches.iter().any(|bench| [Bench::Read, Bench::Auth].contains(bench)) {
        install::program("wrk", "wrk", "The bench")?;
    }
    let engine = install::found_or_installed()?;
    let target = Workspace::load()?.target;
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;
    let place = Place { options, engine, target, folder };

    // All that is started here reads from this pipe and ends when it closes, however this process ends.
    let (input, lifeline) = io::pipe()?;
    let mut bed = None;
    for bench in &place.options.benches {
        let measure = match bench {
            Bench::Read => http::read,
            Bench::Auth => http::auth,
            Bench::Pool => points::measure,
            Bench::Migrate => {
                migrate::run(&place, &input)?;
                continue;
            }
        };
        let bed = match &mut bed {
            Some(bed) => bed,
            none => none.insert(Bed::new(&place, &input)?),
        };
        report(&place, *bench, &measure(bed, &input)?)?;
    }
    drop(lifeline);
    Ok(ExitCode::SUCCESS)
}

impl<'a> Bed<'a> {
    fn new(place: &'a Place, input: &io::PipeReader) -> Result<Self> {
        let built = cargo::build_or_fail("building the server", &SERVER)?;
        let floors = floors(&place.target, &["--workspace", "--exclude", migrate::FLOOR])?;
        // Made anew each time, so that nothing of an earlier run or version is measured.
        let program = built.binary("embedded-mysql")?;
        let database = dev::start_database(program, &place.engine, &place.folder, true, input)?;
        running::fill(built.binary("kseekers-server")?, &database)?;
        Ok(Self { place, database, built, floors })
    }
}

fn floors(target: &Path, which: &[&str]) -> Result<cargo::Built> {
    let target = target.to_string_lossy();
    let build = ["build", "--release", "--manifest-path", "xtask/floors/Cargo.toml", "--target-dir", &target];
    cargo::build_or_fail("building the floors", &[&build, which].concat())
}

fn report(place: &Place, bench: Bench, measured: &Measured) -> Result<()> {
    let Options { rounds, seconds, connections, .. } = place.options;
    let cores = thread::available_parallelism()?.get();
    let engine = place.engine.engine.clone();
    println!("\n{}; {rounds} rounds of {seconds} s; {engine}; {cores} cores for all\n", measured.title);
    print!("{}", table::rows(measured));
    print!("{}", table::ratios(measured));
    let conditions = Conditions {
        bench: bench.name(),
        family: place.engine.family,
        engine,
        cores,
        rounds,
        seconds,
        // The pool is read over one connection at a time.
        connections: (bench != Bench::Pool).then_some(connections),
    };
    let result = kept::result(measured, &conditions);
    place.keep(&conditions.file_name(), &result)
}

impl Place {
    /// Tells what has moved since the result that is kept there, and keeps this one.
    fn keep(&self, file_name: &str, result: &Value) -> Result<()> {
        let file = self.folder.join(file_name);
        let before = self.options.compare.as_ref().unwrap_or(&file);
        if let Some(before) = kept::load(before)? {
            print!("{}", kept::moved(&before, result));
        } else if self.options.compare.is_some() {
            return Err(format!("{} does not exist", before.display()).into());
        }
        kept::save(&file, result)?;
        println!("\nkept in {}", file.display());
        Ok(())
    }
}
