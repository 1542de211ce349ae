//! Does what a person does whom a run has told that it cannot know.

use kseekers_migrator::{Direction, MigrateError, MigrationSet, Migrator, Resume, Statement, Version};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;

use crate::disturbed::Case;
use crate::history::statements;
use crate::truth::Snapshot;

/// Looks whether the statement took effect, and says so; where the session's variables are lost, does the rest of the file
/// by hand.
pub(crate) async fn follow(case: &Case<'_>) -> Result<(), String> {
    let set = MigrationSet::from_dir(case.folder).unwrap();
    let mut migrator = Migrator::connect(case.opts.clone(), set).await.unwrap();
    let stopped = match case.direction {
        Direction::Up => migrator.up(None).await,
        Direction::Down => migrator.down(None).await,
    };
    let said = stopped.as_ref().map_or_else(ToString::to_string, |_| String::new());
    let (version, number) = match stopped {
        Err(MigrateError::Dirty { version, at: Some(at), .. }) => (version, at.number),
        other => return Err(format!("a second look gave {other:?}")),
    };
    for command in ["`resume`", &format!("`mark-applied --version {version}`")] {
        if !said.contains(command) {
            return Err(format!("what to type is not said, {command}: {said}"));
        }
    }
    let version: Version = version.parse().unwrap();
    let file = usize::try_from(version.number()).unwrap();
    let unfinished = migrator.unfinished().await.unwrap().unwrap();
    let (before, after) = case.truth.around(file, number);
    let now = Snapshot::of(case.opts).await;
    let took_effect = &now != before;
    if took_effect && &now != after {
        return Err(format!(
            "statement {number} of {file} is half done:\n{}\n--- before it\n{}",
            now.0, before.0
        ));
    }
    let (_, text) =
        *case.history.on_the_way(case.direction).iter().find(|(number, _)| *number == file).unwrap();
    let statements = statements(text);
    let done = number - usize::from(!took_effect);
    let settings: Vec<_> = statements[..done].iter().filter(|one| one.text.starts_with("SET @")).collect();
    if settings.is_empty() {
        let resume = if took_effect { Resume::SkipStatement } else { Resume::Again };
        migrator.resume(&unfinished, resume).await.map_err(|error| format!("resume: {error}"))?;
    } else {
        by_hand(case, settings.into_iter().chain(&statements[done..])).await;
        match case.direction {
            Direction::Up => migrator.mark_applied(&unfinished).await,
            Direction::Down => migrator.mark_rolled_back(&unfinished).await,
        }
        .map_err(|error| format!("mark: {error}"))?;
    }
    migrator.close().await;
    Ok(())
}

async fn by_hand<'a>(case: &Case<'_>, statements: impl Iterator<Item = &'a Statement<'a>>) {
    let mut conn = Conn::new(case.opts.clone()).await.unwrap();
    for statement in statements {
        conn.query_drop(statement.text).await.unwrap();
    }
    conn.disconnect().await.unwrap();
}
