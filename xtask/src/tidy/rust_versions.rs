//! Which Rust each crate can really be compiled with.
//!
//! That its own sources use nothing newer is checked by clippy (`incompatible_msrv`); here it is what they pull in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::Node;
use crate::{Result, cargo, workspace::Package};

/// The oldest Rust of each crate that says one, by its name and version.
pub(super) type RustVersions = BTreeMap<(String, String), String>;

/// As the crates of this machine's build say it.
pub(super) fn of_everything() -> Result<RustVersions> {
    // Without the filter cargo would fetch the crates of every other platform too.
    let arguments =
        ["metadata", "--all-features", "--format-version", "1", "--filter-platform", "host-tuple"];
    let output = cargo::command(&arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let text = |package: &Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let said = packages.filter_map(|package| {
        let name = (text(package, "name")?, text(package, "version")?);
        Some((name, text(package, "rust_version")?))
    });
    Ok(said.collect())
}

/// The crates of `tree` that want a newer Rust than `package` promises.
pub(super) fn too_new(package: &Package, tree: &[Node], said: &RustVersions) -> Vec<String> {
    let promised = package.rust_version.as_deref().unwrap_or_default();
    let newer = tree.iter().filter_map(|node| {
        let wanted = said.get(&(node.name.clone(), node.version.clone()))?;
        let name = package.short_name();
        (numbers(wanted) > numbers(promised))
            .then(|| format!("{name} promises Rust {promised}, but {wanted} is needed by {}", node.path))
    });
    // One way to each number is enough; whoever raises it meets the rest.
    newer.take(1).collect()
}

/// `1.94.1` as numbers; what is left out is zero.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(promised: &str, wanted: &str) -> Vec<String> {
        let package =
            Package { name: "kseekers-s3".into(), rust_version: Some(promised.into()), ..Package::default() };
        let node = Node { name: "sdk".into(), version: "1.0.0".into(), path: "kseekers-s3 → sdk".into() };
        let said = BTreeMap::from([(("sdk".into(), "1.0.0".into()), wanted.into())]);
        too_new(&package, &[node], &said)
    }

    #[test]
    fn a_dependency_that_wants_a_newer_rust_than_promised_is_found() {
        assert_eq!(
            found("1.94", "1.94.1"),
            ["s3 promises Rust 1.94, but 1.94.1 is needed by kseekers-s3 → sdk"]
        );
        assert_eq!(found("1.89", "1.100").len(), 1);
    }

    #[test]
    fn an_older_or_the_same_rust_is_fine() {
        for wanted in ["1.94.1", "1.94", "1.9", "1.89.0"] {
            assert_eq!(found("1.94.1", wanted), Vec::<String>::new(), "{wanted}");
        }
        assert_eq!(found("1.94", "1.94.0"), Vec::<String>::new());
    }

    #[test]
    fn what_this_workspace_says_is_understood() {
        let said = of_everything().unwrap();
        let actix = said.iter().find(|((name, _), _)| name == "actix-web").unwrap();
        assert!(numbers(actix.1) >= [1, 70, 0], "{actix:?}");
    }
}
