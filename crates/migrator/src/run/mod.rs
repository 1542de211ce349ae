//! Runs files, statement by statement.

mod again;
mod ahead;
mod blockers;
mod failure;
mod file;
mod limit;
mod note;
mod packet;
mod send;
mod writes;

use mysql_async::Conn;
use mysql_async::Error;
use mysql_async::prelude::Queryable;

pub(crate) use self::failure::Failure;
use self::file::{File, Transaction};
use self::note::Note;
use crate::lock::Lock;
use crate::plan::Step;
use crate::split::Statement;
use crate::{MigrateError, Options, Progress, Report, journal, session};

/// Called with everything that happens.
pub(crate) type Watcher<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// Who is told what happens.
pub(crate) struct Told<'a> {
    pub(crate) report: &'a mut Report,
    pub(crate) watch: Watcher<'a>,
}

impl File<'_> {
    /// Tells once that the server is about to come to the statement with this index.
    fn tell(&mut self, index: usize, told: &mut Told<'_>) {
        if index < self.told {
            return;
        }
        self.told = index + 1;
        let (file, of) = (self.step.file.name(), self.step.statements.len());
        (told.watch)(Progress::Statement { file, number: index + 1, of, text: self.text(index) });
    }

    /// Tells once that the file is done.
    fn tell_end(&mut self, told: &mut Told<'_>) {
        if !std::mem::replace(&mut self.is_told, true) {
            told.report.push(self.report(), told.watch);
        }
    }
}

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
        told: &mut Told<'_>,
    ) -> Result<(), MigrateError> {
        if steps.is_empty() {
            return Ok(());
        }
        let has_old_rows = !journal::is_empty(self.conn, self.database).await?;
        let (mut last, mut next): (Option<File<'_>>, Option<File<'_>>) = (None, None);
        for (index, step) in steps.iter().enumerate() {
            let new = |step| File::new(self.database, step).with_old_rows(has_old_rows);
            let mut file = next.take().unwrap_or_else(|| new(step));
            next = steps.get(index + 1).map(new);
            let note = self.before_file(last.take(), &mut file, told).await?;
            self.statements(&mut file, 0, Some(note), next.as_mut(), told).await?;
            last = Some(file);
        }
        match last {
            Some(last) => self.end(last, told).await,
            None => Ok(()),
        }
    }

    /// Goes on with a file that an earlier run has begun, from the statement with this index on, counted from 0. `settled`
    /// is one that was found to be done; `again` are those that the session needs again.
    pub(crate) async fn go_on(
        &mut self,
        step: &Step<'_>,
        from: usize,
        settled: Option<usize>,
        again: &[Statement<'_>],
        told: &mut Told<'_>,
    ) -> Result<(), MigrateError> {
        let mut file = File::begun(self.database, step, from, settled);
        self.prepare().await?;
        for statement in again {
            self.conn.query_drop(statement.text).await?;
        }
        file.transaction = Transaction::after_statement(self.conn, false);
        self.statements(&mut file, from, None, None, told).await?;
        self.end(file, told).await
    }

    /// `first`: what is to be noted before the first of them, if that is known. `next` is the file that comes afterwards.
    async fn statements<'f>(
        &mut self,
        file: &mut File<'f>,
        from: usize,
        first: Option<Note>,
        mut next: Option<&mut File<'f>>,
        told: &mut Told<'_>,
    ) -> Result<(), MigrateError> {
        match self.try_statements(file, from, first, next.as_deref_mut(), told).await {
            Ok(()) => Ok(()),
            Err(Failure::NotSent(error)) => {
                // What is open must not stay so; if the connection is gone, it does not.
                if self.prepare().await.is_ok() {
                    let _ = self.settle_neighbours(file, next).await;
                }
                Err(error)
            }
            Err(failure) => Err(self.failed(file, failure, next).await),
        }
    }

    async fn try_statements<'f>(
        &mut self,
        file: &mut File<'f>,
        from: usize,
        mut first: Option<Note>,
        mut next: Option<&mut File<'f>>,
        told: &mut Told<'_>,
    ) -> Result<(), Failure> {
        for index in from..file.step.statements.len() {
            file.tell(index, told);
            let note = match first.take() {
                Some(first) => first,
                None => {
                    let note = self.before_statement(file, index, next.as_deref()).await;
                    note.map_err(Failure::NotSent)?
                }
            };
            let took = self.send(file, index, &note, next.as_deref_mut(), told).await?;
            let is_followed =
                !file.sent.is_empty() || next.as_ref().is_some_and(|next| !next.sent.is_empty());
            let transaction = match is_followed {
                true => Transaction::None,
                false => Transaction::after_statement(self.conn, note.ours),
            };
            file.ended(index, took, transaction);
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
