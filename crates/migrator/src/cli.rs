//! The commands `up`, `down`, `status`, `create` and `setup` for a program that has found its connection options and
//! files by its own means.
//!
//! The program gives its arguments to [`parse`], then calls [`create`] or [`run`]; both return the exit code: 0 done,
//! 1 an error, 2 a wrong usage.

use std::io::{self, Write};
use std::path::Path;

use mysql_async::Opts;

use crate::{
    MigrateError, MigrationSet, Migrator, Options, Progress, Report, SqlFile, State, Status, create_files,
    setup,
};

mod parse;

pub use parse::{Command, HELP, Operation, UsageError, parse};

/// The exit code when all is done.
pub const DONE: u8 = 0;
/// The exit code after an error.
pub const FAILED: u8 = 1;
/// The exit code after a wrong usage.
pub const USAGE: u8 = 2;

/// What an [`Operation`] works with.
#[derive(Clone)]
pub struct Place {
    /// How to reach the database; they name it.
    pub opts: Opts,
    /// The history.
    pub set: MigrationSet,
    /// What `setup --sample` loads; may be empty for all else.
    pub sample: Vec<SqlFile>,
    /// How patient to be.
    pub options: Options,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The connection options would show the password.
        f.debug_struct("Place")
            .field("set", &self.set)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Does what a [`Command::Create`] asks for.
pub fn create(dir: &Path, name: &str, out: &mut (dyn Write + Send), err: &mut (dyn Write + Send)) -> u8 {
    let created = create_files(dir, name).map(|created| {
        format!(
            "Created migration {}:\n  {}\n  {}\nWrite the statements into both, then run `up`.",
            created.version,
            created.up.display(),
            created.down.display()
        )
    });
    end(created, out, err)
}

/// Does what a [`Command::Database`] asks for.
pub async fn run(
    operation: Operation,
    place: Place,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> u8 {
    let done = match operation {
        Operation::Up { target } => match connect(place).await {
            Ok(mut migrator) => {
                let mut printer = Printer::new(out, migrator.set());
                let report = migrator.up_with(target, &mut |progress| printer.print(progress)).await;
                printer.end_line();
                finish(migrator, report, "Applied").await
            }
            Err(error) => Err(error),
        },
        Operation::Down { target } => match connect(place).await {
            Ok(mut migrator) => {
                let mut printer = Printer::new(out, migrator.set());
                let report = migrator.down_with(target, &mut |progress| printer.print(progress)).await;
                printer.end_line();
                finish(migrator, report, "Rolled back").await
            }
            Err(error) => Err(error),
        },
        Operation::Status => return status(place, out, err).await,
        Operation::Setup { sample } => {
            let mut printer = Printer::new(out, &place.set);
            let done = set_up(place, sample, &mut printer).await;
            printer.end_line();
            done
        }
    };
    end(done, out, err)
}

async fn connect(place: Place) -> Result<Migrator, MigrateError> {
    Migrator::connect_with(place.opts, place.set, place.options).await
}

async fn finish(
    mut migrator: Migrator,
    report: Result<Report, MigrateError>,
    did: &str,
) -> Result<String, MigrateError> {
    let count = report?.files.len();
    let status = migrator.status().await?;
    migrator.close().await;
    Ok(match count {
        0 => format!("Nothing to do: {}.", whereabouts(&status)),
        1 => format!("{did} 1 migration: {}.", whereabouts(&status)),
        count => format!("{did} {count} migrations: {}.", whereabouts(&status)),
    })
}

async fn set_up(place: Place, sample: bool, printer: &mut Printer<'_>) -> Result<String, MigrateError> {
    let database = place.opts.db_name().unwrap_or_default().to_owned();
    let (mut migrator, report) =
        setup(place.opts, place.set, place.options, &mut |progress| printer.print(progress)).await?;
    if sample {
        migrator.load(&place.sample, &mut |progress| printer.print(progress)).await?;
    }
    let done = finish(migrator, Ok(report.applied), "Applied").await?;
    let created = if report.created { "created" } else { "was there already" };
    let sampled = if sample { " Sample data is loaded." } else { "" };
    Ok(format!("Database {database} {created}. {done}{sampled}"))
}

async fn status(place: Place, out: &mut (dyn Write + Send), err: &mut (dyn Write + Send)) -> u8 {
    let read = async {
        let mut migrator = connect(place).await?;
        let status = migrator.status().await?;
        migrator.close().await;
        Ok::<_, MigrateError>(status)
    };
    match read.await {
        Ok(status) => {
            tell(out, &table(&status));
            let pending = status.lines.iter().filter(|line| line.state == State::Pending).count();
            let next = if pending > 0 { format!(", {pending} pending: run `up`") } else { String::new() };
            let problems = problems(&status);
            if problems.is_empty() {
                tell(out, &capitalised(&format!("{}{next}.", whereabouts(&status))));
                return DONE;
            }
            problems.iter().for_each(|problem| tell(err, problem));
            FAILED
        }
        Err(error) => end(Err(error), out, err),
    }
}

/// A line for each migration, in columns.
fn table(status: &Status) -> String {
    let mut rows = vec![["Version", "Name", "State", "Applied (UTC)"].map(str::to_owned)];
    for line in &status.lines {
        let state = match line.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Unfinished => "unfinished",
            State::NotOurs(_) => "not ours",
        };
        let applied_at =
            line.applied_at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
        rows.push([line.version.clone(), line.name.clone(), state.to_owned(), applied_at]);
    }
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 4]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn problems(status: &Status) -> Vec<String> {
    let problem = |line: &crate::StatusLine| match &line.state {
        State::NotOurs(mismatch) => Some(format!("{mismatch}.")),
        State::Unfinished => Some(format!(
            "Version {} was begun and not finished: a run is at work just now, or one ended in the middle; `up` says \
             what to do then.",
            line.version
        )),
        State::Applied | State::Pending => None,
    };
    status.lines.iter().filter_map(problem).collect()
}

fn whereabouts(status: &Status) -> String {
    let last = status.lines.iter().rfind(|line| line.state == State::Applied);
    last.map_or_else(|| "nothing is applied".to_owned(), |line| format!("the schema is at {}", line.version))
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn end(done: Result<String, MigrateError>, out: &mut (dyn Write + Send), err: &mut (dyn Write + Send)) -> u8 {
    match done {
        Ok(sentence) => {
            tell(out, &sentence);
            DONE
        }
        Err(error) => {
            tell(err, &format!("Error: {error}"));
            FAILED
        }
    }
}

/// A reader that has gone away is no reason to stop a migration.
fn tell(to: &mut (dyn Write + Send), text: &str) {
    let _: io::Result<()> = writeln!(to, "{text}").and_then(|()| to.flush());
}

/// One line for each file: its name and size when it begins, the time when it is done.
struct Printer<'a> {
    out: &'a mut (dyn Write + Send),
    width: usize,
    in_line: bool,
}

impl<'a> Printer<'a> {
    fn new(out: &'a mut (dyn Write + Send), set: &MigrationSet) -> Self {
        let width =
            set.iter().map(|migration| migration.up.name().len() + "R".len()).max().unwrap_or_default();
        Self { out, width, in_line: false }
    }

    fn print(&mut self, progress: Progress<'_>) {
        let width = self.width;
        match progress {
            Progress::Waiting { holder, .. } => {
                tell(self.out, &format!("Waiting for another runner: {holder} …"));
            }
            Progress::Statement { file, number: 1, of } => {
                let statements = if of == 1 { "statement" } else { "statements" };
                self.in_line = true;
                let _ = write!(self.out, "{file:width$}  {of:>3} {statements:10}")
                    .and_then(|()| self.out.flush());
            }
            Progress::Statement { .. } => {}
            Progress::Finished(file) => {
                self.in_line = false;
                tell(self.out, &format!("  {:>7.2} s", file.duration.as_secs_f64()));
            }
        }
    }

    /// After a failure the line that was begun is still open.
    fn end_line(&mut self) {
        if std::mem::take(&mut self.in_line) {
            tell(self.out, "   failed");
        }
    }
}
