//! Runs one file, statement by statement.

use std::time::Instant;

use mysql_async::consts::StatusFlags;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};

use crate::lock::Lock;
use crate::plan::Step;
use crate::split::Statement;
use crate::sql::file_digest;
use crate::{Direction, FileReport, MigrateError, Options, Progress, ledger, session};

/// Called with everything that happens.
pub(crate) type Watcher<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// Runs the file of a step and keeps the ledger.
pub(crate) async fn step(
    conn: &mut Conn,
    lock: &Lock,
    database: &str,
    options: &Options,
    step: &Step<'_>,
    watch: Watcher<'_>,
) -> Result<FileReport, MigrateError> {
    let begun = Instant::now();
    // The last statement of the file before may have been the one that lost it.
    lock.check(conn).await?;
    match step.direction {
        Direction::Up => ledger::begin(conn, step.migration, &file_digest(&step.statements)).await?,
        Direction::Down => ledger::set_state(conn, &step.row, ledger::UNDOING).await?,
    }
    let ran = statements(conn, lock, step.file.name(), &step.statements, watch).await;
    // Even after a failure: what follows on this connection must not depend on where the file stopped.
    let usable = session::prepare(conn, database, options).await;
    if let Err(failure) = ran {
        if let Failure::NotSent(error) = failure {
            return Err(error);
        }
        return Err(failed(conn, step, failure, usable.is_ok()).await);
    }
    usable?;
    match step.direction {
        Direction::Up => ledger::applied(conn, &step.row).await?,
        Direction::Down => ledger::forget(conn, &step.row).await?,
    }
    Ok(FileReport {
        file: step.file.name().to_owned(),
        version: Some(step.migration.version),
        statements: step.statements.len(),
        duration: begun.elapsed(),
    })
}

/// Why a file was left before its end.
pub(crate) enum Failure {
    /// A statement failed; its index, counted from 0.
    Statement(usize, Error),
    /// The lock was lost before a statement was sent, or it cannot be asked for.
    NotSent(MigrateError),
    /// All statements were run, and a transaction is still open.
    OpenTransaction,
}

pub(crate) async fn statements(
    conn: &mut Conn,
    lock: &Lock,
    file: &str,
    statements: &[Statement<'_>],
    watch: Watcher<'_>,
) -> Result<(), Failure> {
    for (index, statement) in statements.iter().enumerate() {
        watch(Progress::Statement { file, number: index + 1, of: statements.len() });
        lock.check(conn).await.map_err(Failure::NotSent)?;
        conn.query_drop(statement.text).await.map_err(|error| Failure::Statement(index, error))?;
    }
    let last = conn.last_ok_packet();
    if last.is_some_and(|ok| ok.status_flags().contains(StatusFlags::SERVER_STATUS_IN_TRANS)) {
        return Err(Failure::OpenTransaction);
    }
    Ok(())
}

/// Says what the failure means, and takes the mark of a begun file off where nothing of it can have happened.
async fn failed(conn: &mut Conn, step: &Step<'_>, failure: Failure, usable: bool) -> MigrateError {
    let first_was_refused = matches!(failure, Failure::Statement(0, Error::Server(_)));
    let unmarked = first_was_refused
        && usable
        && match step.direction {
            Direction::Up => ledger::forget(conn, &step.row).await,
            Direction::Down => ledger::set_state(conn, &step.row, ledger::DONE).await,
        }
        .is_ok();
    let repair = step.direction.repair(&step.row);
    let consequence = match &failure {
        _ if unmarked => {
            "No statement of the file was completed, and the ledger is as it was before: mend the file, \
                          then run it again."
                .to_owned()
        }
        Failure::Statement(0, Error::Server(_)) => {
            format!("No statement of the file was completed. {repair}")
        }
        Failure::Statement(1, Error::Server(_)) => format!("Statement 1 was run before it. {repair}"),
        Failure::Statement(index, Error::Server(_)) => {
            format!("Statements 1 to {index} were run before it. {repair}")
        }
        Failure::Statement(index, _) => format!(
            "The connection was lost: the statement may have taken effect, or may be running on the server still (see \
             SHOW PROCESSLIST); {index} were run before it. {repair}"
        ),
        Failure::NotSent(_) => String::new(),
        Failure::OpenTransaction => format!("What the transaction held was rolled back. {repair}"),
    };
    failure.explain(step.file.name(), &step.statements, consequence)
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
            Self::NotSent(error) => error,
            Self::OpenTransaction => MigrateError::OpenTransaction { file, consequence },
        }
    }
}
