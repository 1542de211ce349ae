//! What a package pulls in, as `cargo tree` tells it: unlike `cargo metadata`, it knows which features are really on.

use std::collections::BTreeSet;

use crate::{
    Result, cargo,
    workspace::{Package, Variant},
};

/// One crate and the way to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) version: String,
    /// From the root to the crate itself: `kseekers-auth → lettre → rustls`.
    pub(super) path: String,
}

/// The crates that a user of this variant compiles in.
pub(super) fn of(variant: &Variant<'_>) -> Result<Vec<Node>> {
    let mut arguments = variant.selection();
    arguments.extend(["--edges", "normal"]);
    ask(&arguments)
}

/// All that a user of this package may have to compile, build scripts and their crates included.
pub(super) fn of_package(package: &Package) -> Result<Vec<Node>> {
    ask(&["--package", &package.name, "--all-features", "--edges", "normal,build"])
}

/// All that the workspace ever compiles, for tests too.
pub(super) fn of_everything() -> Result<Vec<Node>> {
    ask(&["--workspace", "--all-features", "--edges", "normal,build,dev"])
}

fn ask(arguments: &[&str]) -> Result<Vec<Node>> {
    let mut tree = cargo::command(&["tree", "--prefix", "depth", "--format", " {p}", "--color", "never"]);
    let output = tree.args(arguments).output()?;
    match output.status.success() {
        true => Ok(parse(&String::from_utf8_lossy(&output.stdout))),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().into()),
    }
}

/// Reads lines like `2 rustls v0.23.1 (*)`, each crate once.
fn parse(text: &str) -> Vec<Node> {
    let mut path: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut nodes = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(depth), Some(name), Some(version)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(depth) = depth.parse::<usize>() else { continue };
        path.truncate(depth);
        path.push(name);
        if seen.insert((name, version)) {
            let version = version.trim_start_matches('v').to_owned();
            nodes.push(Node { name: name.to_owned(), version, path: path.join(" → ") });
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crate_is_told_once_with_the_way_to_it() {
        let nodes = parse(
            "0 kseekers-auth v0.1.0 (/somewhere/crates/auth)\n1 lettre v0.11.2\n2 rustls v0.23.1\n3 log v0.4.0\n\
             1 serde v1.0.0\n2 log v0.4.0 (*)\n\n0 xtask v0.0.0\n",
        );
        let paths: Vec<_> = nodes.iter().map(|node| node.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "kseekers-auth",
                "kseekers-auth → lettre",
                "kseekers-auth → lettre → rustls",
                "kseekers-auth → lettre → rustls → log",
                "kseekers-auth → serde",
                "xtask",
            ]
        );
        assert_eq!(nodes[2].version, "0.23.1");
    }
}
