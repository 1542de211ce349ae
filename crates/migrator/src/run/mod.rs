//! Runs files, statement by statement.

mod failure;
mod file;
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
use crate::{MigrateError, Options, Progress, Report, session};

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
        let mut last: Option<File<'_>> = None;
        for step in steps {
            let mut file = File::new(self.database, step);
            self.between_files(last.as_ref(), Some(&file)).await?;
            if let Some(last) = last.take() {
                report.push(last.report(), watch);
            }
            match self.statements(&mut file, watch).await {
                Ok(()) => last = Some(file),
                Err(Failure::NotSent(error)) => {
                    // What is open must not stay so; if the connection is gone, it does not.
                    let _ = self.prepare().await;
                    return Err(error);
                }
                Err(failure) => return Err(self.failed(&file, failure).await),
            }
        }
        if let Some(last) = last {
            self.between_files(Some(&last), None).await?;
            report.push(last.report(), watch);
        }
        Ok(())
    }

    async fn statements(&mut self, file: &mut File<'_>, watch: Watcher<'_>) -> Result<(), Failure> {
        let (name, statements) = (file.step.file.name(), &file.step.statements);
        for (index, statement) in statements.iter().enumerate() {
            watch(Progress::Statement { file: name, number: index + 1, of: statements.len() });
            let ours = match index {
                // It was written down with the beginning of the file.
                0 => file.is_data(0),
                _ => self.between_statements(file, index).await.map_err(Failure::NotSent)?,
            };
            let begun = Instant::now();
            let sent = self.conn.query_drop(statement.text).await;
            sent.map_err(|error| Failure::Statement(index, error))?;
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
        let fence = self.lock.fence();
        for (index, statement) in statements.iter().enumerate() {
            watch(Progress::Statement { file, number: index + 1, of: statements.len() });
            self.write(fence).await.map_err(Failure::NotSent)?;
            self.conn.query_drop(statement.text).await.map_err(|error| Failure::Statement(index, error))?;
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
