//! Opening a connection, and the settings that every session has.

use std::{sync::Arc, time::Duration};

use mysql_async::{Conn, Opts, OptsBuilder, prelude::Queryable};
use secrecy::ExposeSecret;

use crate::{
    DbOptions,
    stop::{SERVER, Target},
};

/// An idle connection is probed this often, so that no firewall forgets it. Neither this nor TCP itself notices in
/// reasonable time that the other side has vanished: the deadlines of statements do.
const KEEPALIVE: Duration = Duration::from_secs(60);

pub(crate) fn driver_opts(options: &DbOptions) -> Opts {
    let password = options.password.expose_secret();
    let builder = OptsBuilder::default()
        .ip_or_hostname(options.host.clone())
        .tcp_port(options.port)
        .socket(options.socket.as_ref().and_then(|path| path.to_str()))
        // The driver's default leaves 127.0.0.1 for a socket whose path the server tells: wrong in containers.
        .prefer_socket(false)
        .user(Some(options.user.clone()))
        .pass(Some(password).filter(|password| !password.is_empty()))
        .db_name(Some(options.database.clone()).filter(|name| !name.is_empty()))
        .tcp_keepalive(Some(KEEPALIVE))
        // Zero rows must mean that no row matched, not that the row was the same already.
        .client_found_rows(true)
        // Sessions keep their own statements, see `statements.rs`.
        .stmt_cache_size(0);
    #[cfg(feature = "tls")]
    let builder = builder.ssl_opts(options.tls.as_ref().map(crate::Tls::ssl_opts));
    builder.into()
}

/// A connection that was opened, and what the server has told about it.
pub(crate) struct Opened {
    pub(crate) conn: Conn,
    /// How large a statement may be.
    pub(crate) max_allowed_packet: usize,
    /// `None` if nobody else can find it.
    pub(crate) target: Option<Target>,
}

pub(crate) async fn open(opts: Opts, settings: Arc<str>) -> mysql_async::Result<Opened> {
    let mut conn = Conn::new(opts).await?;
    let mut told = None;
    let mut answers = conn.query_iter(&*settings).await?;
    while !answers.is_empty() {
        answers.for_each(|row| told = Some(row)).await?;
    }
    drop(answers);
    let max_allowed_packet = told.as_ref().and_then(|row| row.get_opt(0)?.ok()).unwrap_or(usize::MAX);
    let target = told.and_then(|row| Target::new(&conn, row.get_opt(1)?.ok()?, row.get_opt(2)?.ok()?));
    Ok(Opened { conn, max_allowed_packet, target })
}

/// All settings in one text, so that they cost one round trip; it gives one row, which [`open`] reads.
///
/// The isolation level has no variable that MySQL 8 and MariaDB 10 call by the same name, hence the second statement.
pub(crate) fn session_settings(options: &DbOptions) -> Arc<str> {
    let lock_timeout = options.lock_timeout.as_secs().max(1);
    let statement_limit = options.statement_limit().map(server_limit).unwrap_or_default();
    let text = format!(
        "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, time_zone = '+00:00', autocommit = 1, \
         sql_mode = 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
         ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         innodb_lock_wait_timeout = {lock_timeout}, lock_wait_timeout = {lock_timeout}{statement_limit}; \
         SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SELECT @@max_allowed_packet, CONNECTION_ID(), {SERVER}"
    );
    text.into()
}

/// Has the server stop what takes longer: MySQL a `SELECT`, MariaDB any statement.
///
/// Each server has its own variable and unit, and reads only its own kind of comment: MariaDB leaves out those for
/// MySQL 5.7, MySQL those with an M.
fn server_limit(limit: Duration) -> String {
    // For both servers zero is no limit.
    let millis = limit.as_millis().max(1);
    let (seconds, rest) = (millis / 1000, millis % 1000);
    format!(
        " /*!50708 , max_execution_time = {millis} */ /*M!100101 , max_statement_time = {seconds}.{rest:03} */"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_limit_does_not_become_none() {
        let text = server_limit(Duration::from_nanos(1));
        assert!(
            text.contains("max_execution_time = 1 ") && text.contains("max_statement_time = 0.001 "),
            "{text}"
        );
    }
}
