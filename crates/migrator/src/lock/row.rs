//! A lock for a whole cluster, where a named lock is each node's own: two rows of a table that the cluster certifies.
//!
//! The row `holder` is changed before each statement by the connection that runs it, so that a takeover elsewhere and a
//! transaction of the runner exclude each other. The row `heartbeat` is changed by a second connection, which never waits for
//! a transaction of the first.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, Row, Value, params};
use tokio::time::sleep;

use super::heartbeat::{self, Beats, Heartbeat};
use super::{Holder, ROUND, TOO_LARGE};
use crate::ledger::NO_SUCH_TABLE;
use crate::random::random;
use crate::run::Watcher;
use crate::session::{self, number, quoted};
use crate::{MigrateError, Options, Progress};

/// How often somebody who waits looks whether the lock is free.
const LOOK: Duration = Duration::from_millis(500);
const UNKNOWN_VARIABLE: u16 = 1193;
/// Somebody else was faster (1062; 1213 from another node), or the cluster is busy with the change of a table (1205).
const NOT_NOW: [u16; 3] = [1062, 1205, 1213];
/// Reads and writes wait until what was committed on other nodes before is there.
const SYNCHRONISED: &str = "SET SESSION wsrep_sync_wait = 7";

pub(super) struct ClusterLock {
    table: String,
    token: String,
    heartbeat: Heartbeat,
}

/// The number that an expression gives, and the name of the node, if the server is one of a Galera cluster.
pub(super) async fn node_and(conn: &mut Conn, asked: &str) -> Result<(Option<u64>, Option<String>), Error> {
    let both =
        format!("SELECT {asked}, @@GLOBAL.wsrep_on, @@GLOBAL.wsrep_provider, @@GLOBAL.wsrep_node_name");
    match conn.query_first::<(Option<u64>, bool, Option<String>, String), _>(both).await {
        Ok(Some((answer, is_on, provider, node))) => {
            let is_node = is_on && provider.is_some_and(|provider| !matches!(provider.as_str(), "" | "none"));
            Ok((answer, is_node.then_some(node)))
        }
        Ok(None) => Ok((None, None)),
        // Before anything was done.
        Err(Error::Server(error)) if error.code == UNKNOWN_VARIABLE => {
            Ok((number(conn.query_first(format!("SELECT {asked}")).await?), None))
        }
        Err(error) => Err(error),
    }
}

impl ClusterLock {
    /// Takes the lock, or waits until [`Options::lock_timeout`] is over since `begun`. One whose holder gave no sign of life
    /// for a lease, as our own clock has it, is taken over.
    pub(super) async fn take(
        conn: &mut Conn,
        opts: &Opts,
        database: &str,
        options: &Options,
        node: String,
        begun: Instant,
        watch: Watcher<'_>,
    ) -> Result<Self, MigrateError> {
        conn.query_drop(SYNCHRONISED).await?;
        let table = table(database);
        let token = format!("{:016x}{:016x}", random(), random());
        let second = session::connect(opts.clone(), options.connect_timeout).await?;
        let mut last: Option<(Instant, Sight)> = None;
        let mut told = None;
        let taken = loop {
            let sent = Instant::now();
            if insert(conn, &table, &token, &node).await? {
                break sent;
            }
            let sight = look(conn, &table).await?;
            last = match (last.take(), sight) {
                (Some((since, last)), Some(sight)) if last.is_same_beat(&sight) => Some((since, sight)),
                // As young as it can be.
                (_, sight) => sight.map(|sight| (Instant::now(), sight)),
            };
            if let Some((since, sight)) = &last
                && since.elapsed() >= options.lock_lease
                && take_over(conn, &table, sight, &token, &node).await?
            {
                break sent;
            }
            let holder = last.as_ref().map(|(_, sight)| sight.holder.clone()).unwrap_or_default();
            let waited = begun.elapsed();
            if waited >= options.lock_timeout {
                return Err(MigrateError::Busy { holder: Box::new(holder), waited });
            }
            if told.is_none_or(|told: Instant| told.elapsed() >= ROUND) {
                told = Some(Instant::now());
                watch(Progress::Waiting { holder: &holder, waited });
            }
            sleep(LOOK).await;
        };
        let connection = number(conn.query_first("SELECT CONNECTION_ID()").await?);
        let beats = Beats {
            opts: opts.clone(),
            table: table.clone(),
            token: token.clone(),
            node,
            connection: connection.unwrap_or_default(),
            lease: options.lock_lease,
        };
        Ok(Self { table, token, heartbeat: Heartbeat::start(beats, second, taken) })
    }

    /// Fails with the same error as that of the named lock if the row is not ours any more; otherwise nobody can have
    /// taken it over when the transaction commits that this is part of.
    pub(super) fn fence(&self) -> String {
        let Self { table, token, .. } = self;
        format!(
            "UPDATE {table} SET number = number + 1 WHERE part = 'holder' AND token = '{token}'; \
             SELECT {TOO_LARGE} + (ROW_COUNT() <> 1)"
        )
    }

