//! Opening a connection, and the settings that every session has.

use std::time::Duration;

use mysql_async::{Opts, OptsBuilder};
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
        .stmt_cache_size(0)
        .setup(vec![session_settings(options.lock_timeout)]);
    #[cfg(feature = "tls")]
    let builder = builder.ssl_opts(options.tls.as_ref().map(crate::Tls::ssl_opts));
    builder.into()
}

/// All settings in one text, so that they cost one round trip.
///
/// The isolation level has no variable that MySQL 8 and MariaDB 10 call by the same name, hence the second statement.
fn session_settings(lock_timeout: Duration) -> String {
    let lock_timeout = lock_timeout.as_secs().max(1);
    format!(
        "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, time_zone = '+00:00', autocommit = 1, \
         sql_mode = 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
         ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         innodb_lock_wait_timeout = {lock_timeout}, lock_wait_timeout = {lock_timeout}; \
         SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
    )
}
