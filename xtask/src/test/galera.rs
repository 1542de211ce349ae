//! The migrator on a cluster of three nodes, which its test starts and ends.

use super::{
    counts::Counts,
    report::Outcome,
    tests_on::{self, Log},
};
use crate::{Result, cargo, install, server::Server, ui::Progress};

/// No test of the usual run: it takes minutes, and needs [`PACKAGE`].
pub(super) const TEST: &str = "galera";
const PACKAGE: &str = "galera-4";
const PROVIDER: &str = "/usr/lib/galera/libgalera_smm.so";

pub(super) fn run(server: &Server, progress: &mut Progress) -> Result<Outcome> {
    install::file(PROVIDER, PACKAGE, "The test of the migrator on a cluster")?;
    let test = cargo::command(&["test", "--workspace", "--all-features", "--test", TEST]);
    let mut outcome = tests_on::count(test, server, progress, |log: &mut Log, line, progress| {
        let _: Option<Counts> = log.add(line);
        progress.tick("three nodes");
    })?;
    outcome.success &= outcome.counts.is_some_and(Counts::convincing);
    Ok(outcome)
}
