//! `dump`, `verify` and `baseline`.

use std::path::{Path, PathBuf};

use super::super::answer::{Answer, head};
use super::super::{Common, Console, Place};
use super::watched::Watched;
use super::{connect, migrations, whereabouts};
use crate::session::quoted;
use crate::{MigrateError, Progress, VerifyReport, Version, exit, verify as try_out};

pub(super) async fn dump(place: Place, output: Option<PathBuf>) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let dump = migrator.dump().await;
    migrator.close().await;
    let Some(path) = output else { return Ok(Answer { schema: Some(dump?), ..Answer::default() }) };
    write(&path, &dump?)?;
    let written = vec![path.display().to_string()];
    Ok(Answer { written, ..Answer::saying("The schema is written, without rows.") })
}

fn write(path: &Path, text: &str) -> Result<(), MigrateError> {
    let failed = |source| MigrateError::File { doing: "write", path: path.to_owned(), source };
    std::fs::write(path, text).map_err(failed)
}

pub(super) async fn verify(
    place: Place,
    scratch: Option<&str>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let run = Watched::new(&place.set, common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let tried = run.watched(try_out(place.opts, scratch, place.set, place.options, &mut watch)).await;
    let files = run.end();
    let answer = tried.map_or_else(|error| Answer::of_error(&error), verdict);
    Ok(Answer { files, ..answer })
}

fn verdict(report: VerifyReport) -> Answer {
    let warnings = leftovers(&report.leftovers);
    if let Some(flaw) = report.flaw {
        let message = format!("{flaw}\nMend the way back, then run `verify` again.");
        return Answer { exit_code: exit::DRIFT, message, warnings, ..Answer::default() };
    }
    let count = migrations(report.files.len());
    let mut message =
        format!("{count} tried out in a scratch database: down and up again gives the same schema.");
    if !report.irreversible.is_empty() {
        message += &format!(" Not taken back, as they say themselves: {}.", report.irreversible.join(", "));
    }
    Answer { message, warnings, ..Answer::default() }
}

pub(super) async fn baseline(
    place: Place,
    target: Option<Version>,
    scratch: Option<&str>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let Some(version) = target.or_else(|| place.set.head().map(|head| head.version)) else {
        return Ok(Answer::saying("Nothing to do: there are no migrations."));
    };
    let question = format!(
        "If its schema is that of {version}, database {} counts as migrated up to there from now on, and `down` will never \
         go below. Shall it?",
        place.database()
    );
    console.confirm(common, &question)?;
    let mut migrator = connect(place).await?;
    let run = Watched::new(migrator.set(), common, console);
    let mut watch = |progress: Progress<'_>| run.tell(progress);
    let done = run.watched(migrator.baseline(version, scratch, &mut watch)).await;
    run.end();
    let report = done?;
    let version = head(&migrator.status().await?);
    migrator.close().await;
    let mut warnings = leftovers(&report.leftovers);
    warnings.extend(report.foreign.iter().map(|foreign| format!("{foreign}. It was left as it is.")));
    let message = format!(
        "{} tried out in a scratch database, taken as applied here: {}.",
        migrations(report.files.len()),
        whereabouts(version.as_deref())
    );
    Ok(Answer { message, version, warnings, ..Answer::default() })
}

/// Scratch databases of runs that were cut off.
pub(super) fn leftovers(databases: &[String]) -> Vec<String> {
    let warning = |database: &String| {
        format!(
            "{database} was left behind by a run that was cut off, and nobody on this server uses it: DROP DATABASE {};",
            quoted(database)
        )
    };
    databases.iter().map(warning).collect()
}
