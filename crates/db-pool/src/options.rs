//! Where the database is and how many connections may go there.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use mysql_async::Opts;
use secrecy::SecretString;

#[cfg(feature = "tls")]
use crate::Tls;
use crate::{DbError, jitter::random_fraction, watch::Watch};

/// What the servers take as the longest limit, about 49 days; longer ones are as good as none.
const LONGEST: Duration = Duration::from_millis(u32::MAX as u64);

/// How to reach the database, and the limits of the pool.
///
/// Every method changes one setting and gives the options back. Nothing is checked before [`DbPool::new`].
///
/// ```
/// use std::time::Duration;
/// use kseekers_db_pool::DbOptions;
///
/// let options = DbOptions::new("127.0.0.1", 3306, "app", "s3cret".into(), "shop")
///     .max_connections(20)
///     .acquire_timeout(Duration::from_secs(2));
/// assert!(!format!("{options:?}").contains("s3cret"));
/// ```
///
/// [`DbPool::new`]: crate::DbPool::new
#[derive(Debug, Clone)]
#[must_use]
pub struct DbOptions {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    pub(crate) database: String,
    pub(crate) socket: Option<PathBuf>,
    pub(crate) max_connections: usize,
    pub(crate) idle_connections: usize,
    pub(crate) max_waiting: usize,
    pub(crate) acquire_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    max_lifetime: Duration,
    pub(crate) check_after: Duration,
    pub(crate) abroad: bool,
    pub(crate) lock_timeout: Duration,
    pub(crate) transaction_attempts: u32,
    statement_timeout: Duration,
    slow_statement: Duration,
    held_warning: Duration,
    echo: bool,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
}

impl DbOptions {
    /// A database over TCP, with at most 10 connections. An IPv6 address is written without brackets.
    pub fn new(
        host: impl Into<String>,
        port: u16,
        user: impl Into<String>,
        password: SecretString,
        database: impl Into<String>,
    ) -> Self {
        Self {
            host: host.into(),
            port,
            user: user.into(),
            password,
            database: database.into(),
            socket: None,
            max_connections: 10,
            idle_connections: 5,
            max_waiting: usize::MAX,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(600),
            max_lifetime: Duration::from_secs(1800),
            check_after: Duration::from_millis(250),
            abroad: false,
            lock_timeout: Duration::from_secs(5),
            transaction_attempts: 4,
            statement_timeout: Duration::from_secs(30),
            slow_statement: Duration::from_secs(1),
            held_warning: Duration::from_secs(30),
            echo: false,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// The same from `mysql://user:password@host:port/database`, special characters percent-encoded.
    ///
    /// # Errors
    /// [`DbError::Options`] if it is no such URL, or carries settings after a `?`: those are methods here.
    pub fn from_url(url: &str) -> Result<Self, DbError> {
        if url.contains('?') {
            return Err(DbError::Options("settings after a `?` in the database URL are not read".into()));
        }
        // The driver's error may quote the URL, and with it the password.
        let opts = Opts::from_url(url).map_err(|_| {
            DbError::Options("not a URL like mysql://user:password@host:port/database".into())
        })?;
        Ok(Self::new(
            opts.ip_or_hostname(),
            opts.tcp_port(),
            opts.user().unwrap_or_default(),
            opts.pass().unwrap_or_default().into(),
            opts.db_name().unwrap_or_default(),
        ))
    }

    /// Connect through this Unix socket instead of host and port.
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.socket = Some(path.into());
        self
    }

    /// No more connections than this are open at once (10).
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = count;
        self
    }

    /// So many unused connections stay open, however long nobody needs them (5). They are opened when they are needed,
    /// or by [`DbPool::open_ahead`](crate::DbPool::open_ahead).
    pub fn idle_connections(mut self, count: usize) -> Self {
        self.idle_connections = count;
        self
    }

    /// So many callers may wait for a connection; one more fails at once with [`DbError::TooManyWaiting`] (no limit).
    ///
    /// When the database has become slow, those at the end of a long line would wait for nothing but their deadline.
    pub fn max_waiting(mut self, count: usize) -> Self {
        self.max_waiting = count;
        self
    }

