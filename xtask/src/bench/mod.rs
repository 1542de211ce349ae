//! `cargo xtask bench`: the release server with default settings against floors, which are small programs that do the
//! same work with nothing around it; see `xtask/floors/README.md`.
//!
//! Absolute figures belong to a machine and an hour. So all contestants are measured in turns in one run, and what counts
//! are the ratios within a round.

mod crowd;
mod figures;
mod http;
mod kept;
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
struct Bed {
    options: Options,
    database: Database,
    engine: Server,
    built: cargo::Built,
    floors: cargo::Built,
    /// Where servers run, logs are written and results are kept.
    folder: PathBuf,
}

/// `cargo xtask bench`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let options = Options::read(arguments)?;
    if options.benches.iter().any(|bench| *bench != Bench::Pool) {
        install::program("wrk", "wrk", "The bench")?;
    }
    let engine = install::found_or_installed()?;
    let target = Workspace::load()?.target;
    let built = cargo::build_or_fail("building the server", &SERVER)?;
    let floors = floors(&target)?;
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;

    // All that is started here reads from this pipe and ends when it closes, however this process ends.
    let (input, lifeline) = io::pipe()?;
    let database = database(&engine, &built, &folder, &input)?;
    let bed = Bed { options, database, engine, built, floors, folder };
    for bench in bed.options.benches.clone() {
        let measured = match bench {
            Bench::Read => http::read(&bed, &input)?,
            Bench::Auth => http::auth(&bed, &input)?,
            Bench::Pool => points::measure(&bed, &input)?,
        };
        report(&bed, bench, &measured)?;
    }
    drop(lifeline);
    Ok(ExitCode::SUCCESS)
}

fn floors(target: &Path) -> Result<cargo::Built> {
    let target = target.to_string_lossy();
    let build = ["build", "--release", "--manifest-path", "xtask/floors/Cargo.toml", "--target-dir", &target];
    cargo::build_or_fail("building the floors", &build)
}

fn database(
    engine: &Server,
    built: &cargo::Built,
    folder: &Path,
    input: &io::PipeReader,
) -> Result<Database> {
    // Made anew each time, so that nothing of an earlier run or version is measured.
    let database = dev::start_database(built.binary("embedded-mysql")?, engine, folder, true, input)?;
    running::fill(built.binary("kseekers-server")?, &database)?;
    Ok(database)
}

fn report(bed: &Bed, bench: Bench, measured: &Measured) -> Result<()> {
    let Options { rounds, seconds, connections, .. } = bed.options;
    let cores = thread::available_parallelism()?.get();
    let engine = bed.engine.engine.clone();
    println!("\n{}; {rounds} rounds of {seconds} s; {engine}; {cores} cores for all\n", measured.title);
    print!("{}", table::rows(measured));
    print!("{}", table::ratios(measured));
    let conditions = Conditions {
        bench: bench.name(),
        family: bed.engine.family,
        engine,
        cores,
        rounds,
        seconds,
        // The pool is read over one connection at a time.
        connections: (bench != Bench::Pool).then_some(connections),
    };
    let result = kept::result(measured, &conditions);
    let file = bed.folder.join(conditions.file_name());
    let before = bed.options.compare.as_ref().unwrap_or(&file);
    if let Some(before) = kept::load(before)? {
        print!("{}", kept::moved(&before, &result));
    } else if bed.options.compare.is_some() {
        return Err(format!("{} does not exist", before.display()).into());
    }
    kept::save(&file, &result)?;
    println!("\nkept in {}", file.display());
    Ok(())
}
