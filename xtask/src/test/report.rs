//! What ran, on which engine, how long, with which result.

use std::{fmt, time::Duration};

use super::counts::Counts;
use crate::{
    Result,
    ui::{self, Progress},
};

/// Every step there is.
const STEPS: &[&str] = &[
    "format",
    "tidy",
    "clippy",
    "packages",
    "build",
    "tests",
    "lint",
    "history",
    "each alone",
    "docs",
    "drag report",
    "docs alone",
    "floors",
    "fuzz",
    "migrate",
    "packages built",
    "galera",
    "downstream",
];

/// How one step ended.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) success: bool,
    /// Shown in full when the step has failed.
    pub(super) output: String,
    pub(super) counts: Option<Counts>,
}

/// All steps so far.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<Row>,
    /// The steps that were asked for; none means all.
    only: Vec<String>,
}

struct Row {
    step: String,
    engine: String,
    took: Option<Duration>,
    counts: Option<Counts>,
    success: bool,
}

impl Report {
    /// Of the steps with these names and what they build upon, or of all if there are none.
    ///
    /// # Errors
    /// If one of them is no step.
    pub(super) fn of(only: &[String]) -> Result<Self> {
        if let Some(unknown) = only.iter().find(|only| !STEPS.contains(&only.as_str())) {
            return Err(format!("there is no step `{unknown}`, but: {}", STEPS.join(", ")).into());
        }
        let mut only = only.to_vec();
        // The services are built from the packages, which would be those of an earlier run.
        if only.iter().any(|step| step == "downstream") {
            only.push("packages".into());
        }
        Ok(Self { rows: Vec::new(), only })
    }

    pub(super) fn wants(&self, step: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == step)
    }

    /// Runs one step and tells how it ended. One that was not asked for stands in nobody's way.
    pub(super) fn step(
        &mut self,
        step: &str,
        engine: &str,
        work: impl FnOnce(&mut Progress) -> Result<Outcome>,
    ) -> bool {
        if !self.wants(step) {
            return true;
        }
        let title = if engine.is_empty() { step.to_owned() } else { format!("{step} on {engine}") };
        let mut progress = Progress::step(title);
        let outcome = work(&mut progress)
            .unwrap_or_else(|error| Outcome { output: error.to_string(), ..Outcome::default() });
        let took = progress.finish(if outcome.success { "" } else { "FAILED" });
        if !outcome.success {
            println!("\n{}\n", outcome.output.trim_end());
        }
        let Outcome { success, counts, .. } = outcome;
        self.rows.push(Row { step: step.into(), engine: engine.into(), took: Some(took), counts, success });
        success
    }

    /// Steps that an earlier failure has made impossible.
    pub(super) fn not_run<const N: usize>(&mut self, steps: [&str; N]) {
        for step in steps {
            if !self.wants(step) {
                continue;
            }
            self.rows.push(Row {
                step: step.into(),
                engine: String::new(),
                took: None,
                counts: None,
                success: false,
            });
        }
    }

    /// Every step was fine, and tests were among them, unless other steps were asked for.
    pub(super) fn passed(&self) -> bool {
        let tested = self.counts().convincing();
        let asked_for = !self.only.is_empty() && !self.rows.is_empty();
        self.rows.iter().all(|row| row.success) && (tested || asked_for)
    }

    fn counts(&self) -> Counts {
        self.rows.iter().filter_map(|row| row.counts).sum()
    }

    /// The last lines: what failed, and the sums of the test runner's counts.
    pub(super) fn verdict(&self) -> String {
        let Counts { passed, failed, ignored } = self.counts();
        let mut verdict = String::new();
        if !self.passed() {
            let steps: Vec<_> = self.rows.iter().filter(|row| !row.success).map(Row::title).collect();
            verdict = match steps.is_empty() {
                true => "failed: no test was run\n".into(),
                false => format!("failed: {}\n", steps.join(", ")),
            };
        }
        let result = if self.passed() { "ok" } else { "FAILED" };
        verdict += &format!("test result: {result}. {passed} passed; {failed} failed; {ignored} ignored\n");
        verdict + &format!("{passed} passed, {failed} failed")
    }
}

