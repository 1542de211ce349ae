//! `status`.

use super::super::Place;
use super::super::answer::{Answer, head, warnings};
use super::{capitalised, connect, whereabouts};
use crate::check::UP_FINDS_OUT;
use crate::{MigrateError, State, Status, exit};

pub(super) async fn status(place: Place, with_exit_code: bool) -> Result<Answer, MigrateError> {
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
    Ok(Answer {
        exit_code,
        message,
        version,
        migrations,
        warnings: warnings(&status.warnings),
        ..Answer::default()
    })
}

/// What is wrong, and the exit code that tells it.
pub(super) fn problems(status: &Status) -> (u8, String) {
    let problem = |line: &crate::StatusLine| match &line.state {
        State::NotOurs(mismatch) => Some((exit::DRIFT, format!("{mismatch}."))),
        State::Unfinished => Some(match &status.runner {
            Some(runner) => {
                (exit::LOCKED, format!("A run is at version {} just now: {runner}.", line.version))
            }
            None => (
                exit::DIRTY,
                format!(
                    "Version {} was begun and not finished: a run ended in the middle. {UP_FINDS_OUT}.",
                    line.version
                ),
            ),
        }),
        State::Applied | State::Pending | State::TooLate => None,
    };
    let gap = status.gap.as_ref().map(|gap| (exit::DRIFT, format!("{gap}. {}.", gap.remedy())));
    let problems: Vec<_> = status.lines.iter().filter_map(problem).chain(gap).collect();
    let code = problems.iter().map(|(code, _)| *code).max().unwrap_or(exit::DONE);
    (code, problems.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join("\n"))
}
