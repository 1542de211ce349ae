//! The operations on one database.

use std::fmt;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use tokio::time::timeout;

use crate::check::compare;
use crate::lock::Lock;
use crate::plan;
use crate::run::{Failure, Runner, Told, Watcher};
use crate::{
    Direction, FileReport, LedgerRow, MigrateError, MigrationSet, Options, Plan, Progress, Readiness, Report,
    SqlFile, State, Status, Version, adopt, changes, ledger, session,
};

/// For the lock to be given back.
const FAREWELL: Duration = Duration::from_secs(5);

/// Brings one database up or down along one history, over a connection of its own.
///
/// Drop it, or better [`close`](Self::close) it, when done. A future that is dropped half way leaves the file that was
/// being run marked as unfinished, as a crash does; and the answer that nobody waited for would be taken for that to the
/// next question, so make a new `Migrator` then.
pub struct Migrator {
    pub(crate) conn: Conn,
    /// For connections beside the one.
    pub(crate) opts: Opts,
    pub(crate) database: String,
    pub(crate) set: MigrationSet,
    pub(crate) options: Options,
    /// Whether the session was told that it may only read.
    reads_only: bool,
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The connection's own output would show the password.
        f.debug_struct("Migrator")
            .field("database", &self.database)
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}

impl Migrator {
    /// Connects with the usual [`Options`].
    ///
    /// # Errors
    /// As [`Self::connect_with`].
    pub async fn connect(opts: impl Into<Opts>, set: MigrationSet) -> Result<Self, MigrateError> {
        Self::connect_with(opts, set, Options::default()).await
    }

    /// Connects to the database that the connection options name. Nothing is changed yet.
    ///
    /// # Errors
    /// [`MigrateError::NoDatabase`], [`MigrateError::Connect`] and [`MigrateError::ConnectTimeout`].
    pub async fn connect_with(
        opts: impl Into<Opts>,
        set: MigrationSet,
        options: Options,
    ) -> Result<Self, MigrateError> {
        let opts = opts.into();
        let database = opts.db_name().ok_or(MigrateError::NoDatabase)?.to_owned();
        let conn = session::open(opts.clone(), &options).await?;
        Ok(Self { conn, opts, database, set, options, reads_only: false })
    }

    /// The history that this migrator works on.
    pub fn set(&self) -> &MigrationSet {
        &self.set
    }

