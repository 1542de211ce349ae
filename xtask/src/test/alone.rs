//! Each crate as somebody takes it: alone, without any feature and with each feature by itself.
//!
//! The workspace's own build proves nothing of this, since there each crate gets the features that its neighbours ask
//! for. Two things are shown for each variant: the library compiles for a user, who does not have what the tests bring
//! along; and its tests pass.

use super::{
    counts::Counts,
    report::Outcome,
    tests_on::{self, Log},
};
use crate::{
    Result, cargo, process,
    server::Server,
    ui::{self, Progress},
    workspace::{Variant, Workspace},
};

pub(super) fn run(workspace: &Workspace, server: &Server, progress: &mut Progress) -> Result<Outcome> {
    let mut all = Outcome { success: true, ..Outcome::default() };
    for variant in workspace.taken_alone().flat_map(|package| package.variants()) {
        let began = std::time::Instant::now();
        let outcome = check(&variant, server, progress)?;
        let counts = outcome.counts.unwrap_or_default();
        let result = if outcome.success { "" } else { "  FAILED" };
        let time = ui::seconds(began.elapsed());
        progress.line(&format!("{:36} {:>4} passed  {time}{result}", variant.title(), counts.passed));
        all.counts = Some(all.counts.unwrap_or_default() + counts);
        if !outcome.success {
            all.success = false;
            all.output += &format!("{} alone:\n{}\n", variant.title(), outcome.output.trim_end());
        }
    }
    // A variant may have no test of its own; all of them together may not.
    all.success &= all.counts.is_some_and(Counts::convincing);
    Ok(all)
}

fn check(variant: &Variant<'_>, server: &Server, progress: &mut Progress) -> Result<Outcome> {
    let mut compile = cargo::command(&["check", "--lib", "--bins"]);
    compile.args(variant.selection());
    let compiled = process::capture(compile, |_| progress.tick(&variant.title()))?;
    if !compiled.success {
        return Ok(Outcome { output: compiled.output, ..Outcome::default() });
    }
    let mut test = cargo::command(&["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    test.args(variant.selection());
    tests_on::count(test, server, progress, |log: &mut Log, line, progress| {
        let _: Option<Counts> = log.add(line);
        progress.tick(&variant.title());
    })
}
