//! What takes long or needs more than a first look wants: `cargo xtask test --full`. A new step is a line in [`STEPS`].

use super::{
    downstream, galera, packages,
    report::{Outcome, Report},
    steps,
};
use crate::{Result, cargo, dev, fuzz, process, server::Server, tidy, ui::Progress, workspace::Workspace};

type Step = fn(&Workspace, &mut Progress) -> Result<Outcome>;

const STEPS: &[(&str, Step)] = &[
    ("drag report", drag_report),
    ("docs alone", docs_alone),
    ("floors", steps::floors),
    ("fuzz", fuzz_split),
    ("migrate", migrate_command),
    ("packages built", packages::built),
];

pub(super) fn run(report: &mut Report, workspace: &Workspace, engines: &[Server], packaged: bool) {
    for (name, step) in STEPS {
        report.step(name, "", |progress| step(workspace, progress));
    }
    // Only MariaDB has clusters of this kind in its packages.
    match engines.iter().find(|server| server.family == "mariadb") {
        Some(server) => {
            report.step("galera", &server.engine, |progress| galera::run(server, progress));
        }
        None => report.not_run(["galera"]),
    }
    if !packaged {
        return report.not_run(["downstream"]);
    }
    for server in engines {
        report.step("downstream", &server.engine, |progress| downstream::run(workspace, server, progress));
    }
}

/// How many crates each variant of each library brings into a user's build.
fn drag_report(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    for variant in workspace.libraries().flat_map(|library| library.variants()) {
        let crates = tidy::crates_of(&variant)?;
        progress.line(&format!("{:36} {crates:>4} crates", variant.title()));
    }
    Ok(Outcome { success: true, ..Outcome::default() })
}

fn fuzz_split(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    let fuzzed = fuzz::fuzz("split", 60, workspace, progress)?;
    Ok(Outcome { success: fuzzed.success, output: fuzzed.output, counts: None })
}

/// `cargo xtask migrate` itself, which builds the small program by itself, with what needs no database.
fn migrate_command(_: &Workspace, _: &mut Progress) -> Result<Outcome> {
    // By way of cargo: the steps before have built this program anew, so the one that runs is gone from the disk.
    let mut migrate = cargo::command(&["xtask", "migrate"]);
    migrate.args(dev::NO_ENV_FILE).arg("lint");
    let captured = process::capture(migrate, |_| {})?;
    Ok(Outcome { success: captured.success, output: captured.output, counts: None })
}

/// The documentation of each library as docs.rs builds it: without its neighbours.
fn docs_alone(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    let mut all = Outcome { success: true, ..Outcome::default() };
    for library in workspace.libraries() {
        let mut doc = cargo::command(&["doc", "--no-deps", "--all-features", "--package", &library.name]);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        let captured = process::capture(doc, |_| progress.tick(library.short_name()))?;
        if !captured.success {
            all.success = false;
            all.output += &captured.output;
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_long_step_can_be_chosen_by_its_name() {
        for (step, _) in STEPS {
            assert!(Report::of(&[(*step).to_owned()]).is_ok(), "{step}");
        }
    }
}