    /// How long a caller waits for a connection before [`DbError::Timeout`] (5 s). Connecting counts.
    pub fn acquire_timeout(mut self, limit: Duration) -> Self {
        self.acquire_timeout = limit.min(LONGEST);
        self
    }

    /// How long one attempt to connect may take before [`DbError::Unavailable`] (5 s).
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit.min(LONGEST);
        self
    }

    /// Unused connections beyond [`idle_connections`](Self::idle_connections) are closed after this time (10 min).
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// A connection that is older than this is closed when nobody uses it (30 min; zero: never).
    ///
    /// So the pool finds a server that took the place of another, and the memory that a session has gathered is given
    /// back. Each lives up to a tenth shorter, at random, so that they do not all go at once.
    pub fn max_lifetime(mut self, limit: Duration) -> Self {
        self.max_lifetime = limit.min(LONGEST);
        self
    }

    /// When a connection that is opened now shall end.
    pub(crate) fn end_of_life(&self) -> Option<Instant> {
        let life = self.max_lifetime.mul_f64(1.0 - 0.1 * random_fraction());
        (!life.is_zero()).then(|| Instant::now() + life)
    }

    /// How often it has to be looked after the connections.
    pub(crate) fn keeper_interval(&self) -> Duration {
        let life = if self.max_lifetime.is_zero() { Duration::MAX } else { self.max_lifetime };
        let held = self.held_limit().map_or(Duration::MAX, |limit| limit / 4);
        (self.idle_timeout.min(life) / 2).min(held).clamp(Duration::from_millis(50), Duration::from_secs(30))
    }

    /// A connection that was unused for longer than this is asked for a sign of life before it is handed out (250 ms).
    ///
    /// It costs a quiet service one round trip and spares it the failure after a restart of the database; a busy
    /// one never pays it.
    pub fn check_after(mut self, idle: Duration) -> Self {
        self.check_after = idle;
        self
    }

    /// Open each connection in the runtime of the one who needs it, instead of the pool's own (no).
    ///
    /// Where each worker has a runtime of its own, as in actix, this saves a thread's waking for each statement. In exchange
    /// users depend on each other: whoever waits for a connection takes one of his own runtime first, then one of the
    /// pool's, then any; and a worker that computes for a second holds up those who use its connections. Such a
    /// connection breaks when its runtime ends or stands still, also in the hands of somebody in another one: call
    /// [`DbPool::come_home`](crate::DbPool::come_home) before the first of them ends. These runtimes need tokio's network
    /// and its timer (`enable_all`).
    pub fn open_abroad(mut self, yes: bool) -> Self {
        self.abroad = yes;
        self
    }

    /// How long a statement waits for a lock before [`DbError::LockWait`] (5 s, whole seconds, at least one).
    ///
    /// The servers' own defaults are 50 s for rows and up to a year for tables, longer than any request lives.
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = limit;
        self
    }

    /// How often [`DbPool::transaction`](crate::DbPool::transaction) runs its closure at most when it meets a deadlock or
    /// waits too long for a lock (4; 1: never again).
    ///
    /// A closure that waits for a lock each time takes up to this many times [`lock_timeout`](Self::lock_timeout).
    pub fn transaction_attempts(mut self, count: u32) -> Self {
        self.transaction_attempts = count;
        self
    }

    /// How long a statement may take before [`DbError::StatementTimeout`] (30 s; zero: as long as it likes).
    ///
    /// The server stops it then: MariaDB any statement, MySQL only a `SELECT` (one that does nothing but `SLEEP` ends there
    /// as if it were through). If a second later no answer has come, because it was another statement or the network
    /// swallows it, the connection is given up, and the server is told to stop the statement through another one.
    ///
    /// It counts for each statement by itself, from sending to the last row, `COMMIT` too: for that it ends in
    /// [`DbError::OutcomeUnknown`].
    pub fn statement_timeout(mut self, limit: Duration) -> Self {
        self.statement_timeout = limit.min(LONGEST);
        self
    }

    pub(crate) fn statement_limit(&self) -> Option<Duration> {
        unless_zero(self.statement_timeout)
    }

    /// A statement that takes as long as this is logged as a warning (1 s; zero: none).
    ///
    /// The line has the text of the statement and its time in milliseconds (`sql`, `ms`), never its values, and stands in
    /// the `tracing` span of its caller. One that fails or is given up is logged as well.
    pub fn slow_statement(mut self, threshold: Duration) -> Self {
        self.slow_statement = threshold;
        self
    }

    /// A connection that is held as long as this is logged as a warning, once, while it is held (30 s; zero: none).
    ///
    /// The line says how long and which place in the code took it (`ms`, `taken_at`): the call of `acquire`,
    /// `transaction` or a statement. It comes up to a quarter of this time late.
    pub fn held_warning(mut self, after: Duration) -> Self {
        self.held_warning = after;
        self
    }

    pub(crate) fn held_limit(&self) -> Option<Duration> {
        unless_zero(self.held_warning)
    }

    /// Log every statement in the same way, as information (no). `START TRANSACTION` and its like too.
    pub fn echo(mut self, yes: bool) -> Self {
        self.echo = yes;
        self
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch { slow: unless_zero(self.slow_statement), echo: self.echo }
    }

    /// Encrypt the connection. Over a Unix socket this has no effect.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    pub(crate) fn check(&self) -> Result<(), DbError> {
        let refuse = |problem: &'static str| Err(DbError::Options(problem.into()));
        if self.max_connections == 0 || self.max_connections > tokio::sync::Semaphore::MAX_PERMITS {
            return refuse("max_connections must be at least 1");
        }
        if self.transaction_attempts == 0 {
            return refuse("transaction_attempts must be at least 1");
        }
        if self.acquire_timeout.is_zero() || self.connect_timeout.is_zero() || self.idle_timeout.is_zero() {
            return refuse("acquire_timeout, connect_timeout and idle_timeout must be longer than zero");
        }
        if self.socket.as_ref().is_some_and(|path| path.to_str().is_none()) {
            return refuse("the path of the socket must be UTF-8");
        }
        Ok(())
    }
}

