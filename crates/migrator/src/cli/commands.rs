//! Each command on the database, a file for each family of commands.

use super::answer::Answer;
use super::{Common, Connecting, Console, Operation, Place};
use crate::{Direction, MigrateError, Migrator, exit};

mod adopt;
mod migrate;
mod plan;
mod repair;
mod schema;
mod status;
mod unfinished;
mod wait;
mod watched;

/// Does what a [`Command::Database`](super::Command::Database) asks for and returns the exit code.
pub async fn run(operation: Operation, place: Place, common: &Common, console: &mut Console<'_>) -> u8 {
    run_connecting(Connecting::default(), operation, place, common, console).await
}

/// [`run`] over a connection that was begun while the place was still being found, for the same operation and with the
/// same options.
pub async fn run_connecting(
    connecting: Connecting,
    operation: Operation,
    mut place: Place,
    common: &Common,
    console: &mut Console<'_>,
) -> u8 {
    let (name, database) = (operation.name(), place.database().to_owned());
    place.options = common.options(place.options);
    let again = place.clone();
    let is_adopt = matches!(operation, Operation::Adopt { .. });
    let done = match operation {
        Operation::Up { target, dry_run: true } | Operation::Plan { target } => {
            plan::plan(place, Direction::Up, target).await
        }
        Operation::Down { target, dry_run: true } => plan::plan(place, Direction::Down, target).await,
        Operation::Up { target, dry_run: false } => {
            migrate::migrate(connecting, place, Direction::Up, target, common, console).await
        }
        Operation::Down { target, dry_run: false } => migrate::down(place, target, common, console).await,
        Operation::Status { exit_code } => status::status(place, exit_code).await,
        Operation::Resume { how } => unfinished::resume(place, how, common, console).await,
        Operation::MarkApplied { version } => unfinished::mark_applied(place, version, common, console).await,
        Operation::MarkRolledBack { version } => {
            unfinished::mark_rolled_back(place, version, common, console).await
        }
        Operation::Repair => repair::repair(place, common, console).await,
        Operation::Wait { timeout } => wait::wait_for(place, timeout, common, console).await,
        Operation::Setup { sample } => migrate::set_up(place, sample, common, console).await,
        Operation::Dump { output } => schema::dump(place, output).await,
        Operation::Verify { scratch } => schema::verify(place, scratch.as_deref(), common, console).await,
        Operation::Adopt { dry_run, scratch } => {
            adopt::adopt(place, dry_run, scratch.as_deref(), common, console).await
        }
        Operation::Baseline { target, scratch } => {
            schema::baseline(place, target, scratch.as_deref(), common, console).await
        }
    };
    let mut answer = done.unwrap_or_else(|error| Answer::of_error(&error));
    if answer.exit_code == exit::DRIFT && !is_adopt {
        answer.message.extend(adopt::hint(again).await);
    }
    answer.database = Some(database).filter(|name| !name.is_empty());
    console.answer(name, common, answer)
}

async fn connect(place: Place) -> Result<Migrator, MigrateError> {
    Connecting::default().connect(place).await
}

fn whereabouts(version: Option<&str>) -> String {
    version.map_or_else(|| "nothing is applied".to_owned(), |version| format!("the schema is at {version}"))
}

fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
