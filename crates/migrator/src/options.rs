//! How patient a runner is.

use std::time::Duration;

/// How long to wait for what. All that wait for somebody else are finite: a deployment that hangs tells nobody why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// For the server to accept the connection. 10 s.
    pub connect_timeout: Duration,
    /// For another runner to finish, in whole seconds. 60 s.
    pub lock_timeout: Duration,
    /// On a Galera cluster: for a lock whose holder gives no sign of life, before it is taken over. The same for all runners
    /// of a database, and longer than the cluster needs to exclude a node that is gone. 30 s.
    pub lock_lease: Duration,
    /// For a statement to get its locks on tables and rows, in whole seconds. While a change of a table waits for one
    /// long transaction, everybody else who wants the table waits behind it; hence not long: 5 s.
    pub lock_wait_timeout: Duration,
    /// How often a change of a table, or of rows outside of a transaction of the file, is sent until it gets its locks, with
    /// growing pauses of up to 10 s in between. 10.
    pub lock_wait_attempts: u32,
    /// For a statement of a file to end; then it is stopped, and the run with it. Without a limit, also as zero:
    /// only the author of a migration knows how large the tables are.
    pub statement_timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(60),
            lock_lease: Duration::from_secs(30),
            lock_wait_timeout: Duration::from_secs(5),
            lock_wait_attempts: 10,
            statement_timeout: None,
        }
    }
}

impl Options {
    /// Sets [`Self::connect_timeout`].
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets [`Self::lock_timeout`].
    #[must_use]
    pub fn with_lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// Sets [`Self::lock_lease`].
    #[must_use]
    pub fn with_lock_lease(mut self, lease: Duration) -> Self {
        self.lock_lease = lease;
        self
    }

    /// Sets [`Self::lock_wait_timeout`].
    #[must_use]
    pub fn with_lock_wait_timeout(mut self, timeout: Duration) -> Self {
        self.lock_wait_timeout = timeout;
        self
    }

    /// Sets [`Self::lock_wait_attempts`].
    #[must_use]
    pub fn with_lock_wait_attempts(mut self, attempts: u32) -> Self {
        self.lock_wait_attempts = attempts;
        self
    }

    /// Sets [`Self::statement_timeout`].
    #[must_use]
    pub fn with_statement_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.statement_timeout = timeout;
        self
    }
}
