//! What each Cargo.toml says.

use std::path::Path;

use super::files::Text;
use crate::workspace::Package;

pub(super) fn violations(package: &Package, root: &Path, files: &[Text]) -> Vec<String> {
    let folder = package.folder.strip_prefix(root).unwrap_or(&package.folder);
    let content =
        |name: &str| files.iter().find(|file| file.path == folder.join(name)).map(|file| &*file.content);
    let mut found = manifest(content("Cargo.toml").unwrap_or_default());
    found.extend(settings(package));
    found.into_iter().map(|violation| format!("{}: {violation}", package.short_name())).collect()
}

/// Only the server knows where settings come from; all others are given theirs.
fn settings(package: &Package) -> Option<String> {
    let config = package.dependencies.iter().any(|dependency| dependency.name == "config");
    (config && package.short_name() != "server").then(|| "only the server may depend on config".to_owned())
}

/// Versions are named once, in the root, and the lints are everybody's.
fn manifest(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut linted = false;
    for (section, entry) in entries(text) {
        let shared = entry.contains("workspace = true");
        linted |= section == "lints" && shared;
        let kind = section.rsplit('.').next().unwrap_or(&section);
        if kind.ends_with("dependencies") && !shared {
            found.push(format!("`{entry}` must say `workspace = true`"));
        }
        if let Some((_, name)) = section.split_once("dependencies.") {
            found.push(format!("the dependency {name} must be one line with `workspace = true`"));
        }
    }
    if !linted {
        found.push("`[lints] workspace = true` is missing".into());
    }
    found
}

/// Each `key = value` with its section. A value may go over several lines until its brackets are closed.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut section = String::new();
    let mut entry = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if entry.is_empty() && line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned();
            continue;
        }
        entry += line;
        if count(&entry, ['[', '{']) == count(&entry, [']', '}']) {
            found.push((section.clone(), std::mem::take(&mut entry)));
        }
    }
    found
}

fn count(text: &str, brackets: [char; 2]) -> usize {
    text.matches(brackets).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    const GOOD: &str = "
[package]
keywords = [\"a\"]
[lints]
workspace = true
[features]
actix = [
  \"dep:actix-web\", # a comment
]
[dependencies]
serde = { workspace = true }
# a comment
tokio = { workspace = true, features = [
  \"full\",
] }
hex.workspace = true
";

    #[test]
    fn a_manifest_that_shares_everything_is_fine() {
        assert_eq!(manifest(GOOD), Vec::<String>::new());
    }

    #[test]
    fn a_version_outside_the_root_is_found_in_every_kind_of_dependencies() {
        for section in
            ["dependencies", "dev-dependencies", "build-dependencies", "target.'cfg(unix)'.dependencies"]
        {
            let found = manifest(&format!("{GOOD}\n[{section}]\nrand = \"0.9\"\n"));
            assert_eq!(found, ["`rand = \"0.9\"` must say `workspace = true`"], "{section}");
        }
        let found = manifest(&format!("{GOOD}\n[dependencies.rand]\nversion = \"0.9\"\n"));
        assert_eq!(found, ["the dependency rand must be one line with `workspace = true`"]);
    }

    #[test]
    fn only_the_server_has_the_crate_config() {
        let config = Dependency { name: "config".into(), ..Dependency::default() };
        let with = |name: &str| {
            settings(&Package { name: name.into(), dependencies: vec![config.clone()], ..Package::default() })
        };
        assert_eq!(with("kseekers-server"), None);
        assert_eq!(with("kseekers-auth").unwrap(), "only the server may depend on config");
    }

    #[test]
    fn a_crate_without_the_common_lints_is_found() {
        let found = manifest(&GOOD.replace("[lints]\nworkspace = true\n", ""));
        assert_eq!(found, ["`[lints] workspace = true` is missing"]);
    }
}
