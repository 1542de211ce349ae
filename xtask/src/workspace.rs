//! Where the workspace is and what it consists of, as `cargo metadata` tells it.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{Result, cargo};

/// The folder of the root Cargo.toml.
pub(crate) fn root() -> PathBuf {
    // What was true when this was compiled is not after the checkout has been moved; cargo does not notice that.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let xtask = Path::new(&xtask);
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The workspace's own packages. What they pull in is asked by `cargo tree`, which alone knows the features.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Where cargo builds, and where the private databases and further engines are kept.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Whether it may go to a registry.
    pub(crate) published: bool,
    pub(crate) folder: PathBuf,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) description: Option<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) categories: Vec<String>,
    /// The oldest Rust that it promises to compile with.
    pub(crate) rust_version: Option<String>,
    /// Whether docs.rs is told to show all of it.
    pub(crate) documents_all_features: bool,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Which versions will do: `^1.2`.
    pub(crate) requirement: String,
    /// Used by tests only.
    pub(crate) dev: bool,
    pub(crate) optional: bool,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let output = cargo::command(&["metadata", "--no-deps", "--format-version", "1"]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().into());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        Self::read(&metadata).ok_or_else(|| "cargo metadata has answered in an unknown form".into())
    }

    fn read(metadata: &Value) -> Option<Self> {
        let target = PathBuf::from(metadata.get("target_directory")?.as_str()?);
        let packages =
            metadata.get("packages")?.as_array()?.iter().map(Package::read).collect::<Option<_>>()?;
        Some(Self { target, packages })
    }

    /// What is meant for a registry.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.published)
    }

    /// The crates that are libraries, each usable alone.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_library())
    }

    /// What somebody builds by itself: each library, and the server, of which `cargo xtask migrate` builds the part
    /// without HTTP.
    pub(crate) fn taken_alone(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_library() || package.name == "kseekers-server")
    }
}

impl Package {
    fn read(package: &Value) -> Option<Self> {
        let manifest = PathBuf::from(package.get("manifest_path")?.as_str()?);
        let features = package.get("features")?.as_object()?;
        Some(Self {
            name: package.get("name")?.as_str()?.to_owned(),
            version: package.get("version")?.as_str()?.to_owned(),
            published: package.get("publish")?.as_array().is_none_or(|registries| !registries.is_empty()),
            folder: manifest.parent()?.to_path_buf(),
            features: features.iter().map(|(name, needs)| (name.clone(), texts(needs))).collect(),
            dependencies: package
                .get("dependencies")?
                .as_array()?
                .iter()
                .map(Dependency::read)
                .collect::<Option<_>>()?,
            description: package.get("description")?.as_str().map(str::to_owned),
            keywords: package.get("keywords").map(texts).unwrap_or_default(),
            categories: package.get("categories").map(texts).unwrap_or_default(),
            rust_version: package.get("rust_version")?.as_str().map(str::to_owned),
            documents_all_features: package.pointer("/metadata/docs/rs/all-features")
                == Some(&Value::Bool(true)),
        })
    }

    /// `lookup` of `crates/lookup`.
    pub(crate) fn short_name(&self) -> &str {
        self.name.strip_prefix("kseekers-").unwrap_or(&self.name)
    }

    pub(crate) fn is_library(&self) -> bool {
        self.folder.parent().is_some_and(|parent| parent.ends_with("crates"))
    }

    /// The ways in which this package can be taken: without any feature, and with each one alone.
    pub(crate) fn variants(&self) -> impl Iterator<Item = Variant<'_>> {
        let features = self.features.keys().filter(|feature| *feature != "default");
        std::iter::once(None)
            .chain(features.map(|feature| Some(feature.as_str())))
            .map(|feature| Variant { package: self, feature })
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Option<Self> {
        Some(Self {
            name: dependency.get("name")?.as_str()?.to_owned(),
            requirement: dependency.get("req")?.as_str()?.to_owned(),
            dev: dependency.get("kind")?.as_str() == Some("dev"),
            optional: dependency.get("optional")?.as_bool()?,
        })
    }
}

/// One package with at most one of its features.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) package: &'a Package,
    pub(crate) feature: Option<&'a str>,
}

impl Variant<'_> {
    pub(crate) fn title(&self) -> String {
        match self.feature {
            Some(feature) => format!("{} + {feature}", self.package.short_name()),
            None => self.package.short_name().to_owned(),
        }
    }

    /// What selects this variant on cargo's command line.
    pub(crate) fn selection(&self) -> Vec<&str> {
        let mut selection = vec!["--package", &self.package.name, "--no-default-features"];
        if let Some(feature) = self.feature {
            selection.extend(["--features", feature]);
        }
        selection
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_understood() {
        let workspace = Workspace::load().unwrap();
        let names: Vec<_> = workspace.libraries().map(Package::short_name).collect();
        assert!(names.contains(&"lookup") && names.contains(&"migrator"), "{names:?}");
        assert!(!names.contains(&"server") && !names.contains(&"xtask"), "{names:?}");
        let published: Vec<_> = workspace.published().map(Package::short_name).collect();
        assert!(published.contains(&"lookup") && !published.contains(&"server"), "{published:?}");
        let alone: Vec<_> =
            workspace.taken_alone().flat_map(Package::variants).map(|variant| variant.title()).collect();
        assert!(
            alone.contains(&"server".to_owned()) && alone.contains(&"server + http".to_owned()),
            "{alone:?}"
        );

        let lookup = workspace.packages.iter().find(|package| package.name == "kseekers-lookup").unwrap();
        let variants: Vec<_> = lookup.variants().map(|variant| variant.title()).collect();
        assert_eq!(variants, ["lookup", "lookup + actix", "lookup + mysql"]);
        let pool =
            lookup.dependencies.iter().find(|dependency| dependency.name == "kseekers-db-pool").unwrap();
        assert!(pool.optional && !pool.dev);
        assert!(lookup.documents_all_features && pool.requirement.starts_with('^'), "{pool:?}");
        assert!(lookup.dependencies.iter().any(|dependency| dependency.dev));
    }
}
