//! Runs files, statement by statement.

mod again;
mod blockers;
mod failure;
mod file;
mod limit;
mod writes;

use std::time::Instant;

use mysql_async::Conn;
use mysql_async::Error;
use mysql_async::prelude::Queryable;

pub(crate) use self::failure::Failure;
use self::file::{File, Transaction};
use crate::lock::Lock;
use crate::plan::Step;
use crate::split::Statement;
use crate::{MigrateError, Options, Progress, Report, journal, session};

/// Called with everything that happens.
pub(crate) type Watcher<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// What is needed for running a file.
pub(crate) struct Runner<'a> {
    pub(crate) conn: &'a mut Conn,
    pub(crate) lock: &'a Lock,
    pub(crate) database: &'a str,
    pub(crate) options: &'a Options,
}

impl Runner<'_> {
    /// Runs the files of these steps, and keeps ledger and journal.
    pub(crate) async fn steps(
        &mut self,
        steps: &[Step<'_>],
        report: &mut Report,
        watch: Watcher<'_>,
    ) -> Result<(), MigrateError> {
        if steps.is_empty() {
            return Ok(());
        }
        let has_old_rows = !journal::is_empty(self.conn, self.database).await?;
        let mut last: Option<File<'_>> = None;
        for step in steps {
            let mut file = File::new(self.database, step);
            file.has_old_rows = has_old_rows;
            self.between_files(last.as_ref(), Some(&file)).await?;
            if let Some(last) = last.take() {
                report.push(last.report(), watch);
            }
            self.statements(&mut file, 0, true, watch).await?;
            last = Some(file);
        }
        if let Some(last) = last {
            self.end(last, report, watch).await?;
        }
        Ok(())
    }

    /// Goes on with a file that an earlier run has begun, from the statement with this index on, counted from 0. `settled`
    /// is one that was found to be done; `again` are those that the session needs again.
    pub(crate) async fn go_on(
        &mut self,
        step: &Step<'_>,
        from: usize,
        settled: Option<usize>,
        again: &[Statement<'_>],
        report: &mut Report,
        watch: Watcher<'_>,
    ) -> Result<(), MigrateError> {
        let mut file = File::begun(self.database, step, from, settled);
        self.prepare().await?;
        for statement in again {
            self.conn.query_drop(statement.text).await?;
        }
        file.transaction = Transaction::after_statement(self.conn, false);
        self.statements(&mut file, from, false, watch).await?;
        self.end(file, report, watch).await
    }

    async fn end(
        &mut self,
        last: File<'_>,
        report: &mut Report,
        watch: Watcher<'_>,
    ) -> Result<(), MigrateError> {
        self.between_files(Some(&last), None).await?;
        report.push(last.report(), watch);
        Ok(())
    }

    /// `written`: the first of them was written down with the beginning of the file.
    async fn statements(
        &mut self,
        file: &mut File<'_>,
        from: usize,
        written: bool,
        watch: Watcher<'_>,
    ) -> Result<(), MigrateError> {
        match self.try_statements(file, from, written, watch).await {
            Ok(()) => Ok(()),
            Err(Failure::NotSent(error)) => {
                // What is open must not stay so; if the connection is gone, it does not.
                let _ = self.prepare().await;
                Err(error)
            }
            Err(failure) => Err(self.failed(file, failure).await),
        }
    }

    async fn try_statements(
        &mut self,
        file: &mut File<'_>,
        from: usize,
        written: bool,
        watch: Watcher<'_>,
    ) -> Result<(), Failure> {
        let (name, statements) = (file.step.file.name(), &file.step.statements);
        for (index, statement) in statements.iter().enumerate().skip(from) {
            let (number, of, text) = (index + 1, statements.len(), statement.text);
            watch(Progress::Statement { file: name, number, of, text });
            let ours = match written && index == from {
                true => file.is_data(index),
                false => self.between_statements(file, index).await.map_err(Failure::NotSent)?,
            };
            let begun = Instant::now();
            self.send(file, index, ours, watch).await?;
            file.ended(index, begun.elapsed(), Transaction::after_statement(self.conn, ours));
        }
        match file.transaction {
            Transaction::Files | Transaction::ReadOnly => Err(Failure::OpenTransaction),
            _ => Ok(()),
        }
    }

    /// Runs statements that nothing remembers.
    pub(crate) async fn load(
        &mut self,
        file: &str,
        statements: &[Statement<'_>],
        watch: Watcher<'_>,
    ) -> Result<(), Failure> {
        let fence = self.lock.fence_that_writes_nothing();
        for (index, statement) in statements.iter().enumerate() {
            let (number, of, text) = (index + 1, statements.len(), statement.text);
            watch(Progress::Statement { file, number, of, text });
            self.write(fence).await.map_err(Failure::NotSent)?;
            self.query(index, statement.text).await?;
        }
        match Transaction::after_statement(self.conn, false) {
            Transaction::Files | Transaction::ReadOnly => Err(Failure::OpenTransaction),
            _ => Ok(()),
        }
    }

    /// What follows on this connection must not depend on where a file stopped.
    pub(crate) async fn prepare(&mut self) -> Result<(), Error> {
        session::prepare(self.conn, self.database, self.options).await
    }
}
