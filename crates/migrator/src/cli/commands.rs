//! Each command on the database.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use super::answer::{Answer, FileAnswer, head, warnings};
use super::printer::Printer;
use super::{Common, Console, Operation, Place};
use crate::{Direction, MigrateError, Migrator, Progress, Report, State, Status, Version, exit, setup};

/// How often a run looks whether its statement takes long.
const TICK: Duration = Duration::from_secs(1);

/// Does what a [`Command::Database`](super::Command::Database) asks for and returns the exit code.
pub async fn run(operation: Operation, mut place: Place, common: &Common, console: &mut Console<'_>) -> u8 {
    let (name, database) = (operation.name(), place.database().to_owned());
    place.options = common.options(place.options);
    let done = match operation {
        Operation::Up { target, dry_run: true } | Operation::Plan { target } => {
            plan(place, Direction::Up, target).await
        }
        Operation::Down { target, dry_run: true } => plan(place, Direction::Down, target).await,
        Operation::Up { target, dry_run: false } => {
            migrate(place, Direction::Up, target, common, console).await
        }
        Operation::Down { target, dry_run: false } => down(place, target, common, console).await,
        Operation::Status { exit_code } => status(place, exit_code).await,
        Operation::Setup { sample } => set_up(place, sample, common, console).await,
    };
    let mut answer = done.unwrap_or_else(|error| Answer::of_error(&error));
    answer.database = Some(database).filter(|name| !name.is_empty());
    console.answer(name, common, answer)
}

async fn connect(place: Place) -> Result<Migrator, MigrateError> {
    Migrator::connect_with(place.opts, place.set, place.options).await
}

async fn plan(place: Place, direction: Direction, target: Option<Version>) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let plan = migrator.plan(direction, target).await?;
    let (files, statements) = (plan.steps.len(), plan.statements().map(Into::into).collect::<Vec<_>>());
    let status = migrator.status().await?;
    let (version, warnings) = (head(&status), warnings(&status));
    migrator.close().await;
    let (exit_code, message) = match (direction, files) {
        (_, 0) => (exit::DONE, format!("Nothing to do: {}.", whereabouts(version.as_deref()))),
        (Direction::Up, _) => (exit::PENDING, format!("{} would be applied.", migrations(files))),
        (Direction::Down, _) => (exit::PENDING, format!("{} would be taken back.", migrations(files))),
    };
    Ok(Answer { exit_code, message, version, warnings, statements, ..Answer::default() })
}

async fn down(
    place: Place,
    target: Option<Version>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let database = place.database();
    let confirmed = common.confirm.as_deref().map(|name| name == database);
    if confirmed == Some(false) || (place.production && confirmed.is_none()) {
        let why = format!(
            "`down` takes tables back with all that they hold. To confirm it, name the database: --confirm {database}"
        );
        return Err(MigrateError::NotConfirmed { why });
    }
    migrate(place, Direction::Down, target, common, console).await
}

