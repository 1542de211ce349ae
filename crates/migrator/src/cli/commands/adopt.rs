//! `adopt`, and where to point to it.

use super::super::answer::{Answer, head};
use super::super::{Common, Console, Place};
use super::schema::leftovers;
use super::{connect, migrations};
use crate::{MigrateError, Readiness, exit, ledger};

pub(super) async fn adopt(
    place: Place,
    dry_run: bool,
    scratch: Option<&str>,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let database = place.database().to_owned();
    let Some(adoption) = place.adoption else {
        let why = "This program knows no other system whose databases it could adopt. For a database whose tables are ours \
                   already use baseline";
        return Ok(Answer { exit_code: exit::USAGE, ..Answer::saying(why) });
    };
    let mut migrator = connect(place).await?;
    let plan = migrator.adopt_plan(&adoption, scratch).await?;
    let warnings = leftovers(&plan.leftovers);
    if dry_run {
        migrator.close().await;
        let message = format!("{plan}Nothing was changed: this is what `adopt` would do.");
        let (exit_code, adoption) = (exit::PENDING, Some((&plan).into()));
        return Ok(Answer { exit_code, message, warnings, adoption, ..Answer::default() });
    }
    if common.yes {
        // Whoever reads the log of a deployment wants to know it, also if what follows stops half way.
        console.tell(common, plan.to_string().trim_end());
    }
    let question = format!(
        "{plan}The {} system must not be at work meanwhile. Take over database {database}?",
        adoption.system
    );
    console.confirm(common, &question)?;
    let report = migrator.adopt(&adoption, scratch, &mut |_| {}).await?;
    let status = migrator.status().await?;
    migrator.close().await;
    let next = match &status.readiness {
        Readiness::Pending { count, .. } => format!("Pending: {}. Run `up`.", migrations(*count)),
        _ => "Nothing is pending.".to_owned(),
    };
    let message = format!(
        "Database {database} is taken over: {} counts as applied, and the old ledger is kept in {}. {next}",
        report.adopted.join(", "),
        report.side_table
    );
    let (version, adoption) = (head(&status), Some((&report).into()));
    Ok(Answer { message, version, warnings, adoption, ..Answer::default() })
}

/// Where to go with a database of a system that we know.
pub(super) async fn hint(place: Place) -> Option<String> {
    let adoption = place.adoption?;
    let mut migrator = connect(place).await.ok()?;
    let rows = ledger::read(&mut migrator.conn).await.ok()??;
    let history = adoption.recognise(&migrator.set, &rows)?;
    migrator.close().await;
    Some(format!(
        "\nThis is a database of {history}: `adopt --dry-run` shows how it is taken over, `adopt` does it."
    ))
}
