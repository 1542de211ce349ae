//! One connection to the server and what is known about the session behind it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use mysql_async::{
    Conn, DriverError, Error, Result as DriverResult, Row, Statement, consts::StatusFlags, prelude::Queryable,
};
use tokio::{
    runtime::Id,
    time::{error::Elapsed, timeout},
};

use crate::{
    DbError, DbOptions, Params,
    abroad::Passport,
    connect::Opened,
    error::{Failure, Fate, cut_by_server, out_of_statements},
    holder::Holder,
    packet,
    statements::Statements,
    stop::Target,
    watch::Watch,
};

/// How much longer than the statement may take is waited for the server to say that it has stopped it.
const GRACE: Duration = Duration::from_secs(1);

/// A goodbye to the server may take so long before the socket is closed without one.
const FAREWELL: Duration = Duration::from_secs(1);

pub(crate) const COMMIT: &str = "COMMIT";

/// What has been sent and was not answered to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    Nothing,
    Statement,
    /// To stop it would not undo it for certain, so it may come to its end.
    Commit,
}

pub(crate) struct Session {
    pub(crate) conn: Conn,
    /// Which generation of connections it belongs to, see [`Shared::lost`](crate::shared::Shared::lost).
    pub(crate) generation: u64,
    pub(crate) idle_since: Instant,
    end_of_life: Option<Instant>,
    /// A transaction is open, as far as the server has told.
    pub(crate) in_transaction: bool,
    /// The server has rolled the transaction back on its own. What follows would be committed at once.
    pub(crate) rolled_back: bool,
    /// What was asked last met a deadlock or waited too long for a lock.
    pub(crate) conflict: bool,
    pub(crate) pending: Pending,
    pub(crate) holder: Arc<Holder>,
    /// Of one that lives in another runtime than the pool's.
    passport: Option<Passport>,
    target: Option<Target>,
    statements: Statements,
    max_allowed_packet: usize,
    /// After this time nobody waits for an answer any more.
    patience: Option<Duration>,
    watch: Watch,
}

impl Session {
    pub(crate) fn new(
        opened: Opened,
        passport: Option<Passport>,
        generation: u64,
        holder: Arc<Holder>,
        options: &DbOptions,
    ) -> Self {
        let Opened { conn, max_allowed_packet, target } = opened;
        Self {
            conn,
            generation,
            idle_since: Instant::now(),
            end_of_life: options.end_of_life(),
            in_transaction: false,
            rolled_back: false,
            conflict: false,
            pending: Pending::Nothing,
            holder,
            passport,
            target,
            statements: Statements::default(),
            max_allowed_packet,
            patience: options.statement_limit().map(|limit| limit + GRACE),
            watch: options.watch(),
        }
    }

    /// It is not taken out of somebody's hands, but nobody else gets it.
    pub(crate) fn has_lived_long_enough(&self) -> bool {
        self.end_of_life.is_some_and(|end| Instant::now() >= end)
    }

    pub(crate) fn lives_abroad(&self) -> bool {
        self.passport.is_some()
    }

    /// Whether that is another runtime than the pool's, and this one.
    pub(crate) fn lives_in(&self, runtime: Id) -> bool {
        self.passport.as_ref().is_some_and(|passport| passport.runtime() == runtime)
    }

    /// Nobody else may have it: the runtime that it lives in will end.
    pub(crate) fn is_called_home(&self) -> bool {
        self.passport.as_ref().is_some_and(Passport::is_revoked)
    }

    /// Closes the connection, whatever it is in the middle of, and says how another one can name it.
    pub(crate) async fn close(self) -> Option<Target> {
        let Self { conn, passport, target, pending, .. } = self;
        // Before its goodbye the driver reads the rest of a result. Without a deadline, if it is left to itself.
        let patience = if pending == Pending::Statement { Duration::ZERO } else { FAREWELL };
        // After an error, or when that takes too long, the socket is closed all the same.
        let _ = timeout(patience, conn.disconnect()).await;
        // Whoever waits for connections to come home waits for this.
        drop(passport);
        target
    }

    /// Runs a prepared statement and hands each row to `each`.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: Params,
        each: impl FnMut(Row),
    ) -> Result<(), Failure> {
        if !packet::fits(&params, self.max_allowed_packet) {
            return Err(Error::from(DriverError::PacketTooLarge).into());
        }
        self.pending = Pending::Statement;
        let watched = self.watch.start(sql);
        let result = answer_within(self.patience, self.prepared(sql, params, each)).await;
        self.answered(watched.start, result)
    }

    /// Runs a statement that steers the session and cannot be prepared on every server.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), Failure> {
        self.pending = if sql == COMMIT { Pending::Commit } else { Pending::Statement };
        let watched = self.watch.start(sql);
        let result = answer_within(self.patience, self.conn.query_drop(sql)).await;
        self.answered(watched.start, result)
    }

    /// Ends what is open.
    pub(crate) async fn roll_back(&mut self) -> Result<(), Failure> {
        self.control("ROLLBACK").await?;
        self.in_transaction = false;
        self.rolled_back = false;
        Ok(())
    }

    async fn prepared(
        &mut self,
        sql: &'static str,
        params: Params,
        each: impl FnMut(Row),
    ) -> DriverResult<()> {
        let statement = self.statement(sql).await?;
        self.conn.exec_iter(statement, params).await?.for_each_and_drop(each).await
    }

    async fn statement(&mut self, sql: &'static str) -> DriverResult<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement);
        }
        let statement = match self.conn.prep(sql).await {
            Err(error) if out_of_statements(&error) => {
                tracing::warn!(
                    "the server keeps no more prepared statements: raise max_prepared_stmt_count, or lower \
                     max_connections of its users; this connection drops its own and tries again"
                );
                for statement in self.statements.take_all() {
                    self.conn.close(statement).await?;
                }
                self.conn.prep(sql).await?
            }
            result => result?,
        };
        if let Some(oldest) = self.statements.insert(sql, statement.clone()) {
            self.conn.close(oldest).await?;
        }
        Ok(statement)
    }

    fn answered(&mut self, start: Instant, result: Result<DriverResult<()>, Elapsed>) -> Result<(), Failure> {
        let too_long = |fate| Failure { error: DbError::StatementTimeout { after: start.elapsed() }, fate };
        self.conflict = false;
        match result {
            // It stays pending: the answer may still come.
            Err(_elapsed) => return Err(too_long(Fate::Broken)),
            Ok(Err(error)) => {
                self.pending = Pending::Nothing;
                let cut = cut_by_server(&error);
                let failure = if cut { too_long(Fate::Usable) } else { Failure::from(error) };
                self.conflict = matches!(failure.error, DbError::Deadlock | DbError::LockWait);
                return Err(failure);
            }
            Ok(Ok(())) => self.pending = Pending::Nothing,
        }
        if let Some(ok) = self.conn.last_ok_packet() {
            self.in_transaction = ok.status_flags().contains(StatusFlags::SERVER_STATUS_IN_TRANS);
        }
        Ok(())
    }
}

async fn answer_within<T>(patience: Option<Duration>, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    match patience {
        Some(patience) => timeout(patience, work).await,
        None => Ok(work.await),
    }
}