    /// Waits a moment for a heartbeat that is late.
    pub(super) async fn alive(&self) -> Result<(), MigrateError> {
        self.heartbeat.in_time().await
    }

    pub(super) async fn release(self, conn: &mut Conn) -> Result<(), Error> {
        let Self { table, token, heartbeat } = self;
        drop(heartbeat);
        conn.query_drop(format!("DELETE FROM {table} WHERE token = '{token}'")).await
    }
}

/// Who has the lock of the cluster and gives a sign of life while we look. None on a server that stands alone, and for a
/// user who may not see it.
pub(super) async fn held_by(
    conn: &mut Conn,
    database: &str,
    lease: Duration,
) -> Result<Option<Holder>, MigrateError> {
    if node_and(conn, "NULL").await?.1.is_none() {
        return Ok(None);
    }
    let table = table(database);
    let begun = Instant::now();
    let mut first: Option<Sight> = None;
    loop {
        let sight = match look(conn, &table).await {
            Ok(Some(sight)) => sight,
            Ok(None) | Err(Error::Server(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match &first {
            Some(first) if !first.is_same_beat(&sight) => return Ok(Some(sight.holder)),
            Some(_) if begun.elapsed() > heartbeat::pause(lease) * 2 => return Ok(None),
            Some(_) => {}
            None => first = Some(sight),
        }
        sleep(LOOK).await;
    }
}

fn table(database: &str) -> String {
    format!("{}.schema_migrations_lock", quoted(database))
}

/// What somebody who waits has seen.
struct Sight {
    token: String,
    beat: u64,
    holder: Holder,
}

impl Sight {
    fn is_same_beat(&self, later: &Self) -> bool {
        (&self.token, self.beat) == (&later.token, later.beat)
    }
}

/// Whether the lock was free and is ours now.
async fn insert(conn: &mut Conn, table: &str, token: &str, node: &str) -> Result<bool, Error> {
    let sql = format!(
        "INSERT INTO {table} (part, token, number, node, connection, host) VALUES ('holder', :token, 0, NULL, NULL, \
         NULL), ('heartbeat', :token, 0, :node, CONNECTION_ID(), SUBSTRING_INDEX(USER(), '@', -1))"
    );
    let values = params! { token, node };
    let mut inserted = conn.exec_drop(&sql, values.clone()).await;
    if matches!(&inserted, Err(Error::Server(error)) if error.code == NO_SUCH_TABLE) {
        create(conn, table).await?;
        inserted = conn.exec_drop(&sql, values).await;
    }
    Ok(unless_not_now(inserted)?.is_some())
}

async fn create(conn: &mut Conn, table: &str) -> Result<(), Error> {
    conn.query_drop(format!(
        "CREATE TABLE IF NOT EXISTS {table} (part VARCHAR(10) PRIMARY KEY, token CHAR(32) NOT NULL, number BIGINT UNSIGNED \
         NOT NULL, node VARCHAR(255) NULL, connection BIGINT UNSIGNED NULL, host VARCHAR(255) NULL, seconds BIGINT \
         UNSIGNED NULL, statement VARCHAR(255) NULL) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4"
    ))
    .await
}

async fn look(conn: &mut Conn, table: &str) -> Result<Option<Sight>, Error> {
    let sql = format!(
        "SELECT token, number, node, connection, host, seconds, statement FROM {table} WHERE part = 'heartbeat'"
    );
    let row: Option<Row> = unless_not_now(conn.query_first(sql).await)?.flatten();
    Ok(row.and_then(|row| {
        let text = |column| row.get_opt::<Option<String>, _>(column).and_then(Result::ok).flatten();
        let count = |column| row.get_opt::<Option<u64>, _>(column).and_then(Result::ok).flatten();
        let holder = Holder {
            node: text(2),
            connection: count(3),
            user: None,
            host: text(4),
            age: count(5).map(Duration::from_secs),
            statement: text(6),
        };
        Some(Sight { token: text(0)?, beat: count(1)?, holder })
    }))
}

/// Whether the lock is ours now. A heartbeat that comes meanwhile, through whatever node, wins.
async fn take_over(
    conn: &mut Conn,
    table: &str,
    sight: &Sight,
    token: &str,
    node: &str,
) -> Result<bool, Error> {
    let sql = format!(
        "UPDATE {table} SET token = :token, number = 0, node = :node, connection = CONNECTION_ID(), \
         host = SUBSTRING_INDEX(USER(), '@', -1), seconds = NULL, statement = NULL \
         WHERE token = :old AND (part = 'holder' OR number = :beat)"
    );
    let values = params! { token, node, "old" => &sight.token, "beat" => Value::from(sight.beat) };
    conn.query_drop("START TRANSACTION").await?;
    let updated = unless_not_now(conn.exec_drop(&sql, values).await)?;
    if updated.is_some() && conn.affected_rows() == 2 {
        return Ok(unless_not_now(conn.query_drop("COMMIT").await)?.is_some());
    }
    conn.query_drop("ROLLBACK").await?;
    Ok(false)
}

fn unless_not_now<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(Error::Server(error)) if NOT_NOW.contains(&error.code) => Ok(None),
        answer => answer.map(Some),
    }
}
