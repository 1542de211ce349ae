//! A file that was left before its end.

use std::time::Duration;

use mysql_async::Error;

use super::Runner;
use super::file::{File, Transaction};
use crate::journal::StatementState;
use crate::recovery::{Begun, Decision, is_transactional};
use crate::sql::{Kind, Object, has_list, runs_others};
use crate::{MigrateError, Statement};

/// The text could not be read as SQL.
pub(super) const SYNTAX: u16 = 1064;

/// Why a file was left before its end.
pub(crate) enum Failure {
    /// A statement failed; its index, counted from 0.
    Statement(usize, Error),
    /// A statement was stopped since it took longer than this; its index, counted from 0.
    OutOfTime(usize, Duration),
    /// A statement took longer than this and could not be stopped, since the server is out of reach; its index, counted
    /// from 0. The connection must not be used any more.
    Unreachable(usize, Duration),
    /// The lock was lost before a statement was sent, or what is known could not be written down.
    NotSent(MigrateError),
    /// All statements were run, and a transaction is still open.
    OpenTransaction,
}

impl Failure {
    pub(crate) fn explain(
        self,
        file: &str,
        statements: &[Statement<'_>],
        consequence: String,
    ) -> MigrateError {
        let file = file.to_owned();
        match self {
            Self::Statement(index, source) => MigrateError::Statement {
                file,
                number: index + 1,
                of: statements.len(),
                line: statements.get(index).map_or(0, |statement| statement.line),
                source: Box::new(source),
                consequence,
            },
            Self::OutOfTime(index, limit) | Self::Unreachable(index, limit) => {
                MigrateError::StatementTimeout {
                    file,
                    number: index + 1,
                    of: statements.len(),
                    line: statements.get(index).map_or(0, |statement| statement.line),
                    limit,
                    consequence,
                }
            }
            Self::NotSent(error) => error,
            Self::OpenTransaction => MigrateError::OpenTransaction { file, consequence },
        }
    }
}

impl Runner<'_> {
    /// Says what the failure means, writes down what is known about the statement, and takes the mark of a begun file off
    /// where nothing of it can have happened.
    pub(super) async fn failed(
        &mut self,
        file: &mut File<'_>,
        failure: Failure,
        next: Option<&mut File<'_>>,
    ) -> MigrateError {
        let usable = !matches!(failure, Failure::Unreachable(..)) && self.prepare().await.is_ok();
        if usable {
            // Otherwise the next run does it.
            let _ = self.settle_neighbours(file, next).await;
        }
        let blockers = if usable { self.blockers(file, &failure).await } else { String::new() };
        let unmarked = usable && self.note(file, &failure).await.unwrap_or(false);
        let begun = match usable && !unmarked {
            true => Begun::of(self.conn, self.database, file.step.clone()).await.ok(),
            false => None,
        };
        let consequence = match begun {
            _ if unmarked => "No statement of the file was completed, and the ledger is as it was before: mend the file, \
                              then run it again."
                .to_owned(),
            Some(begun) => consequence(&begun),
            None => "The connection was lost. Run the same command again: it waits for the server, finds out how far this \
                     statement came, and goes on."
                .to_owned(),
        };
        failure.explain(file.step.file.name(), &file.step.statements, blockers + &consequence)
    }

    /// Ends the file before, and takes back that the next one has begun.
    pub(super) async fn settle_neighbours(
        &mut self,
        file: &mut File<'_>,
        next: Option<&mut File<'_>>,
    ) -> Result<(), MigrateError> {
        // If the end of a round trip was lost, it has begun in truth: the next run finds out how far it came.
        let next = next.filter(|next| next.is_begun && next.sent.is_empty());
        let behind = file.behind.take();
        if next.is_none() && behind.is_none() {
            return Ok(());
        }
        let mut sql = self.changes(behind.as_ref(), None);
        sql.extend(next.map(|next| next.never_begun(self.database)));
        self.write_all(sql).await
    }

    /// Returns whether the file counts as never begun. What is open was rolled back before.
    async fn note(&mut self, file: &File<'_>, failure: &Failure) -> Result<bool, MigrateError> {
        let (last, error) = match failure {
            Failure::Statement(index, Error::Server(error)) => (*index, Some(error)),
            Failure::OutOfTime(index, _) => (*index, None),
            Failure::OpenTransaction => (file.kinds().count().saturating_sub(1), None),
            Failure::Statement(..) | Failure::NotSent(_) | Failure::Unreachable(..) => return Ok(false),
        };
        let note = match (failure, error) {
            (_, Some(error)) => format!("error {}", error.code),
            (Failure::OutOfTime(..), None) => "took too long".to_owned(),
            (_, None) => "left a transaction open".to_owned(),
        };
        if file.closed && file.transaction == Transaction::None && self.is_whole(file, last, error).await? {
            self.write_all([file.entries((last, StatementState::Failed, None))]).await?;
            return Ok(false);
        }
        if file.waits_for_rows {
            self.write_all([file.entries((last, StatementState::Started, None))]).await?;
        }
        // A transaction that was rolled back took its rows of the journal with it.
        let started = file.journal.read(self.conn).await?;
        let Some(started) = started.iter().rfind(|row| row.state == StatementState::Started) else {
            return Ok(false);
        };
        let first = started.statement.saturating_sub(1);
        let mut whole = !file.closed;
        for index in first..=last {
            whole = whole && self.is_whole(file, index, error.filter(|_| index == last)).await?;
        }
        let sql = match whole {
            true if first == 0 => file.never_begun(self.database),
            true => file.journal.set_last(StatementState::Failed, &note),
            false => file.journal.set_last(StatementState::Started, &note),
        };
        self.write_all([sql]).await?;
        Ok(whole && first == 0)
    }

    /// Whether nothing is left of the statement after a rollback, or after this error.
    pub(super) async fn is_whole(
        &mut self,
        file: &File<'_>,
        index: usize,
        error: Option<&mysql_async::ServerError>,
    ) -> Result<bool, MigrateError> {
        let text = file.text(index);
        if error.is_some_and(|error| error.code == SYNTAX) && !runs_others(text) {
            return Ok(true);
        }
        match file.kind(index) {
            // MariaDB does with some of several what it can.
            Some(Kind::Definition(definition)) if definition.object == Object::Other => Ok(!has_list(text)),
            Some(Kind::Definition(definition)) => Ok(definition.names.len() <= 1),
            Some(Kind::Data(change)) => Ok(is_transactional(self.conn, self.database, &change.tables).await?),
            Some(Kind::Opaque) | None => Ok(false),
            Some(_) => Ok(true),
        }
    }
}

/// What the next run will do.
fn consequence(begun: &Begun<'_>) -> String {
    let from = match &begun.decision {
        Decision::GoOn { from } => *from,
        Decision::AllDone => return "All the same the file is done. Run the same command again.".to_owned(),
        Decision::Cannot { .. } => return begun.dirty().to_string(),
    };
    let done = match from {
        0 => "No statement of the file is in effect".to_owned(),
        1 => "Statement 1 is done".to_owned(),
        from => format!("Statements 1 to {from} are done"),
    };
    format!(
        "{done}: mend the file from statement {} on, or what is in its way, and run the same command again. It goes on \
         there.",
        from + 1
    )
}
