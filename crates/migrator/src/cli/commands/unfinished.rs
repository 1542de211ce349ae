//! `resume`, `mark-applied` and `mark-rolled-back`: what is decided about a file that was begun and not finished.

use super::super::answer::{Answer, head};
use super::super::{Common, Console, Place};
use super::migrate::finish;
use super::watched::Watched;
use super::{connect, whereabouts};
use crate::{MigrateError, Migrator, Progress, Resume, Unfinished, Version};

pub(super) async fn resume(
    place: Place,
    how: Resume,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let unfinished = migrator.unfinished().await?.ok_or(MigrateError::NothingUnfinished)?;
    unfinished.resumable()?;
    console.confirm(common, &question(&unfinished, how))?;
    let run = Watched::new(migrator.set(), common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let resumed = run.watched(migrator.resume_with(&unfinished, how, &mut watch)).await;
    let files = run.end();
    match resumed {
        Ok(report) => Ok(finish(migrator, &report, unfinished.direction).await),
        Err(error) => Ok(Answer { files, ..Answer::of_error(&error) }),
    }
}

fn question(unfinished: &Unfinished, how: Resume) -> String {
    let Unfinished { file, at, why, .. } = unfinished;
    let Some(at) = at else {
        return format!("{file} was begun, and all its statements are done. Shall the ledger say so?");
    };
    let why = why.as_deref().unwrap_or("this is the statement to go on with");
    let what = match how {
        Resume::Again => "Run it, and the rest after it?",
        Resume::SkipStatement => "Leave it out, and run the rest after it?",
    };
    format!("{file} was begun and not finished: {why}.\n{at}\n{what}")
}

pub(super) async fn mark_applied(
    place: Place,
    version: Version,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let claim = format!("that migration {version} is applied, as if all of its file had been run");
    let (mut migrator, unfinished) = confirmed(place, version, &claim, common, console).await?;
    migrator.mark_applied(&unfinished).await?;
    marked(migrator, format!("Migration {version} counts as applied")).await
}

pub(super) async fn mark_rolled_back(
    place: Place,
    version: Version,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let claim = format!("that migration {version} is not applied, as if nothing of its file had been run");
    let (mut migrator, unfinished) = confirmed(place, version, &claim, common, console).await?;
    migrator.mark_rolled_back(&unfinished).await?;
    marked(migrator, format!("Migration {version} counts as not applied")).await
}

async fn confirmed(
    place: Place,
    version: Version,
    claim: &str,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<(Migrator, Unfinished), MigrateError> {
    let mut migrator = connect(place).await?;
    let is_this =
        |unfinished: &Unfinished| unfinished.version.parse().is_ok_and(|its: Version| its == version);
    let unfinished = migrator.unfinished().await?.filter(is_this);
    let unfinished = unfinished.ok_or(MigrateError::NotUnfinished { version })?;
    let question = format!("The ledger is to say {claim}. Nothing is run. Is the schema so?");
    console.confirm(common, &question)?;
    Ok((migrator, unfinished))
}

async fn marked(mut migrator: Migrator, did: String) -> Result<Answer, MigrateError> {
    let version = head(&migrator.status().await?);
    migrator.close().await;
    let message = format!("{did}: {}.", whereabouts(version.as_deref()));
    Ok(Answer { message, version, ..Answer::default() })
}