async fn migrate(
    place: Place,
    direction: Direction,
    target: Option<Version>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let run = Run::new(migrator.set(), common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let ran = match direction {
        Direction::Up => run.watched(migrator.up_with(target, &mut watch)).await,
        Direction::Down => run.watched(migrator.down_with(target, &mut watch)).await,
    };
    let files = run.end();
    match ran {
        Ok(report) => finish(migrator, &report, direction).await,
        Err(error) => Ok(Answer { files, ..Answer::of_error(&error) }),
    }
}

async fn finish(
    mut migrator: Migrator,
    report: &Report,
    direction: Direction,
) -> Result<Answer, MigrateError> {
    let status = migrator.status().await?;
    let (version, warnings) = (head(&status), warnings(&status));
    migrator.close().await;
    let did = match (report.files.len(), direction) {
        (0, _) => "Nothing to do".to_owned(),
        (count, Direction::Up) => format!("Applied {}", migrations(count)),
        (count, Direction::Down) => format!("Rolled back {}", migrations(count)),
    };
    let message = format!("{did}: {}.", whereabouts(version.as_deref()));
    let files = report.files.iter().map(FileAnswer::from).collect();
    Ok(Answer { message, version, warnings, files, ..Answer::default() })
}

async fn set_up(
    place: Place,
    sample: bool,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let database = place.database().to_owned();
    let run = Run::new(&place.set, common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let work = async {
        let (mut migrator, report) = setup(place.opts, place.set, place.options, &mut watch).await?;
        if sample {
            migrator.load(&place.sample, &mut watch).await?;
        }
        Ok::<_, MigrateError>((migrator, report))
    };
    let done = run.watched(work).await;
    let files = run.end();
    let (migrator, report) = match done {
        Ok(done) => done,
        Err(error) => return Ok(Answer { files, ..Answer::of_error(&error) }),
    };
    let answer = finish(migrator, &report.applied, Direction::Up).await?;
    let created = if report.created { "created" } else { "was there already" };
    let sampled = if sample { " Sample data is loaded." } else { "" };
    let message = format!("Database {database} {created}. {}{sampled}", answer.message);
    Ok(Answer { message, files, ..answer })
}

async fn status(place: Place, with_exit_code: bool) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let status = migrator.status().await?;
    migrator.close().await;
    let version = head(&status);
    let pending = status.lines.iter().filter(|line| line.state == State::Pending).count();
    let (exit_code, message) = match problems(&status) {
        (exit::DONE, _) => {
            let next = if pending > 0 { format!(", {pending} pending: run `up`") } else { String::new() };
            let code = if pending > 0 && with_exit_code { exit::PENDING } else { exit::DONE };
            (code, capitalised(&format!("{}{next}.", whereabouts(version.as_deref()))))
        }
        problems => problems,
    };
    let migrations = status.lines.iter().map(Into::into).collect();
    Ok(Answer { exit_code, message, version, migrations, warnings: warnings(&status), ..Answer::default() })
}

/// What is wrong, and the exit code that tells it.
fn problems(status: &Status) -> (u8, String) {
    let problem = |line: &crate::StatusLine| match &line.state {
        State::NotOurs(mismatch) => Some((exit::DRIFT, format!("{mismatch}."))),
        State::Unfinished => Some((
            exit::DIRTY,
            format!(
                "Version {} was begun and not finished: a run is at work just now, or one ended in the middle; `up` \
                 says what to do then.",
                line.version
            ),
        )),
        State::Applied | State::Pending => None,
    };
    let problems: Vec<_> = status.lines.iter().filter_map(problem).collect();
    let code = problems.iter().map(|(code, _)| *code).max().unwrap_or(exit::DONE);
    (code, problems.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join("\n"))
}

fn whereabouts(version: Option<&str>) -> String {
    version.map_or_else(|| "nothing is applied".to_owned(), |version| format!("the schema is at {version}"))
}

fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What is told about a run while it is under way, and which of its files are done.
struct Run<'a>(Mutex<(Printer<'a>, Vec<FileAnswer>)>);

impl<'a> Run<'a> {
    fn new(set: &crate::MigrationSet, common: &Common, console: &'a mut Console<'_>) -> Self {
        let width =
            set.iter().map(|migration| migration.up.name().len() + "R".len()).max().unwrap_or_default();
        Self(Mutex::new((console.printer(common, width), Vec::new())))
    }

    fn tell(&self, progress: Progress<'_>) {
        let mut run = self.lock();
        if let Progress::Finished(report) = progress {
            run.1.push(report.into());
        }
        run.0.print(progress);
    }

    async fn watched<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match timeout(TICK, work.as_mut()).await {
                Ok(done) => return done,
                Err(_) => self.lock().0.tick(),
            }
        }
    }

    fn end(self) -> Vec<FileAnswer> {
        let (mut printer, files) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        printer.fail();
        files
    }

    fn lock(&self) -> MutexGuard<'_, (Printer<'a>, Vec<FileAnswer>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
