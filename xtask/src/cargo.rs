//! Calling cargo again, the one that runs us.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{Result, process, ui::Progress, workspace};

/// Cargo in the root of the workspace.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(workspace::root());
    cargo
}

/// What a build has made.
pub(crate) struct Built {
    pub(crate) success: bool,
    /// Cargo's words for a person.
    pub(crate) output: String,
    pub(crate) executables: Vec<Executable>,
}

pub(crate) struct Executable {
    /// The folder of its package, e.g. `lookup`.
    pub(crate) package: String,
    /// The name of the binary or test.
    pub(crate) target: String,
    /// Of a library or binary that is compiled with its unit tests.
    pub(crate) unit_tests: bool,
    pub(crate) path: PathBuf,
}

impl Built {
    pub(crate) fn binary(&self, name: &str) -> Result<&Path> {
        let found = self.executables.iter().find(|executable| executable.target == name);
        Ok(&found.ok_or_else(|| format!("cargo has built no {name}"))?.path)
    }
}

/// Builds and tells what has been made; the progress counts the crates compiled.
pub(crate) fn build(arguments: &[&str], progress: &mut Progress) -> Result<Built> {
    let mut command = command(arguments);
    command.arg("--message-format=json-render-diagnostics");
    let mut executables = Vec::new();
    let mut output = String::new();
    let mut compiled = 0;
    let captured = process::capture(command, |line| {
        match line {
            Some(message) if message.starts_with('{') => executables.extend(executable(message)),
            Some(line) => {
                compiled += usize::from(is_compilation(line));
                output.push_str(line);
                output.push('\n');
            }
            None => {}
        }
        progress.tick(&crates(compiled));
    })?;
    Ok(Built { success: captured.success, output, executables })
}

/// Builds, or fails with what cargo says.
pub(crate) fn build_or_fail(title: &str, arguments: &[&str]) -> Result<Built> {
    let mut progress = Progress::aside(title);
    let built = build(arguments, &mut progress)?;
    progress.finish(if built.success { "" } else { "failed" });
    match built.success {
        true => Ok(built),
        false => Err(built.output.trim_end().into()),
    }
}

/// Whether cargo says with this line that it works on one more crate.
pub(crate) fn is_compilation(line: &str) -> bool {
    let line = line.trim_start();
    ["Compiling ", "Checking ", "Documenting "].iter().any(|verb| line.starts_with(verb))
}

/// `12 crates`, for progress.
pub(crate) fn crates(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 crate".into(),
        _ => format!("{count} crates"),
    }
}

fn executable(message: &str) -> Option<Executable> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = PathBuf::from(message.get("executable")?.as_str()?);
    let package = Path::new(message.get("manifest_path")?.as_str()?).parent()?.file_name()?;
    let target = message.get("target")?;
    let kinds = target.get("kind")?.as_array()?;
    Some(Executable {
        package: package.to_string_lossy().into_owned(),
        target: target.get("name")?.as_str()?.to_owned(),
        unit_tests: kinds.iter().any(|kind| kind == "lib" || kind == "bin"),
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_are_read_from_cargo_messages() {
        let message = r#"{"reason":"compiler-artifact","package_id":"x","manifest_path":"/w/crates/lookup/Cargo.toml",
            "target":{"kind":["test"],"name":"contract"},"executable":"/w/target/debug/deps/contract-12ab"}"#;
        let contract = executable(message).unwrap();
        assert_eq!((contract.package.as_str(), contract.target.as_str()), ("lookup", "contract"));
        assert!(!contract.unit_tests);
        assert!(executable(r#"{"reason":"compiler-artifact","executable":null}"#).is_none());
    }
}
