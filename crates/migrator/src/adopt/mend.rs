//! Puts right what our keys need and the other system did not.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row, Value};

use super::handover::{check, isolated};
use super::report::Mended;
use crate::MigrateError;
use crate::lock::Lock;

/// Something to put right in a database before it is ours. Nothing of it is run where there is nothing to put right.
#[derive(Debug, Clone, Copy)]
pub struct Mend<'a> {
    /// What is done, as a clause that follows a number: `columns that stand in their grid twice are moved to …`.
    pub what: &'a str,
    /// A query of one number: how many things there are to put right.
    pub count: &'a str,
    /// A query of one text for each of them, where a person should see each.
    pub list: Option<&'a str>,
    /// Changes of tables, run first. Each commits, so each must do no harm when run again.
    pub tables: &'a [&'a str],
    /// Changes of rows. They are one transaction, during which nobody else changes what they have read. What is deleted
    /// should be named by what was copied before, not by asking the same question twice.
    pub rows: &'a [&'a str],
}

/// The first column of each row, NULL and what is no text too.
pub(super) async fn texts(conn: &mut Conn, sql: &str) -> Result<Vec<String>, Error> {
    let text = |row: &Row| match row.as_ref(0) {
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => "NULL".to_owned(),
    };
    Ok(conn.query::<Row, _>(sql).await?.iter().map(text).collect())
}

impl Mend<'_> {
    /// What there is to put right; `None` if nothing is.
    pub(super) async fn look(&self, conn: &mut Conn) -> Result<Option<Mended>, Error> {
        let count: Option<Option<u64>> = conn.query_first(self.count).await?;
        let count = count.flatten().unwrap_or_default();
        if count == 0 {
            return Ok(None);
        }
        let items = match self.list {
            Some(list) => texts(conn, list).await?,
            None => Vec::new(),
        };
        Ok(Some(Mended { what: self.what.to_owned(), count, items }))
    }

    pub(super) async fn apply(&self, conn: &mut Conn, lock: &Lock) -> Result<(), MigrateError> {
        let stopped =
            |source: Error| MigrateError::Mend { what: self.what.to_owned(), source: Box::new(source) };
        // Looked at again: the mends before may have done it, or made it necessary.
        if self.look(conn).await.map_err(stopped)?.is_none() {
            return Ok(());
        }
        for statement in self.tables {
            check(conn, lock).await?;
            conn.query_drop(*statement).await.map_err(stopped)?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        check(conn, lock).await?;
        let mut transaction = conn.start_transaction(isolated()).await.map_err(stopped)?;
        for statement in self.rows {
            transaction.query_drop(*statement).await.map_err(stopped)?;
        }
        transaction.commit().await.map_err(stopped)
    }
}
