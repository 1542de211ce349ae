//! The one connection of a runner: its settings and the lock that keeps others out.

use std::time::Duration;

use md5::{Digest, Md5};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Row};
use tokio::time::timeout;

use crate::{MigrateError, Options};

/// The modes that MySQL 8 starts with, so that a file means the same on every server.
const SQL_MODE: &str = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// A connection that is ready for work on this database.
pub(crate) async fn open(opts: Opts, database: &str, options: &Options) -> Result<Conn, MigrateError> {
    let mut conn = connect(opts, options.connect_timeout).await?;
    prepare(&mut conn, database, options).await?;
    // Off by default before MariaDB 10.10: the first TIMESTAMP NOT NULL of a table would then change by itself with
    // every update of its row.
    let explicit = conn.query_first::<Row, _>("SELECT @@explicit_defaults_for_timestamp").await?;
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

/// Gives the session the settings that every file finds. Run again after each file, since a file may change them, or
/// leave a transaction or locked tables behind (a switch of `autocommit` would commit what is open; hence `ROLLBACK`).
pub(crate) async fn prepare(
    conn: &mut Conn,
    database: &str,
    options: &Options,
) -> Result<(), mysql_async::Error> {
    let seconds = options.lock_wait_timeout.as_secs().max(1);
    conn.query_drop(format!(
        "ROLLBACK; UNLOCK TABLES; USE {database}; SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci; \
         SET SESSION sql_mode = '{SQL_MODE}', time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1, \
         unique_checks = 1, lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}",
        database = quoted(database)
    ))
    .await
}

/// A name as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Takes the lock of this database, which the connection then holds until it is released or ends. `waits` is called
/// once with the holder's connection id if it has to be waited for.
pub(crate) async fn lock(
    conn: &mut Conn,
    database: &str,
    within: Duration,
    waits: impl FnOnce(Option<u64>),
) -> Result<(), MigrateError> {
    let name = lock_name(database);
    if get_lock(conn, &name, 0).await? {
        return Ok(());
    }
    waits(lock_holder(conn, &name).await?);
    if get_lock(conn, &name, within.as_secs()).await? {
        return Ok(());
    }
    Err(MigrateError::Busy { holder: lock_holder(conn, &name).await?, waited: within })
}

pub(crate) async fn unlock(conn: &mut Conn, database: &str) -> Result<(), mysql_async::Error> {
    conn.exec_drop("SELECT RELEASE_LOCK(?)", (lock_name(database),)).await
}

/// Locks are the server's, not the database's, and their names have at most 64 characters; hence the digest. Where
/// letter case does not tell databases apart it must not tell their locks apart either.
fn lock_name(database: &str) -> String {
    format!("kseekers-migrator:{}", hex::encode(Md5::digest(database.to_lowercase())))
}

/// NULL (an error, or a thread that was killed) is as little a lock as 0 is.
async fn get_lock(conn: &mut Conn, name: &str, seconds: u64) -> Result<bool, mysql_async::Error> {
    Ok(number(conn.exec_first("SELECT GET_LOCK(?, ?)", (name, seconds)).await?) == Some(1))
}

async fn lock_holder(conn: &mut Conn, name: &str) -> Result<Option<u64>, mysql_async::Error> {
    Ok(number(conn.exec_first("SELECT IS_USED_LOCK(?)", (name,)).await?))
}

fn number(row: Option<Row>) -> Option<u64> {
    row?.get_opt::<Option<u64>, _>(0)?.ok()?
}
