//! Opening a connection, and the settings that every session has.

use std::{sync::Arc, time::Duration};

use mysql_async::{Conn, Opts, OptsBuilder, prelude::Queryable};
use secrecy::ExposeSecret;

use crate::DbOptions;

/// A server that vanishes without a word is noticed by the operating system after about this time.
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

/// Opens a connection and tells how large a statement may be.
pub(crate) async fn open(opts: Opts, settings: Arc<str>) -> mysql_async::Result<(Conn, usize)> {
    let mut conn = Conn::new(opts).await?;
    let mut max_allowed_packet = usize::MAX;
    let mut answers = conn.query_iter(&*settings).await?;
    while !answers.is_empty() {
        answers
            .for_each(|row| {
                if let Some(Ok(limit)) = row.get_opt(0) {
                    max_allowed_packet = limit;
                }
            })
            .await?;
    }
    drop(answers);
    Ok((conn, max_allowed_packet))
}

/// All settings in one text, so that they cost one round trip; it gives one row with `max_allowed_packet`.
///
/// The isolation level has no variable that MySQL 8 and MariaDB 10 call by the same name, hence the second statement.
pub(crate) fn session_settings(options: &DbOptions) -> Arc<str> {
    let lock_timeout = options.lock_timeout.as_secs().max(1);
    let text = format!(
        "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, time_zone = '+00:00', autocommit = 1, \
         sql_mode = 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
         ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         innodb_lock_wait_timeout = {lock_timeout}, lock_wait_timeout = {lock_timeout}; \
         SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SELECT @@max_allowed_packet"
    );
    text.into()
}
