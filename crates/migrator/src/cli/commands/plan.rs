//! `plan` and `--dry-run`.

use super::super::Place;
use super::super::answer::{Answer, head, warnings};
use super::{connect, migrations, whereabouts};
use crate::{Direction, MigrateError, Version, exit};

pub(super) async fn plan(
    place: Place,
    direction: Direction,
    target: Option<Version>,
) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let plan = migrator.plan(direction, target).await?;
    let (files, statements) = (plan.steps.len(), plan.statements().map(Into::into).collect::<Vec<_>>());
    let gives_back = plan.gives_back;
    let status = migrator.status().await?;
    let (version, warnings) = (head(&status), warnings(&status.warnings));
    migrator.close().await;
    let (exit_code, message) = match (direction, files) {
        (Direction::Down, _) if gives_back => {
            let taken = if files == 0 { "Nothing".to_owned() } else { migrations(files) };
            let and = if files == 0 { "but" } else { "and" };
            let message =
                format!("{taken} would be taken back, {and} the other system would get its ledger back.");
            (exit::PENDING, message)
        }
        (_, 0) => (exit::DONE, format!("Nothing to do: {}.", whereabouts(version.as_deref()))),
        (Direction::Up, _) => (exit::PENDING, format!("{} would be applied.", migrations(files))),
        (Direction::Down, _) => (exit::PENDING, format!("{} would be taken back.", migrations(files))),
    };
    Ok(Answer { exit_code, message, version, warnings, statements, ..Answer::default() })
}
