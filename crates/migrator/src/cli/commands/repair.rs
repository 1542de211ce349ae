//! `repair`.

use super::super::answer::{Answer, head};
use super::super::{Common, Console, Place};
use super::status::problems;
use super::{connect, files, whereabouts};
use crate::{ChangedFile, MigrateError, exit};

pub(super) async fn repair(
    place: Place,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let mut migrator = connect(place).await?;
    let changed = migrator.changed_files().await?;
    if !changed.is_empty() {
        console.confirm(common, &question(&changed))?;
    }
    let repaired = migrator.repair(&changed, &mut |_| {}).await?;
    let status = migrator.status().await?;
    migrator.close().await;
    let version = head(&status);
    let did = match repaired.len() {
        0 => format!("Nothing to repair: {}.", whereabouts(version.as_deref())),
        count => format!("Accepted {} as they are now. No schema was changed.", files(count)),
    };
    let (exit_code, message) = match problems(&status) {
        (exit::DONE, _) => (exit::DONE, did),
        (code, left) if repaired.is_empty() => (code, left),
        (code, left) => (code, format!("{did} What is left:\n{left}")),
    };
    let repaired = repaired.iter().map(Into::into).collect();
    Ok(Answer { exit_code, message, version, repaired, ..Answer::default() })
}

fn question(changed: &[ChangedFile]) -> String {
    let lines: Vec<String> = changed.iter().map(|changed| format!("  {changed}\n")).collect();
    format!(
        "The ledger is to say that these files were applied as they are now, although others were:\n{}No schema is \
         changed by it: a database that is made anew from these files may differ from this one. Do it?",
        lines.concat()
    )
}
