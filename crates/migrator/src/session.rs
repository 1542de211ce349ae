//! The one connection of a runner and its settings.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Row};
use tokio::time::timeout;

use crate::{MigrateError, Options};

/// The modes that MySQL 8 starts with, so that a file means the same on every server.
pub(crate) const SQL_MODE: &str = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// How a new database keeps texts.
pub(crate) const CHARACTER_SET: &str = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

/// A connection that is ready for work on this database.
pub(crate) async fn open(opts: Opts, options: &Options) -> Result<Conn, MigrateError> {
    let mut conn = connect(opts, options.connect_timeout).await?;
    // Off by default before MariaDB 10.10: the first TIMESTAMP NOT NULL of a table would then change by itself with
    // every update of its row.
    let explicit = "SELECT @@explicit_defaults_for_timestamp";
    let session = of_a_new_session(options).join("; ");
    let explicit = conn.query_first(format!("{explicit}; {session}")).await?;
    if number(explicit) == Some(0) {
        conn.query_drop("SET SESSION explicit_defaults_for_timestamp = 1").await?;
    }
    Ok(conn)
}

/// Ends a connection in good order. Whether the farewell reached the server changes nothing for anybody.
pub(crate) async fn close(conn: Conn) {
    let _ = timeout(Duration::from_secs(1), conn.disconnect()).await;
}

pub(crate) async fn connect(opts: Opts, within: Duration) -> Result<Conn, MigrateError> {
    match timeout(within, Conn::new(opts)).await {
        Ok(connected) => connected.map_err(MigrateError::Connect),
        Err(_) => Err(MigrateError::ConnectTimeout(within)),
    }
}

/// Gives the session the settings that every file finds.
pub(crate) async fn prepare(
    conn: &mut Conn,
    database: &str,
    options: &Options,
) -> Result<(), mysql_async::Error> {
    conn.query_drop(preparation(database, options).join("; ")).await
}

/// Sets what decides how a statement is understood; programs, views and events keep it of the session that makes them.
pub(crate) fn language() -> String {
    format!("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, sql_mode = '{SQL_MODE}', time_zone = '+00:00'")
}

/// The SQL of it for a session that has done nothing yet, in the database that the connection's options name.
fn of_a_new_session(options: &Options) -> [String; 2] {
    ["SET SESSION TRANSACTION READ WRITE".to_owned(), settings(options)]
}

/// The SQL of it. Run again after each file, since a file may change the settings, or leave a transaction or locked
/// tables behind (a switch of `autocommit` would commit what is open; hence `ROLLBACK`).
pub(crate) fn preparation(database: &str, options: &Options) -> Vec<String> {
    let from_file = ["ROLLBACK".to_owned(), "UNLOCK TABLES".to_owned(), format!("USE {}", quoted(database))];
    from_file.into_iter().chain(of_a_new_session(options)).collect()
}

/// The last statement of [`preparation`], which sets back what even a trigger can set.
pub(crate) fn settings(options: &Options) -> String {
    let seconds = options.lock_wait_timeout.as_secs().max(1);
    format!(
        "{}, autocommit = 1, foreign_key_checks = 1, unique_checks = 1, lock_wait_timeout = {seconds}, \
         innodb_lock_wait_timeout = {seconds}",
        language()
    )
}

/// A name as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The number in the first column.
pub(crate) fn number(row: Option<Row>) -> Option<u64> {
    row?.get_opt::<Option<u64>, _>(0)?.ok()?
}