    /// What is applied, pending or wrong. Reads only, takes no lock, and needs no more than SELECT on the ledger.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn status(&mut self) -> Result<Status, MigrateError> {
        let mut ledger = self.ledger().await?;
        let mut runner = None;
        let is_unfinished = |row: &LedgerRow| row.state != ledger::DONE;
        if ledger.iter().flatten().any(is_unfinished) {
            runner = Lock::held_by(&mut self.conn, &self.database, &self.options).await?;
            if runner.is_none() {
                // It may have come to its end since the ledger was read.
                ledger = self.ledger().await?;
            }
        }
        let mut status = Status { runner, ..Status::new(&self.set, ledger.as_deref()) };
        let foreign = status.lines.iter_mut().filter_map(|line| match &mut line.state {
            State::NotOurs(mismatch) => Some(mismatch),
            _ => None,
        });
        let foreign = foreign.collect();
        let ledger = ledger.as_deref().unwrap_or_default();
        changes::complete(&mut self.conn, &self.database, &self.set, ledger, foreign).await;
        Ok(status)
    }

    /// The short form of [`Self::status`]: one SELECT.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn readiness(&mut self) -> Result<Readiness, MigrateError> {
        let ledger = self.ledger().await?;
        Ok(self.set.readiness(ledger.as_deref()))
    }

    /// What [`Self::up`] or [`Self::down`] would do. Reads only, in a session that can do no more until something is to be
    /// changed, takes no lock, and needs no more than SELECT on the ledger.
    ///
    /// # Errors
    /// As those before they run the first file, and a database that cannot be read.
    pub async fn plan(
        &mut self,
        direction: Direction,
        target: Option<Version>,
    ) -> Result<Plan<'_>, MigrateError> {
        self.conn.query_drop("SET SESSION TRANSACTION READ ONLY").await?;
        self.reads_only = true;
        let ledger = self.ledger().await?.unwrap_or_default();
        let Self { conn, database, set, .. } = self;
        let planned = match direction {
            Direction::Up => set.plan_up(&ledger, target),
            Direction::Down => set.plan_down(&ledger, target),
        };
        match planned {
            Ok(plan) => Ok(plan),
            Err(error) => Err(changes::explain(conn, database, set, &ledger, error).await),
        }
    }

    /// Applies what is pending, up to and including `target` or to the end.
    ///
    /// # Errors
    /// The plan is refused ([`MigrateError::NotOurs`], [`Dirty`](MigrateError::Dirty),
    /// [`OutOfOrder`](MigrateError::OutOfOrder), [`UnknownTarget`](MigrateError::UnknownTarget), a file that cannot be
    /// used): nothing was changed. Another runner is at work ([`MigrateError::Busy`]). A file failed
    /// ([`MigrateError::Statement`], [`OpenTransaction`](MigrateError::OpenTransaction)): the files before it are
    /// applied and the error says what is with this one. The connection was lost ([`MigrateError::Database`]).
    pub async fn up(&mut self, target: Option<Version>) -> Result<Report, MigrateError> {
        self.up_with(target, &mut |_| {}).await
    }

    /// [`Self::up`], telling `watch` each thing that happens.
    ///
    /// # Errors
    /// As [`Self::up`].
    pub async fn up_with(
        &mut self,
        target: Option<Version>,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Report, MigrateError> {
        self.run(Direction::Up, target, watch).await
    }

    /// Takes back, the last first, what is applied above `target`, which itself stays; without a target everything that
    /// was not in the database before ([`Origin::Baseline`](crate::Origin::Baseline),
    /// [`Adopted`](crate::Origin::Adopted)). Where nothing is left but what was [adopted](Self::adopt), the other system
    /// gets its ledger back.
    ///
    /// # Errors
    /// As [`Self::up`], and [`MigrateError::Irreversible`] and [`BelowFloor`](MigrateError::BelowFloor) before anything
    /// was changed.
    pub async fn down(&mut self, target: Option<Version>) -> Result<Report, MigrateError> {
        self.down_with(target, &mut |_| {}).await
    }

    /// [`Self::down`], telling `watch` each thing that happens.
    ///
    /// # Errors
    /// As [`Self::down`].
    pub async fn down_with(
        &mut self,
        target: Option<Version>,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Report, MigrateError> {
        let lock = self.lock(watch).await?;
        let ran = self.down_locked(&lock, target, watch).await;
        self.unlock(lock, ran).await
    }

    /// Runs SQL files that are no part of the history, such as sample data. Nothing remembers that they were run, so
    /// they should do no harm when run again.
    ///
    /// # Errors
    /// A file that cannot be used (before any is run), or that failed; [`MigrateError::Busy`].
    pub async fn load(
        &mut self,
        files: &[SqlFile],
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Report, MigrateError> {
        let files: Vec<_> = files
            .iter()
            .map(|file| Ok((file.name(), file.statements()?)))
            .collect::<Result<_, MigrateError>>()?;
        let lock = self.lock(watch).await?;
        let loaded = self.load_locked(&lock, &files, watch).await;
        self.unlock(lock, loaded).await
    }

    async fn load_locked(
        &mut self,
        lock: &Lock,
        files: &[(&str, Vec<crate::Statement<'_>>)],
        watch: Watcher<'_>,
    ) -> Result<Report, MigrateError> {
        let mut report = Report::default();
        for (file, statements) in files {
            let begun = Instant::now();
            let mut runner = self.runner(lock);
            let ran = runner.load(file, statements, watch).await;
            let usable = match ran {
                // It would wait for ever.
                Err(Failure::Unreachable(..)) => Ok(()),
                _ => runner.prepare().await,
            };
            ran.map_err(|failure| {
                failure.explain(file, statements, "Mend the file, then load it again.".to_owned())
            })?;
            usable?;
            let (file, statements) = ((*file).to_owned(), statements.len());
            report.push(FileReport { file, version: None, statements, duration: begun.elapsed() }, watch);
        }
        Ok(report)
    }

    /// Ends the connection in good order.
    pub async fn close(self) {
        session::close(self.conn).await;
    }

    async fn run(
        &mut self,
        direction: Direction,
        target: Option<Version>,
        watch: Watcher<'_>,
    ) -> Result<Report, MigrateError> {
        let lock = self.lock(watch).await?;
        let ran = self.run_locked(&lock, direction, target, watch).await;
        self.unlock(lock, ran).await
    }

    async fn down_locked(
        &mut self,
        lock: &Lock,
        target: Option<Version>,
        watch: Watcher<'_>,
    ) -> Result<Report, MigrateError> {
        if let Some(table) = adopt::finish_giving_back(&mut self.conn).await? {
            return Ok(Report { given_back: Some(table), ..Report::default() });
        }
        let mut report = self.run_locked(lock, Direction::Down, target, watch).await?;
        report.given_back = adopt::give_back(&mut self.conn, lock).await?;
        if report.given_back.is_some() {
            report.version = None;
        }
        Ok(report)
    }

    async fn run_locked(
        &mut self,
        lock: &Lock,
        direction: Direction,
        target: Option<Version>,
        watch: Watcher<'_>,
    ) -> Result<Report, MigrateError> {
        plan::known(&self.set, target)?;
        let mut report = Report::default();
        let mut told = Told { report: &mut report, watch };
        let ledger = self.finish_begun(lock, &mut told).await?;
        let Self { conn, database, set, options, .. } = self;
        let rows = ledger.as_deref().unwrap_or_default();
        let found = compare(set, rows);
        let warnings = found.warnings();
        let planned = match direction {
            Direction::Up => plan::up(set, found, rows, target),
            Direction::Down => plan::down(set, found, target),
        };
        let steps = match planned {
            Ok(steps) => steps,
            Err(error) => return Err(changes::explain(conn, database, set, rows, error).await),
        };
        if !steps.is_empty() {
            ledger::prepare(conn, ledger.is_some()).await?;
        }
        Runner { conn, lock, database, options }.steps(&steps, &mut told).await?;
        report.found(rows, warnings, &steps);
        Ok(report)
    }

    fn runner<'a>(&'a mut self, lock: &'a Lock) -> Runner<'a> {
        let Self { conn, database, options, .. } = self;
        Runner { conn, lock, database, options }
    }

    async fn ledger(&mut self) -> Result<Option<Vec<LedgerRow>>, MigrateError> {
        ledger::read(&mut self.conn).await
    }

    /// For whoever changes something.
    pub(crate) async fn lock(&mut self, watch: Watcher<'_>) -> Result<Lock, MigrateError> {
        if self.reads_only {
            self.conn.query_drop("SET SESSION TRANSACTION READ WRITE").await?;
            self.reads_only = false;
        }
        Lock::take(&mut self.conn, &self.opts, &self.database, &self.options, watch).await
    }

    /// What was done stays done, and an error that was first is the one to tell: a lock that cannot be given back goes with
    /// the connection.
    pub(crate) async fn unlock<T>(
        &mut self,
        lock: Lock,
        ran: Result<T, MigrateError>,
    ) -> Result<T, MigrateError> {
        let _ = timeout(FAREWELL, lock.release(&mut self.conn)).await;
        ran
    }
}
