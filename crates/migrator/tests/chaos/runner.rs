//! The process that is killed.

use std::io::Write as _;
use std::process::ExitCode;

use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Opts, Progress};

/// Says each statement before it is sent, so that it can be met there, and with which files it goes on.
pub(crate) async fn run(direction: &str, url: &str, folder: &str) -> ExitCode {
    match migrate(direction, url, folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn migrate(direction: &str, url: &str, folder: &str) -> Result<(), MigrateError> {
    let opts = Opts::from_url(url).unwrap();
    let mut migrator = Migrator::connect(opts, MigrationSet::from_dir(folder)?).await?;
    let mut watch = |progress: Progress<'_>| {
        let line = match progress {
            Progress::Statement { file, number, of, .. } => format!("{STATEMENT}{file} {number}/{of}"),
            Progress::GoingOn { file, done, of } => format!("{GOING_ON}{file} {done}/{of}"),
            _ => return,
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
    };
    match direction {
        "up" => migrator.up_with(None, &mut watch).await?,
        _ => migrator.down_with(None, &mut watch).await?,
    };
    migrator.close().await;
    Ok(())
}

/// How a line begins that names a statement.
pub(crate) const STATEMENT: &str = "at ";
/// How a line begins that names a file with which the run goes on.
pub(crate) const GOING_ON: &str = "going on with ";
