//! Services of strangers: three programs outside of the workspace, built from the packages and run on a real database.
//!
//! Their manifests ask for the crates as anybody would. That these come from the unpacked packages, since no registry
//! has them yet, is said to cargo on its command line.

use std::{fs, path::PathBuf, process::Command};

use super::{
    counts::Counts,
    packages,
    report::Outcome,
    tests_on::{self, Log},
};
use crate::{
    Result, cargo,
    server::Server,
    ui::{self, Progress},
    workspace::{self, Workspace},
};

/// The folder of each service below `xtask/downstream`, and what it shows.
pub(super) const SERVICES: [(&str, &str); 3] =
    [("pool", "db-pool alone"), ("migrator", "migrator alone"), ("axum", "auth and lookup without actix")];

/// Builds each service from the packages that [`packages::packaged`] has made, and runs its tests on this engine.
pub(super) fn run(workspace: &Workspace, server: &Server, progress: &mut Progress) -> Result<Outcome> {
    let mut all = Outcome { success: true, ..Outcome::default() };
    for (service, shows) in SERVICES {
        let began = std::time::Instant::now();
        let test = command(workspace, service)?;
        let outcome = tests_on::count(test, server, progress, |log: &mut Log, line, progress| {
            let _: Option<Counts> = log.add(line);
            progress.tick(shows);
        })?;
        let counts = outcome.counts.unwrap_or_default();
        let success = outcome.success && counts.convincing();
        let result = if success { "" } else { "  FAILED" };
        progress.line(&format!(
            "{shows:36} {:>4} passed  {}{result}",
            counts.passed,
            ui::seconds(began.elapsed())
        ));
        all.counts = Some(all.counts.unwrap_or_default() + counts);
        if !success {
            all.success = false;
            all.output += &format!("{shows}:\n{}\n", outcome.output.trim_end());
        }
    }
    Ok(all)
}

/// The manifest of one service.
pub(super) fn manifest(service: &str) -> PathBuf {
    workspace::root().join("xtask/downstream").join(service).join("Cargo.toml")
}

/// `cargo test` of one service, with our crates from their packages.
fn command(workspace: &Workspace, service: &str) -> Result<Command> {
    let manifest = manifest(service);
    // Begins with the versions that the workspace is tested with; cargo adds what only the service needs.
    fs::copy(workspace::root().join("Cargo.lock"), manifest.with_extension("lock"))?;
    let mut test = cargo::command(&["test", "--no-fail-fast"]);
    test.arg("--manifest-path").arg(manifest);
    test.arg("--target-dir").arg(workspace.target.join("downstream/target"));
    for package in workspace.published() {
        let place = packages::unpacked(workspace, package);
        test.arg("--config").arg(format!("patch.crates-io.{}.path={place:?}", package.name));
    }
    Ok(test)
}
