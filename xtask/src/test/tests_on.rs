//! The whole workspace's tests on one engine.

use std::{collections::BTreeMap, ffi::OsString, path::Path, process::Command};

use super::{
    counts::Counts,
    report::{Outcome, Report},
};
use crate::{Result, cargo, process, server::Server, ui::Progress};

const TESTS: [&str; 3] = ["test", "--workspace", "--all-features"];

/// Which test each executable is, for a person: `lookup contract`.
pub(super) struct Compiled(BTreeMap<OsString, String>);

/// Compiles every test, or reports why that cannot be.
pub(super) fn build(report: &mut Report) -> Option<Compiled> {
    let mut names = BTreeMap::new();
    report
        .step("build", "", |progress| {
            let mut arguments = TESTS.to_vec();
            arguments.push("--no-run");
            let built = cargo::build(&arguments, progress)?;
            names = built.executables.iter().filter_map(name).collect();
            Ok(Outcome { success: built.success, output: built.output, counts: None })
        })
        .then_some(Compiled(names))
}

fn name(executable: &cargo::Executable) -> Option<(OsString, String)> {
    let what = if executable.unit_tests { "unit tests" } else { &executable.target };
    Some((executable.path.file_name()?.to_owned(), format!("{} {what}", executable.package)))
}

/// Runs them. The examples in the documentation do not depend on the engine and are run on the first one only.
pub(super) fn run(
    server: &Server,
    compiled: &Compiled,
    with_docs: bool,
    progress: &mut Progress,
) -> Result<Outcome> {
    let mut command = cargo::command(&TESTS);
    command.arg("--no-fail-fast");
    if !with_docs {
        command.args(["--lib", "--bins", "--tests"]);
    }
    let mut outcome =
        count(command, server, progress, |log, line, progress| log.read(line, &compiled.0, progress))?;
    outcome.success &= outcome.counts.is_some_and(Counts::convincing);
    Ok(outcome)
}

/// Runs tests on this engine and counts them.
pub(super) fn count(
    mut command: Command,
    server: &Server,
    progress: &mut Progress,
    mut read: impl FnMut(&mut Log, &str, &mut Progress),
) -> Result<Outcome> {
    command.env("KSEEKERS_MYSQLD", &server.binary).env("CARGO_TERM_COLOR", "never");
    let mut log = Log::default();
    let captured = process::capture(command, |line| match line {
        Some(line) => read(&mut log, line, progress),
        None => progress.tick(""),
    })?;
    Ok(Outcome {
        success: captured.success && log.counts.failed == 0,
        output: without_successes(&captured.output),
        counts: Some(log.counts),
    })
}

/// All that was said but the hundreds of lines on tests that passed.
fn without_successes(output: &str) -> String {
    let passed = |line: &str| line.starts_with("test ") && line.ends_with(" ... ok");
    output.lines().filter(|line| !passed(line)).collect::<Vec<_>>().join("\n")
}

/// What the test runner has said so far.
#[derive(Default)]
pub(super) struct Log {
    pub(super) counts: Counts,
    /// The executable that runs.
    running: String,
}

impl Log {
    fn read(&mut self, line: &str, names: &BTreeMap<OsString, String>, progress: &mut Progress) {
        if let Some(running) = running(line, names) {
            self.running = running;
        }
        if let Some(counts) = self.add(line) {
            let time = line.rsplit_once("finished in ").map_or("", |(_, time)| time);
            // Most crates have binaries and documents without tests; a line for each would bury the others.
            if counts != Counts::default() {
                let failed =
                    if counts.failed > 0 { format!(", {} FAILED", counts.failed) } else { String::new() };
                progress.line(&format!("{:36} {:>4} passed{failed}  {time}", self.running, counts.passed));
            }
        }
    }

    pub(super) fn add(&mut self, line: &str) -> Option<Counts> {
        let counts = Counts::parse(line)?;
        self.counts = self.counts + counts;
        Some(counts)
    }
}

/// Reads `Running tests/contract.rs (target/debug/deps/contract-12ab)` and `Doc-tests kseekers_lookup`.
fn running(line: &str, names: &BTreeMap<OsString, String>) -> Option<String> {
    let line = line.trim_start();
    if let Some(library) = line.strip_prefix("Doc-tests ") {
        let library = library.strip_prefix("kseekers_").unwrap_or(library).replace('_', "-");
        return Some(format!("{library} documentation"));
    }
    let (source, path) = line.strip_prefix("Running ")?.trim_end_matches(')').split_once(" (")?;
    let name = names.get(Path::new(path).file_name()?);
    Some(name.cloned().unwrap_or_else(|| source.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_headings_are_told_as_names() {
        let names = BTreeMap::from([("contract-12ab".into(), "lookup contract".to_owned())]);
        let known = running("     Running tests/contract.rs (target/debug/deps/contract-12ab)", &names);
        assert_eq!(known.unwrap(), "lookup contract");
        let unknown = running("     Running unittests src/lib.rs (target/debug/deps/x-34cd)", &names);
        assert_eq!(unknown.unwrap(), "unittests src/lib.rs");
        assert_eq!(running("   Doc-tests kseekers_db_pool", &names).unwrap(), "db-pool documentation");
        assert_eq!(running("test a_test ... ok", &names), None);
    }

    #[test]
    fn what_failed_is_not_buried_under_what_passed() {
        let output = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nwhy";
        assert_eq!(without_successes(output), "running 2 tests\ntest b ... FAILED\n\nwhy");
    }

    #[test]
    fn counts_of_all_executables_are_summed() {
        let mut log = Log::default();
        log.add(
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        log.add("test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        assert_eq!(log.counts, Counts { passed: 4, failed: 2, ignored: 1 });
    }
}
