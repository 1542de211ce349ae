//! `bench migrate`: a long history on an empty database, then nothing to do, by us, by the database's own client and by
//! other migrators.

mod figures;
mod programs;
mod set;
mod table;

use std::{
    fs::{self, File},
    io::PipeReader,
    path::Path,
    thread,
    time::Instant,
};

use super::{Place, figures::Spread, floors, running};
use crate::{Result, cargo, dev, install, ui::Progress};
use figures::Measured;
use programs::{Client, Program};
use set::Set;

/// The package with the other migrators.
pub(super) const FLOOR: &str = "floor-migrate";

const DATABASE: [&str; 6] =
    ["build", "--release", "--package", "kseekers-embedded-mysql", "--bin", "embedded-mysql"];
/// As `cargo xtask migrate` builds it.
const OURS: [&str; 7] = [
    "build",
    "--release",
    "--package",
    "kseekers-server",
    "--no-default-features",
    "--bin",
    "kseekers-migrate",
];

/// How often in a round each is asked to do nothing: what takes milliseconds varies.
const LOOKS: usize = 9;

pub(super) fn run(place: &Place, input: &PipeReader) -> Result<()> {
    let client = install::program("mariadb", "mariadb-client-core", "bench migrate")?;
    let server = cargo::build_or_fail("building embedded-mysql", &DATABASE)?;
    let ours = cargo::build_or_fail("building kseekers-migrate", &OURS)?;
    let others = floors(&place.target, &["--package", FLOOR])?;

    let folder = place.folder.join("migrate");
    fs::create_dir_all(&folder)?;
    let database =
        dev::start_database(server.binary("embedded-mysql")?, &place.engine, &folder, true, input)?;
    let client = Client { program: client, database };
    let set = Set::write(&folder.join("files"), place.options.files)?;
    let mut programs = programs::all(&set, &ours, &others)?;
    let mut measured = Measured::of(&programs);

    let rounds = place.options.rounds;
    let mut progress = Progress::aside("migrations");
    for round in 0..=rounds {
        // The first round warms up.
        let mut unshown = Measured::of(&programs);
        let measured = if round == 0 { &mut unshown } else { &mut measured };
        let mut timer = Timer { folder: &folder, client: &client, progress: &mut progress, round };
        timer.apply(&programs, &set, measured)?;
        timer.look(&programs, measured)?;
        // Who comes first finds the server with nothing left to write.
        programs.rotate_left(1);
    }
    progress.finish("");
    report(place, &measured)
}

/// One round.
struct Timer<'a> {
    folder: &'a Path,
    client: &'a Client,
    progress: &'a mut Progress,
    round: u32,
}

impl Timer<'_> {
    /// Each on an empty database.
    fn apply(&mut self, programs: &[Program], set: &Set, measured: &mut Measured) -> Result<()> {
        for program in programs {
            self.client.make_empty(program.database)?;
        }
        for program in programs {
            let (seconds, cpu) = self.run(program)?;
            set.check(self.client, program.database).map_err(|error| format!("{}: {error}", program.name))?;
            let contestant = measured.contestant(program.name)?;
            contestant.applied.push(seconds);
            contestant.cpu.push(cpu);
        }
        Ok(())
    }

    /// Those who know what they have applied once more, in turns.
    fn look(&mut self, programs: &[Program], measured: &mut Measured) -> Result<()> {
        let knowing: Vec<_> = programs.iter().filter(|program| program.knows_what_is_applied()).collect();
        let mut looks = vec![Vec::with_capacity(LOOKS); knowing.len()];
        for _ in 0..LOOKS {
            for (program, looks) in knowing.iter().zip(&mut looks) {
                looks.push(self.run(program)?.0);
            }
        }
        for (program, looks) in knowing.iter().zip(looks) {
            let median = Spread::of(looks).unwrap_or_default().median;
            measured.contestant(program.name)?.again.push(median);
        }
        Ok(())
    }

    /// Seconds from the start of the program to its end, and seconds of its processor time.
    fn run(&mut self, program: &Program) -> Result<(f64, f64)> {
        self.progress.tick(&format!("round {}, {}", self.round, program.name));
        let path = self.folder.join("output.log");
        let log = File::create(&path)?;
        let mut command = program.command(self.client)?;
        command.stdout(log.try_clone()?).stderr(log);
        let cpu = running::cpu_seconds_of_children()?;
        let began = Instant::now();
        let status = command.status().map_err(|error| format!("cannot run {}: {error}", program.name))?;
        let seconds = began.elapsed().as_secs_f64();
        if !status.success() {
            let words = fs::read_to_string(&path)?;
            return Err(format!("{}: {status}\n{}", program.name, words.trim_end()).into());
        }
        Ok((seconds, running::cpu_seconds_of_children()? - cpu))
    }
}

fn report(place: &Place, measured: &Measured) -> Result<()> {
    let (rounds, files) = (place.options.rounds, place.options.files);
    let (engine, cores) = (&place.engine.engine, thread::available_parallelism()?.get());
    println!("\n{files} files of three statements; {rounds} rounds; {engine}; {cores} cores for all\n");
    print!("{}{}", table::rows(measured), table::ratios(measured));
    let file = format!("migrate-{}-{rounds}x{files}.json", place.engine.family);
    let conditions = serde_json::json!({
        "bench": "migrate",
        "engine": engine,
        "cores": cores,
        "rounds": rounds,
        "files": files,
    });
    place.keep(&file, &measured.kept(&conditions))
}
