//! `cargo xtask test`: every check, on every engine, with one summary at the end.
//!
//! A step that fails does not keep the later ones from running, so that one run tells all that is wrong; only what
//! cannot be compiled is not tested. The commands are chosen so that the crates from outside are compiled few times:
//! the same feature set serves clippy and docs, another all tests.

mod alone;
mod counts;
mod downstream;
mod full;
mod galera;
mod history;
mod lint;
mod packages;
mod report;
mod steps;
mod tests_on;

use std::process::ExitCode;

use crate::{Result, engines, install, server::Server, workspace::Workspace};
use report::Report;

/// `cargo xtask test`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let (full, only) = match arguments {
        [] => (false, arguments),
        [full] if full == "--full" => (true, &[][..]),
        steps if !steps.iter().any(|step| step.starts_with('-')) => (true, steps),
        _ => return Err(format!("test takes [--full | STEP…], not `{}`", arguments.join(" ")).into()),
    };
    let workspace = Workspace::load()?;
    let mut report = Report::of(only)?;
    let on_engines =
        ["tests", "history", "each alone", "galera", "downstream"].into_iter().any(|step| report.wants(step));
    let engines = if on_engines { engines::all(&workspace.target)? } else { Vec::new() };
    if report.wants("tests") {
        install::program("curl", "curl", "The tour in the README")?;
    }
    if ["tests", "each alone"].into_iter().any(|step| report.wants(step))
        && install::on_path("mysql").is_none()
    {
        install::program(
            "mariadb",
            "mariadb-client-core",
            "The migrator's corpus, which the real client runs too,",
        )?;
    }
    report.step("format", "", steps::format);
    report.step("tidy", "", |progress| steps::tidy(&workspace, progress));
    report.step("clippy", "", steps::clippy);
    let packaged = report.step("packages", "", |progress| packages::packaged(&workspace, progress));
    let compiled = tests_on::build(&mut report);
    if let Some(compiled) = compiled {
        for (number, server) in engines.iter().enumerate() {
            report.step("tests", &server.engine, |progress| {
                tests_on::run(server, &compiled, number == 0, progress)
            });
        }
        report.step("lint", "", |progress| lint::run(&workspace, progress));
        for server in &engines {
            report
                .step("history", &server.engine, |progress| history::verified(&workspace, server, progress));
        }
        if let Some(first) = engines.first() {
            report.step("each alone", &first.engine, |progress| alone::run(&workspace, first, progress));
        }
        report.step("docs", "", steps::docs);
        if full {
            full::run(&mut report, &workspace, &engines, packaged);
        }
    } else {
        report.not_run(["tests", "lint", "history", "each alone", "docs"]);
    }
    Ok(end(&report, &engines))
}

fn end(report: &Report, engines: &[Server]) -> ExitCode {
    print!("\n{report}");
    if let [only] = engines {
        println!("\nOnly {} was tested on: `cargo xtask engines` adds a genuine MySQL.", only.engine);
    }
    println!("\n{}", report.verdict());
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
