//! How to reach the database, and how much it is asked for.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::choice::DbTls;
use super::reader::Reader;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Database {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Who signs in.
    pub user: String,
    /// May be empty.
    pub password: SecretString,
    /// Name of the database.
    pub name: String,
    /// Connections opened at start and kept open while idle, at most `connections_max`.
    pub connections_idle: usize,
    /// Most connections at a time.
    pub connections_max: usize,
    /// Until a database that does not answer counts as down.
    pub connect_timeout: Duration,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// What else the pool of connections goes by.
    pub limits: DatabaseLimits,
    /// Whether statements are logged.
    pub echo: bool,
    /// `None`: not encrypted.
    pub tls: Option<DatabaseTls>,
}

/// An encrypted connection to the database; the server's certificate is always checked.
#[derive(Debug, Clone)]
pub struct DatabaseTls {
    /// PEM file of the authority to trust; `None`: the public ones.
    pub ca: Option<PathBuf>,
}

impl Database {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let (tls, ca) = (reader.choice::<DbTls>("db_tls"), reader.path("db_tls_ca"));
        if tls == DbTls::Off && ca.is_some() {
            reader.notes.warn("db_tls_ca has no effect while db_tls is off: the connection is not encrypted");
        }
        if let Some(file) = ca.as_ref().filter(|file| tls == DbTls::Required && !file.is_file()) {
            reader.refuse("db_tls_ca", format!("is {}, which is not a file", file.display()));
        }
        let database = Self {
            host: reader.text("db_host"),
            port: reader.number("db_port"),
            user: reader.text("db_user"),
            password: reader.secret("db_password").unwrap_or_default(),
            name: reader.text("mp_database"),
            connections_idle: reader.number("DB_CONN_POOL"),
            connections_max: reader.number("DB_CONN_POOL_MAX"),
            connect_timeout: reader.seconds("db_connect_timeout"),
            acquire_timeout: reader.seconds("db_acquire_timeout"),
            limits: DatabaseLimits::read(reader),
            echo: reader.flag("DB_ECHO"),
            tls: (tls == DbTls::Required).then_some(DatabaseTls { ca }),
        };
        // 0 stands for a number that could not be read, which is told already.
        if database.connections_max > 0 && database.connections_idle > database.connections_max {
            let what = format!(
                "is {}, more than DB_CONN_POOL_MAX ({})",
                database.connections_idle, database.connections_max
            );
            reader.refuse("DB_CONN_POOL", what);
        }
        database
    }
}

/// How long things may take at the database, and how often they are tried. Where zero has a meaning it is "no limit".
#[derive(Debug, Clone)]
pub struct DatabaseLimits {
    /// Requests that may wait for a connection.
    pub max_waiting: usize,
    /// An idle connection beyond the minimum is closed after this time.
    pub idle_timeout: Duration,
    /// A connection is replaced about this time after it was opened.
    pub max_lifetime: Duration,
    /// A connection that was idle for longer is asked for a sign of life before it is used.
    pub check_after: Duration,
    /// How long a statement may take.
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock, in whole seconds.
    pub lock_timeout: Duration,
    /// How often a transaction is tried that meets others.
    pub transaction_attempts: u32,
    /// A statement that takes as long as this is logged.
    pub slow_statement: Duration,
    /// A connection that is held as long as this is logged.
    pub held_warning: Duration,
}

impl DatabaseLimits {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            max_waiting: reader.number("db_max_waiting"),
            idle_timeout: reader.seconds("db_idle_timeout"),
            max_lifetime: reader.seconds("db_max_lifetime"),
            check_after: reader.seconds("db_check_after"),
            statement_timeout: reader.seconds("db_statement_timeout"),
            lock_timeout: reader.whole_seconds("db_lock_timeout"),
            transaction_attempts: reader.number("db_transaction_attempts"),
            slow_statement: reader.seconds("db_slow_statement"),
            held_warning: reader.seconds("db_held_warning"),
        }
    }
}
