//! The server's own lock, which goes with the connection that holds it.

use std::time::Duration;

use md5::{Digest, Md5};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};

use super::{Holder, ROUND, row};
use crate::run::Watcher;
use crate::session::number;
use crate::{MigrateError, Progress};

/// Takes the lock of this database and returns its name; with it, that of the node if the server is one of a cluster, which
/// is asked for in the same breath.
pub(super) async fn take(
    conn: &mut Conn,
    database: &str,
    within: Duration,
    watch: Watcher<'_>,
) -> Result<(String, Option<String>), MigrateError> {
    let name = lock_name(database);
    let (answer, node) = row::node_and(conn, &get(&name, 0)).await?;
    if is_taken(answer)? {
        return Ok((name, node));
    }
    let mut waited = Duration::ZERO;
    loop {
        let holder = holder(conn, &name).await?;
        let left = within.saturating_sub(waited).as_secs();
        if left == 0 {
            return Err(MigrateError::Busy { holder: Box::new(holder), waited });
        }
        watch(Progress::Waiting { holder: &holder, waited });
        let round = left.min(ROUND.as_secs());
        let answer = conn.query_first(format!("SELECT {}", get(&name, round))).await?;
        if is_taken(number(answer))? {
            return Ok((name, node));
        }
        waited += Duration::from_secs(round);
    }
}

/// A condition that holds while the connection which asks has the lock.
pub(super) fn is_ours(name: &str) -> String {
    format!("IS_USED_LOCK('{name}') <=> CONNECTION_ID()")
}

pub(super) async fn release(conn: &mut Conn, name: &str) -> Result<(), Error> {
    conn.query_drop(format!("SELECT RELEASE_LOCK('{name}')")).await
}

/// Locks are the server's, not the database's, and their names have at most 64 characters; hence the digest. Where
/// letter case does not tell databases apart it must not tell their locks apart either.
fn lock_name(database: &str) -> String {
    format!("kseekers-migrator:{}", hex::encode(Md5::digest(database.to_lowercase())))
}

/// As text: to prepare it would be a round trip more.
fn get(name: &str, seconds: u64) -> String {
    format!("GET_LOCK('{name}', {seconds})")
}

/// NULL is as little a lock as 0 is, and no reason to wait for anybody.
fn is_taken(answer: Option<u64>) -> Result<bool, MigrateError> {
    answer.map(|answer| answer == 1).ok_or(MigrateError::LockRefused)
}

async fn holder(conn: &mut Conn, name: &str) -> Result<Holder, MigrateError> {
    Ok(held(conn, name).await?.unwrap_or_default())
}

/// Who has the lock of this database just now.
pub(super) async fn held_by(conn: &mut Conn, database: &str) -> Result<Option<Holder>, MigrateError> {
    held(conn, &lock_name(database)).await
}

async fn held(conn: &mut Conn, name: &str) -> Result<Option<Holder>, MigrateError> {
    match holder_of(conn, name).await? {
        Some(connection) => Ok(Some(Holder::of_connection(conn, connection).await?)),
        None => Ok(None),
    }
}

/// The connection that has the lock.
pub(super) async fn holder_of(conn: &mut Conn, name: &str) -> Result<Option<u64>, MigrateError> {
    Ok(number(conn.query_first(format!("SELECT IS_USED_LOCK('{name}')")).await?))
}
