//! A connection that is held.

use std::{fmt, time::Instant};

use crate::{
    DbError, FromRow, Params, Row,
    error::{Failure, Fate},
    holder::Place,
    methods::statement_methods,
    recycle::{give_up, put_back},
    session::{COMMIT, Pending, Session},
    shared::Permit,
};

/// A connection taken out of the pool; it goes back when dropped.
///
/// Take one where several statements must see the same session; for a single statement the methods of
/// [`DbPool`](crate::DbPool) do, for several that belong together [`transaction`](crate::DbPool::transaction).
///
/// A statement whose future is dropped before it ends takes the connection with it: what is asked on it afterwards is
/// answered with [`DbError::Unavailable`]. With that, or when it is dropped, the server is told to stop the statement.
pub struct Connection {
    /// Empty once the connection has broken.
    held: Option<(Session, Permit)>,
}

impl Connection {
    pub(crate) fn new(session: Session, permit: Permit, place: Place, since: Instant) -> Self {
        session.holder.begin(place, since);
        Self { held: Some((session, permit)) }
    }

    statement_methods!(|self: &mut Self| let connection = self; connection);

    pub(crate) async fn run_query<T: FromRow>(
        &mut self,
        sql: &'static str,
        params: Params,
    ) -> Result<Vec<T>, DbError> {
        let mut rows = Ok(Vec::new());
        self.run(sql, params, |row| {
            // After a row that cannot be read the others are only taken off the wire.
            if let Ok(read) = &mut rows {
                match T::from_row(&mut Row::new(row)) {
                    Ok(value) => read.push(value),
                    Err(error) => rows = Err(error),
                }
            }
        })
        .await?;
        Ok(rows?)
    }

    pub(crate) async fn run_optional<T: FromRow>(
        &mut self,
        sql: &'static str,
        params: Params,
    ) -> Result<Option<T>, DbError> {
        let mut first = None;
        self.run(sql, params, |row| {
            if first.is_none() {
                first = Some(T::from_row(&mut Row::new(row)));
            }
        })
        .await?;
        Ok(first.transpose()?)
    }

    pub(crate) async fn run_execute(&mut self, sql: &'static str, params: Params) -> Result<u64, DbError> {
        self.run(sql, params, drop).await?;
        Ok(self.session()?.conn.affected_rows())
    }

    pub(crate) async fn run_insert(&mut self, sql: &'static str, params: Params) -> Result<u64, DbError> {
        self.run(sql, params, drop).await?;
        Ok(self.session()?.conn.last_insert_id().unwrap_or_default())
    }

    /// MariaDB's bulk command would save round trips, but the driver takes the types of the parameters from the
    /// first rows only, and MySQL has no such command: one by one is right on both.
    pub(crate) async fn run_many(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = impl Into<Params>>,
    ) -> Result<u64, DbError> {
        let own_transaction = !self.session()?.in_transaction;
        if own_transaction {
            self.control("START TRANSACTION").await?;
        }
        let mut matched = 0;
        for row in rows {
            match self.run_execute(sql, row.into()).await {
                Ok(count) => matched += count,
                Err(error) if own_transaction => {
                    self.roll_back().await;
                    return Err(error);
                }
                Err(error) => return Err(error),
            }
        }
        if own_transaction {
            self.commit().await?;
        }
        Ok(matched)
    }

    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), DbError> {
        let result = self.session()?.control(sql).await;
        self.settle(result)
    }

    /// Commits what is open; with [`DbError::OutcomeUnknown`] if the answer never came.
    pub(crate) async fn commit(&mut self) -> Result<(), DbError> {
        if let Err(error) = self.session() {
            self.roll_back().await;
            return Err(error);
        }
        let abandoned = AbandonedCommit;
        let result = self.control(COMMIT).await;
        std::mem::forget(abandoned);
        match result {
            Err(error) => {
                // The connection is gone, and with it the answer; or the server has stopped, who knows how far on.
                let unknown = self.held.is_none() || matches!(error, DbError::StatementTimeout { .. });
                self.roll_back().await;
                if unknown {
                    tracing::warn!(%error, "a COMMIT was not answered");
                    return Err(DbError::OutcomeUnknown);
                }
                Err(error)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Rolls back what is open. If that fails the connection is closed, which rolls back as well.
    pub(crate) async fn roll_back(&mut self) {
        if let Some(session) = self.usable() {
            let result = session.roll_back().await;
            if let Err(error) = self.settle(result) {
                tracing::debug!(%error, "ROLLBACK failed");
            }
        }
    }

    /// Whether what was asked last met a conflict that may be gone when all is done again.
    pub(crate) fn met_conflict(&self) -> bool {
        self.held.as_ref().is_some_and(|(session, _)| session.conflict)
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.held.is_none()
    }

    async fn run(
        &mut self,
        sql: &'static str,
        params: Params,
        each: impl FnMut(mysql_async::Row),
    ) -> Result<(), DbError> {
        let result = self.session()?.execute(sql, params, each).await;
        self.settle(result)
    }

    fn session(&mut self) -> Result<&mut Session, DbError> {
        match self.usable() {
            Some(session) if session.rolled_back => Err(DbError::Deadlock),
            Some(session) => Ok(session),
            None => Err(DbError::Unavailable("this connection has been lost".to_owned())),
        }
    }

    /// None if the connection has broken, or the future of a statement was dropped: what comes next on the wire would
    /// be the answer to that statement.
    fn usable(&mut self) -> Option<&mut Session> {
        if self.held.as_ref().is_some_and(|(session, _)| session.pending != Pending::Nothing) {
            self.let_go();
        }
        self.held.as_mut().map(|(session, _)| session)
    }

    fn let_go(&mut self) {
        if let Some((session, permit)) = self.held.take() {
            give_up(session, permit);
        }
    }

    /// Draws the consequences of a failure for this connection, and for the others if it says something about them.
    fn settle(&mut self, result: Result<(), Failure>) -> Result<(), DbError> {
        let Err(Failure { error, fate }) = result else { return Ok(()) };
        match (fate, &mut self.held) {
            (Fate::Usable, Some((session, _))) => {
                session.rolled_back |= session.in_transaction && error == DbError::Deadlock;
            }
            (Fate::Lost, Some((session, permit))) => {
                permit.shared().lost(session.generation, &error);
                self.let_go();
            }
            (Fate::Broken, _) => self.let_go(),
            (_, None) => {}
        }
        Err(error)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some((session, permit)) = self.held.take() {
            put_back(session, permit);
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.held.as_ref().map(|(session, _)| session.conn.id());
        f.debug_struct("Connection").field("id", &id).finish_non_exhaustive()
    }
}

/// Nobody is left to be told when the future of a COMMIT is dropped, so the log is.
struct AbandonedCommit;

impl Drop for AbandonedCommit {
    fn drop(&mut self) {
        tracing::warn!("a COMMIT was abandoned before its answer; whether it took place is not known");
    }
}
