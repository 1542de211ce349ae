//! `cargo xtask fuzz`: libFuzzer on the stable toolchain.
//!
//! cargo-fuzz asks rustc for a sanitizer and so for nightly. What libFuzzer lives on, the coverage, is a pass of LLVM that
//! every rustc has; without `unsafe` of our own there is little for a sanitizer to find.

use std::{
    fs,
    num::NonZeroU64,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    Result, cargo, install,
    process::{self, Captured},
    ui::Progress,
    workspace::{self, Workspace},
};

/// A workspace of its own, which nothing else compiles.
pub(crate) const MANIFEST: &str = "crates/migrator/fuzz/Cargo.toml";
const TARGETS: [&str; 1] = ["split"];
const SECONDS: u64 = 60;

/// Where to begin: texts that have what matters in them.
const SEEDS: [&str; 2] = ["crates/migrator/tests/corpus", "migrations"];

const RUSTFLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// A text of this length that takes so long is a finding, too.
const LIMITS: [&str; 2] = ["-max_len=4096", "-timeout=5"];

/// `cargo xtask fuzz`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let (target, seconds) = read(arguments)?;
    let mut progress = Progress::step(format!("fuzz {target} for {seconds} s"));
    let fuzzed = fuzz(target, seconds, &Workspace::load()?, &mut progress)?;
    progress.finish(if fuzzed.success { "" } else { "FAILED" });
    if !fuzzed.success {
        println!("\n{}", fuzzed.output.trim_end());
    }
    Ok(if fuzzed.success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(arguments: &[String]) -> Result<(&str, u64)> {
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let (target, seconds) = match words.as_slice() {
        [target] => (*target, SECONDS),
        // None at all would mean for ever.
        [target, "--seconds", seconds] => (*target, seconds.parse::<NonZeroU64>()?.get()),
        _ => return Err(format!("fuzz takes one of {TARGETS:?} and --seconds N").into()),
    };
    match TARGETS.contains(&target) {
        true => Ok((target, seconds)),
        false => Err(format!("there is no fuzz target `{target}`, but: {}", TARGETS.join(", ")).into()),
    }
}

/// Builds the target and runs it. What it has found before is tried again first.
pub(crate) fn fuzz(
    target: &str,
    seconds: u64,
    workspace: &Workspace,
    progress: &mut Progress,
) -> Result<Captured> {
    install::program("c++", "g++", "Building libFuzzer")?;
    let folder = workspace.target.join("fuzz");
    // Named, so that build scripts and macros are compiled without coverage.
    let host = host()?;
    let built = build(&host, &folder, progress)?;
    if !built.success {
        return Ok(built);
    }
    let [corpus, findings] = ["corpus", "findings"].map(|kept| folder.join(kept).join(target));
    for kept in [&corpus, &findings] {
        fs::create_dir_all(kept)?;
    }
    let mut command = Command::new(folder.join(host).join("release").join(target));
    command
        .current_dir(workspace::root())
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .args(LIMITS)
        .args(["-verbosity=0", "-print_final_stats=1"])
        .args([&corpus, &findings])
        .args(SEEDS);
    let fuzzed = process::capture(command, |_| progress.tick(""))?;
    if let Some(runs) =
        fuzzed.output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
    {
        progress.line(&format!("{} texts", runs.trim()));
    }
    Ok(fuzzed)
}

fn build(host: &str, folder: &Path, progress: &mut Progress) -> Result<Captured> {
    let mut build = cargo::command(&["build", "--release", "--manifest-path", MANIFEST, "--target", host]);
    build.arg("--target-dir").arg(folder).env("RUSTFLAGS", RUSTFLAGS).env_remove("CARGO_ENCODED_RUSTFLAGS");
    let mut compiled = 0;
    process::capture(build, |line| {
        compiled += usize::from(line.is_some_and(cargo::is_compilation));
        progress.tick(&cargo::crates(compiled));
    })
}

/// The platform that cargo runs on: `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let version = cargo::command(&["-vV"]).output()?;
    let version = String::from_utf8_lossy(&version.stdout);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("cargo does not tell its host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_target_and_the_time_are_read() {
        assert_eq!(read(&arguments(&["split"])).unwrap(), ("split", 60));
        assert_eq!(read(&arguments(&["split", "--seconds", "5"])).unwrap(), ("split", 5));
        for wrong in [
            &[][..],
            &["join"],
            &["split", "--seconds", "0"],
            &["split", "--seconds"],
            &["split", "--seconds", "x"],
            &["--seconds", "5"],
        ] {
            assert!(read(&arguments(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn seeds_and_targets_are_there() {
        let root = workspace::root();
        assert!(SEEDS.iter().all(|seeds| root.join(seeds).is_dir()));
        let targets = root.join(MANIFEST).with_file_name("fuzz_targets");
        assert!(TARGETS.iter().all(|target| targets.join(target).with_extension("rs").is_file()));
        assert!(host().unwrap().contains('-'));
    }
}
