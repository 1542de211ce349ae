//! One connection to the server and what is known about the session behind it.

use std::time::Instant;

use mysql_async::{Conn, DriverError, Result, Row, Statement, consts::StatusFlags, prelude::Queryable};

use crate::{Params, packet, statements::Statements};

pub(crate) struct Session {
    pub(crate) conn: Conn,
    /// Which generation of connections it belongs to, see [`Shared::lost`](crate::shared::Shared::lost).
    pub(crate) generation: u64,
    pub(crate) idle_since: Instant,
    /// A transaction is open, as far as the server has told.
    pub(crate) in_transaction: bool,
    /// The server has rolled the transaction back on its own. What follows would be committed at once.
    pub(crate) rolled_back: bool,
    /// A statement has been sent and its answer was not read to the end.
    pub(crate) busy: bool,
    statements: Statements,
    max_allowed_packet: usize,
}

impl Session {
    pub(crate) fn new(conn: Conn, generation: u64, max_allowed_packet: usize) -> Self {
        Self {
            conn,
            generation,
            idle_since: Instant::now(),
            in_transaction: false,
            rolled_back: false,
            busy: false,
            statements: Statements::default(),
            max_allowed_packet,
        }
    }

    /// Runs a prepared statement and hands each row to `each`.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: Params,
        each: impl FnMut(Row),
    ) -> Result<()> {
        if !packet::fits(&params, self.max_allowed_packet) {
            return Err(DriverError::PacketTooLarge.into());
        }
        self.busy = true;
        let result = self.prepared(sql, params, each).await;
        self.answered(result)
    }

    /// Runs a statement that steers the session and cannot be prepared on every server.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<()> {
        self.busy = true;
        let result = self.conn.query_drop(sql).await;
        self.answered(result)
    }

    /// Ends what is open.
    pub(crate) async fn roll_back(&mut self) -> Result<()> {
        self.control("ROLLBACK").await?;
        self.in_transaction = false;
        self.rolled_back = false;
        Ok(())
    }

    async fn prepared(&mut self, sql: &'static str, params: Params, each: impl FnMut(Row)) -> Result<()> {
        let statement = self.statement(sql).await?;
        self.conn.exec_iter(statement, params).await?.for_each_and_drop(each).await
    }

    async fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement);
        }
        let statement = self.conn.prep(sql).await?;
        if let Some(oldest) = self.statements.insert(sql, statement.clone()) {
            self.conn.close(oldest).await?;
        }
        Ok(statement)
    }

    fn answered(&mut self, result: Result<()>) -> Result<()> {
        self.busy = false;
        if result.is_ok()
            && let Some(ok) = self.conn.last_ok_packet()
        {
            self.in_transaction = ok.status_flags().contains(StatusFlags::SERVER_STATUS_IN_TRANS);
        }
        result
    }
}
