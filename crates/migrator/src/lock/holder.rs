//! Who is in the way.

use std::fmt;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row, params};

use crate::shown::beginning;

/// The connection that has a lock, as far as this user may see it: that of the runner at work, or one that a statement has
/// waited for.
///
/// `Display` is a clause without a full stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// Its connection id, as `SHOW PROCESSLIST` shows it. `None` if it has ended meanwhile.
    pub connection: Option<u64>,
    /// The node of the cluster that it works on. `None` also where it is our own.
    pub node: Option<String>,
    /// Its user. `None` where this user may not see it, and for a runner on a cluster.
    pub user: Option<String>,
    /// The address that it connects from. `None` where this user may not see it.
    pub host: Option<String>,
    /// For how long it has been doing what it does now, in whole seconds.
    pub age: Option<Duration>,
    /// The beginning of the statement that it runs; `None` also between two statements.
    pub statement: Option<String>,
}

impl Holder {
    /// What the server shows of this connection; without the privilege PROCESS it shows those of the same user.
    pub(crate) async fn of_connection(conn: &mut Conn, connection: u64) -> Result<Self, Error> {
        let sql =
            format!("SELECT {} FROM information_schema.processlist WHERE id = :connection", Self::COLUMNS);
        let row: Option<Row> = conn.exec_first(sql, params! { connection }).await?;
        let unseen = || Self { connection: Some(connection), ..Self::default() };
        Ok(row.as_ref().map_or_else(unseen, Self::read))
    }

    /// Of `information_schema.processlist`, for [`Self::read`].
    pub(crate) const COLUMNS: &str = "id, user, host, time, info";

    pub(crate) fn read(row: &Row) -> Self {
        let text = |column| row.get_opt::<Option<String>, _>(column).and_then(Result::ok).flatten();
        let count = |column| row.get_opt::<Option<i64>, _>(column).and_then(Result::ok).flatten();
        let count = |column| count(column).and_then(|count| u64::try_from(count).ok());
        Self {
            connection: count(0),
            node: None,
            user: text(1),
            host: text(2),
            age: count(3).map(Duration::from_secs),
            statement: text(4).map(|statement| beginning(&statement)),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(connection) = self.connection else {
            return f.write_str("a connection that has ended meanwhile");
        };
        write!(f, "connection {connection}")?;
        if let Some(node) = &self.node {
            write!(f, " on node {node}")?;
        }
        let Some(host) = &self.host else {
            return f.write_str(" (this user may not see what it does; with the privilege PROCESS it could)");
        };
        match &self.user {
            Some(user) => write!(f, " from {user}@{host}")?,
            None => write!(f, " from {host}")?,
        }
        match (&self.statement, self.age) {
            (Some(statement), Some(age)) => write!(f, ", for {} s at: {statement}", age.as_secs()),
            (Some(statement), None) => write!(f, ", at: {statement}"),
            (None, Some(age)) => write!(f, ", idle for {} s", age.as_secs()),
            (None, None) => Ok(()),
        }
    }
}