fn unless_zero(limit: Duration) -> Option<Duration> {
    (!limit.is_zero()).then_some(limit)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_url_gives_the_same_as_its_parts() {
        let options = DbOptions::from_url("mysql://app:p%40ss@db.example.com:3307/shop").unwrap();
        assert_eq!((options.host.as_str(), options.port), ("db.example.com", 3307));
        assert_eq!((options.user.as_str(), options.password.expose_secret()), ("app", "p@ss"));
        assert_eq!(options.database, "shop");
    }

    #[test]
    fn a_wrong_url_is_refused_without_its_password() {
        for url in
            ["mysql://app:hunter2@", "http://app:hunter2@db/shop", "mysql://app:hunter2@db/shop?pool_max=3"]
        {
            let error = DbOptions::from_url(url).unwrap_err();
            assert!(matches!(error, DbError::Options(_)), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn connections_end_at_different_times_and_never_late() {
        let options = |life| DbOptions::new("db", 3306, "app", "x".into(), "shop").max_lifetime(life);
        let life = Duration::from_secs(1000);
        let (start, some) = (Instant::now(), options(life));
        let ends: Vec<Duration> = (0..10).map(|_| some.end_of_life().unwrap() - start).collect();
        assert!(
            ends.iter().all(|end| *end >= life.mul_f64(0.9) && *end <= life + start.elapsed()),
            "{ends:?}"
        );
        assert!(ends.iter().any(|end| end.abs_diff(ends[0]) > Duration::from_secs(1)), "{ends:?}");
        assert_eq!(options(Duration::ZERO).end_of_life(), None);
    }

    #[test]
    fn impossible_limits_are_refused() {
        let options = || DbOptions::new("db", 3306, "app", "x".into(), "shop");
        assert!(options().check().is_ok());
        assert!(options().max_connections(0).check().is_err());
        assert!(options().transaction_attempts(0).check().is_err());
        assert!(options().acquire_timeout(Duration::ZERO).check().is_err());
    }
}
