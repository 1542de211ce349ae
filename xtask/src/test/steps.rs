//! The steps that are one command.

use super::{downstream, galera, report::Outcome};
use crate::{Result, cargo, fuzz, process, tidy, ui::Progress, workspace::Workspace};

/// What the bench measures against: a workspace of its own, which nothing else compiles.
const FLOORS: &str = "xtask/floors/Cargo.toml";

/// The workspace, and what stands outside of it.
pub(super) fn format(progress: &mut Progress) -> Result<Outcome> {
    let services = downstream::SERVICES.map(|(service, _)| downstream::manifest(service));
    // The crates that the services ask for are in no registry yet, and `--all` would look for them.
    let services = services.iter().map(|manifest| vec!["--manifest-path".into(), manifest.to_string_lossy()]);
    let own = [FLOORS, fuzz::MANIFEST].map(|own| vec!["--all".into(), "--manifest-path".into(), own.into()]);
    let workspaces = [vec!["--all".into()]].into_iter().chain(own);
    let mut all = Outcome { success: true, ..Outcome::default() };
    for which in workspaces.chain(services) {
        let which = which.iter().map(AsRef::as_ref);
        let format: Vec<&str> =
            ["fmt"].into_iter().chain(which).chain(["--", "--check", "--color=never"]).collect();
        let one = run(&format, &[], progress)?;
        all.success &= one.success;
        all.output += &one.output;
    }
    Ok(all)
}

pub(super) fn clippy(progress: &mut Progress) -> Result<Outcome> {
    // Not one of all targets, since it is not run with all tests.
    let targets: [&[&str]; 2] = [&["--all-targets"], &["--test", galera::TEST]];
    let mut all = Outcome { success: true, ..Outcome::default() };
    for which in targets {
        let clippy =
            [&["clippy", "--workspace", "--all-features"], which, &["--", "-D", "warnings"]].concat();
        let one = run(&clippy, &[], progress)?;
        all.success &= one.success;
        all.output += &one.output;
    }
    Ok(all)
}

pub(super) fn docs(progress: &mut Progress) -> Result<Outcome> {
    let doc = ["doc", "--workspace", "--all-features", "--no-deps"];
    run(&doc, &[("RUSTDOCFLAGS", "-D warnings")], progress)
}

pub(super) fn tidy(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    let violations = tidy::check(workspace, progress)?;
    Ok(Outcome { success: violations.is_empty(), output: violations.join("\n"), counts: None })
}

/// Compiles [`FLOORS`].
pub(super) fn floors(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    let target = workspace.target.to_string_lossy();
    run(&["check", "--manifest-path", FLOORS, "--locked", "--target-dir", &target], &[], progress)
}

/// Runs cargo; the output is kept for a failure.
fn run(arguments: &[&str], environment: &[(&str, &str)], progress: &mut Progress) -> Result<Outcome> {
    let mut command = cargo::command(arguments);
    command.envs(environment.iter().copied());
    let mut compiled = 0;
    let captured = process::capture(command, |line| {
        compiled += usize::from(line.is_some_and(cargo::is_compilation));
        progress.tick(&cargo::crates(compiled));
    })?;
    Ok(Outcome { success: captured.success, output: captured.output, counts: None })
}
