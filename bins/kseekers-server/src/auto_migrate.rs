//! `auto_migrate`: the server brings its database up to date itself, while it serves already.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Options, Opts, Progress, Readiness};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout_at},
};

/// Between two tries while the database is away.
const PAUSE: Duration = Duration::from_secs(1);

/// What a server says that is about to end.
const SHUTDOWN_IN_PROGRESS: u16 = 1053;

/// Applies what is pending in the background. Dropped, it is cut off.
pub(crate) struct AutoMigrate {
    task: JoinHandle<()>,
    at_work: Arc<AtomicBool>,
}

impl AutoMigrate {
    pub(crate) fn start(opts: Opts, set: MigrationSet, options: Options) -> Self {
        let at_work = Arc::new(AtomicBool::new(false));
        let runner = Runner { opts, set, options, at_work: Arc::clone(&at_work) };
        Self { task: tokio::spawn(runner.run()), at_work }
    }

    /// A run that has begun may go on until `deadline`; one that waits for something ends at once.
    pub(crate) async fn stop(mut self, deadline: Instant) {
        if self.at_work.load(Ordering::SeqCst) && timeout_at(deadline, &mut self.task).await.is_err() {
            tracing::warn!("auto_migrate was cut off; the next run finds out how far it got");
        }
    }
}

impl Drop for AutoMigrate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Runner {
    opts: Opts,
    set: MigrationSet,
    options: Options,
    /// Whether statements are being run.
    at_work: Arc<AtomicBool>,
}

impl Runner {
    async fn run(self) {
        let mut told = String::new();
        loop {
            let done = self.bring_up().await;
            self.at_work.store(false, Ordering::SeqCst);
            match done {
                Ok(readiness) => return tracing::info!("auto_migrate: {readiness}"),
                Err(error) if is_passing(&error) => {
                    let reason = error.to_string();
                    // Each reason once: a database that is away for an hour would fill the log.
                    if reason != told {
                        tracing::warn!("auto_migrate tries again until it can: {reason}");
                        told = reason;
                    }
                    sleep(PAUSE).await;
                }
                Err(error) => return tracing::error!("auto_migrate has failed: {error}"),
            }
        }
    }

    async fn bring_up(&self) -> Result<Readiness, MigrateError> {
        let mut migrator = Migrator::connect_with(self.opts.clone(), self.set.clone(), self.options).await?;
        let before = migrator.status().await?;
        for warning in &before.warnings {
            tracing::warn!("auto_migrate: {warning}");
        }
        if before.readiness.is_ready() {
            migrator.close().await;
            return Ok(before.readiness);
        }
        let ran = migrator.up_with(None, &mut |progress| self.watch(progress)).await;
        // Asked after a refusal too: a newer program may have been at work, whose steps are none of ours.
        let readiness = match migrator.readiness().await {
            Ok(readiness) if readiness.is_ready() => readiness,
            Ok(readiness) => return Err(ran.err().unwrap_or(MigrateError::NotVerified(readiness))),
            Err(error) => return Err(ran.err().unwrap_or(error)),
        };
        migrator.close().await;
        Ok(readiness)
    }

    fn watch(&self, progress: Progress<'_>) {
        match progress {
            Progress::Waiting { .. } => tracing::info!("auto_migrate waits for another runner"),
            Progress::GoingOn { file, done, of } => {
                self.at_work.store(true, Ordering::SeqCst);
                tracing::info!("auto_migrate goes on with {file}: {done} of {of} statements are done");
            }
            Progress::Finished(file) => {
                tracing::info!("auto_migrate: {} applied in {:.2} s", file.file, file.duration.as_secs_f64());
            }
            _ => self.at_work.store(true, Ordering::SeqCst),
        }
    }
}

/// Whether the next try may find what this one did not.
fn is_passing(error: &MigrateError) -> bool {
    match error {
        MigrateError::Connect(_) | MigrateError::ConnectTimeout(_) | MigrateError::Busy { .. } => true,
        MigrateError::Database(source) => is_lost(source),
        MigrateError::Statement { source, .. } => is_lost(source),
        _ => false,
    }
}

fn is_lost(error: &mysql_async::Error) -> bool {
    match error {
        mysql_async::Error::Server(server) => server.code == SHUTDOWN_IN_PROGRESS,
        _ => true,
    }
}