impl Row {
    fn title(&self) -> String {
        format!("{} {}", self.step, self.engine).trim_end().to_owned()
    }

    fn result(&self) -> &'static str {
        match (self.success, self.took) {
            (true, _) => "ok",
            (false, Some(_)) => "FAILED",
            (false, None) => "not run",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, cells: [&str; 7]| {
            let [step, engine, time, passed, failed, ignored, result] = cells;
            writeln!(f, "{step:14} {engine:18} {time:>12} {passed:>8} {failed:>8} {ignored:>8}   {result}")
        };
        line(f, ["step", "engine", "time", "passed", "failed", "ignored", "result"])?;
        for row in &self.rows {
            let time = row.took.map(ui::seconds).unwrap_or_default();
            let count =
                |of: fn(Counts) -> u64| row.counts.map(|counts| of(counts).to_string()).unwrap_or_default();
            let counts = [count(|c| c.passed), count(|c| c.failed), count(|c| c.ignored)];
            let [passed, failed, ignored] = &counts;
            line(f, [&row.step, &row.engine, &time, passed, failed, ignored, row.result()])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(step: &str, success: bool, passed: u64, failed: u64) -> Row {
        let counts = (passed + failed > 0).then_some(Counts { passed, failed, ignored: 0 });
        Row { step: step.into(), engine: "MySQL 9.7.4".into(), took: Some(Duration::ZERO), counts, success }
    }

    fn report(rows: Vec<Row>) -> Report {
        Report { rows, only: Vec::new() }
    }

    #[test]
    fn only_the_steps_that_were_asked_for_are_run() {
        let mut one = Report::of(&["packages".into()]).unwrap();
        assert!(one.step("docs", "", |_| Ok(Outcome::default())));
        assert!(!one.passed(), "nothing was run");
        one.step("packages", "", |_| Ok(Outcome { success: true, ..Outcome::default() }));
        assert!(one.passed());
        one.step("packages", "", |_| Ok(Outcome::default()));
        assert!(!one.passed());
    }

    #[test]
    fn a_name_that_is_no_step_is_refused_beside_one_that_is() {
        let refused = Report::of(&["packages".into(), "downstraem".into()]).err().unwrap().to_string();
        assert!(refused.starts_with("there is no step `downstraem`, but: format, tidy"), "{refused}");
    }

    #[test]
    fn downstream_services_are_never_built_from_packages_of_an_earlier_run() {
        assert!(Report::of(&["downstream".into()]).unwrap().wants("packages"));
        assert!(!Report::of(&["docs".into()]).unwrap().wants("packages"));
    }

    #[test]
    fn the_last_line_sums_the_runners_counts() {
        let report =
            report(vec![row("tests", true, 3, 0), row("tests", true, 4, 0), row("docs", true, 0, 0)]);
        assert!(report.passed());
        assert_eq!(report.verdict(), "test result: ok. 7 passed; 0 failed; 0 ignored\n7 passed, 0 failed");
    }

    #[test]
    fn one_failed_step_fails_the_run_and_is_named() {
        let report = report(vec![row("clippy", false, 0, 0), row("tests", true, 4, 0)]);
        assert!(!report.passed());
        let verdict = report.verdict();
        assert!(
            verdict.starts_with("failed: clippy MySQL 9.7.4\ntest result: FAILED. 4 passed"),
            "{verdict}"
        );
    }

    #[test]
    fn a_run_without_any_test_fails() {
        let report = report(vec![row("clippy", true, 0, 0)]);
        assert!(!report.passed());
        assert!(report.verdict().contains("no test was run"));
    }

    #[test]
    fn what_could_not_run_is_shown_and_fails_the_run() {
        let mut report = report(vec![row("tests", true, 4, 0)]);
        report.not_run(["docs"]);
        assert!(!report.passed());
        assert!(report.to_string().contains("not run"));
    }
}
