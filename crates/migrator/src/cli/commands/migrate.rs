//! `up`, `down` and `setup`.

use super::super::answer::{Answer, FileAnswer, warnings};
use super::super::{Common, Connecting, Console, Place};
use super::watched::Watched;
use super::{migrations, whereabouts};
use crate::{Direction, MigrateError, Migrator, Progress, Report, Version, setup};

pub(super) async fn down(
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
    migrate(Connecting::default(), place, Direction::Down, target, common, console).await
}

pub(super) async fn migrate(
    connecting: Connecting,
    place: Place,
    direction: Direction,
    target: Option<Version>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let mut migrator = connecting.connect(place).await?;
    let run = Watched::new(migrator.set(), common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let ran = match direction {
        Direction::Up => run.watched(migrator.up_with(target, &mut watch)).await,
        Direction::Down => run.watched(migrator.down_with(target, &mut watch)).await,
    };
    let files = run.end();
    match ran {
        Ok(report) => Ok(finish(migrator, &report, direction).await),
        Err(error) => Ok(Answer { files, ..Answer::of_error(&error) }),
    }
}

pub(super) async fn finish(migrator: Migrator, report: &Report, direction: Direction) -> Answer {
    migrator.close().await;
    let did = match (report.files.len(), direction) {
        (0, _) => "Nothing to do".to_owned(),
        (count, Direction::Up) => format!("Applied {}", migrations(count)),
        (count, Direction::Down) => format!("Rolled back {}", migrations(count)),
    };
    let message = match &report.given_back {
        Some(table) => format!(
            "{did}. What was adopted is all that is left, so the other system has its ledger back, which was in {table}."
        ),
        None => format!("{did}: {}.", whereabouts(report.version.as_deref())),
    };
    let files = report.files.iter().map(FileAnswer::from).collect();
    let (version, given_back) = (report.version.clone(), report.given_back.clone());
    let warnings = warnings(&report.warnings);
    Answer { message, version, warnings, files, given_back, ..Answer::default() }
}

pub(super) async fn set_up(
    place: Place,
    sample: bool,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let database = place.database().to_owned();
    let run = Watched::new(&place.set, common, console);
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
    let answer = finish(migrator, &report.applied, Direction::Up).await;
    let created = if report.created { "created" } else { "was there already" };
    let sampled = if sample { " Sample data is loaded." } else { "" };
    let message = format!("Database {database} {created}. {}{sampled}", answer.message);
    Ok(Answer { message, files, ..answer })
}
