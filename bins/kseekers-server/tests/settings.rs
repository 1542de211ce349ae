//! What a person who configures the server is promised.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "settings/checks.rs"]
mod checks;
#[path = "settings/layers.rs"]
mod layers;
#[path = "settings/values.rs"]
mod values;

use std::path::Path;

use kseekers_server::settings::{Loaded, Settings, SettingsProblems, Sources};

const SECRET: &str = "eJ7yq2Vw0kZr4uXs8Tn1Bm6Hd3Lf9Gp5";

/// Settings from `name=value` pairs of the process environment and the files of a directory.
fn load(directory: &Path, environment: &[(&str, &str)]) -> Result<Loaded<Settings>, SettingsProblems> {
    Settings::load(&sources(directory, environment))
}

fn sources(directory: &Path, environment: &[(&str, &str)]) -> Sources {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
    Sources { directory: directory.to_owned(), environment, ..Sources::default() }
}

/// Development, which needs nothing else, and these.
fn development(environment: &[(&str, &str)]) -> Result<Loaded<Settings>, SettingsProblems> {
    let mut all = vec![("environment", "development")];
    all.extend(environment);
    load(Path::new("nowhere"), &all)
}

/// Production with all it needs, and these.
fn production(environment: &[(&str, &str)]) -> Result<Loaded<Settings>, SettingsProblems> {
    let needed =
        [("secret", SECRET), ("smtp_host", "mail.example.com"), ("smtp_from", "no-reply@example.com")];
    let mut all: Vec<_> =
        needed.into_iter().filter(|(name, _)| environment.iter().all(|(other, _)| other != name)).collect();
    all.extend(environment);
    load(Path::new("nowhere"), &all)
}

/// A directory with an env file.
fn with_file(name: &str, text: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(name), text).unwrap();
    directory
}

fn problems(result: Result<Loaded<Settings>, SettingsProblems>) -> Vec<String> {
    result.map(|loaded| loaded.warnings).unwrap_err().problems.iter().map(ToString::to_string).collect()
}
