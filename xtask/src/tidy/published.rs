//! What crates.io, docs.rs and whoever finds a crate there expect of it.

use std::path::Path;

use super::files::Text;
use crate::workspace::Package;

/// What crates.io takes: <https://crates.io/category_slugs>, as far as it could be about us.
const CATEGORIES: [&str; 12] = [
    "asynchronous",
    "authentication",
    "caching",
    "command-line-utilities",
    "database",
    "database-implementations",
    "development-tools",
    "development-tools::testing",
    "encoding",
    "filesystem",
    "web-programming",
    "web-programming::http-server",
];

/// The most keywords, and the most categories, that crates.io takes.
const MOST: usize = 5;
/// The longest keyword that it takes.
const LONGEST: usize = 20;

/// The README is the front page of the documentation.
const README_IS_DOCS: &str = "#![doc = include_str!(\"../README.md\")]";

pub(super) fn violations(package: &Package, all: &[Package], root: &Path, files: &[Text]) -> Vec<String> {
    if !package.published {
        return Vec::new();
    }
    let folder = package.folder.strip_prefix(root).unwrap_or(&package.folder);
    let content = |name: &str| {
        files.iter().find(|file| file.path == folder.join(name)).map_or("", |file| file.content.trim())
    };
    let mut found = presentation(package, content);
    found.extend(terms(package));
    found.extend(versions(package, all));
    found.into_iter().map(|violation| format!("{}: {violation}", package.short_name())).collect()
}

fn presentation<'a>(package: &Package, content: impl Fn(&str) -> &'a str) -> Vec<String> {
    let mut missing = Vec::new();
    missing.extend(["README.md", "CHANGELOG.md"].into_iter().filter(|name| content(name).is_empty()));
    if package.description.as_deref().unwrap_or_default().is_empty() {
        missing.push("description");
    }
    if package.rust_version.is_none() {
        missing.push("rust-version");
    }
    if !package.features.is_empty() && !package.documents_all_features {
        missing.push("`all-features = true` for docs.rs");
    }
    if !content("src/lib.rs").starts_with(README_IS_DOCS) {
        missing.push("README.md as the documentation of src/lib.rs");
    }
    if !content("README.md").lines().any(is_example) {
        missing.push("example in README.md that is run");
    }
    if !content("CHANGELOG.md").contains(&format!("\n## {}", package.version)) {
        missing.push("heading for its version in CHANGELOG.md");
    }
    missing.into_iter().map(|what| format!("it has no {what}")).collect()
}

/// The first line of a block that rustdoc compiles and runs.
fn is_example(line: &str) -> bool {
    line.strip_prefix("```").is_some_and(|kind| ["rust", "should_panic"].contains(&kind))
}

/// What people search for.
fn terms(package: &Package) -> Vec<String> {
    let mut found = Vec::new();
    for (what, terms) in [("keywords", &package.keywords), ("categories", &package.categories)] {
        if !(1..=MOST).contains(&terms.len()) {
            found.push(format!("1 to {MOST} {what} are taken, not {}", terms.len()));
        }
    }
    let bad = package.keywords.iter().filter(|keyword| !is_keyword(keyword));
    found.extend(bad.map(|keyword| format!("`{keyword}` is no keyword for crates.io")));
    let unknown = package.categories.iter().filter(|category| !CATEGORIES.contains(&category.as_str()));
    found.extend(unknown.map(|category| format!("`{category}` is no category of crates.io that we know")));
    found
}

fn is_keyword(keyword: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-+".contains(c);
    keyword.len() <= LONGEST
        && keyword.starts_with(|c: char| c.is_ascii_alphabetic())
        && keyword.chars().all(known)
}

/// A crate asks for the versions of its neighbours that it was built and tested with. An older one may lack what it uses.
fn versions(package: &Package, all: &[Package]) -> Vec<String> {
    let ours = package.dependencies.iter().filter_map(|dependency| {
        let neighbour = all.iter().find(|neighbour| neighbour.name == dependency.name)?;
        Some((dependency, neighbour))
    });
    ours.filter_map(|(dependency, neighbour)| {
        let (name, version) = (neighbour.short_name(), &neighbour.version);
        if !neighbour.published {
            // Cargo leaves tests' dependencies without a version out of a package.
            return (!dependency.dev || dependency.requirement != "*")
                .then(|| format!("{name} is not published: only tests may need it, by its path alone"));
        }
        (dependency.requirement != format!("^{version}"))
            .then(|| format!("it asks for {name} {}, which is at {version}", dependency.requirement))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn complete() -> Package {
        Package {
            name: "kseekers-lookup".into(),
            version: "0.1.0".into(),
            published: true,
            description: Some("Does it".into()),
            keywords: vec!["reference-data".into()],
            categories: vec!["web-programming".into()],
            rust_version: Some("1.89".into()),
            ..Package::default()
        }
    }

    fn content(name: &str) -> &'static str {
        match name {
            "README.md" => "# It\n```rust\nassert!(true);\n```",
            "CHANGELOG.md" => "# Changelog\n\n## 0.1.0 (unreleased)\n- It.",
            "src/lib.rs" => "#![doc = include_str!(\"../README.md\")]\n\nmod it;",
            _ => "",
        }
    }

    fn presented(name: &str, text: &'static str) -> Vec<String> {
        presentation(&complete(), |asked| if asked == name { text } else { content(asked) })
    }

    #[test]
    fn a_complete_package_is_fine() {
        assert_eq!(presentation(&complete(), content), Vec::<String>::new());
        assert_eq!(terms(&complete()), Vec::<String>::new());
    }

    #[test]
    fn a_package_without_its_files_is_found() {
        assert_eq!(
            presented("CHANGELOG.md", "# Changelog\n\n## 0.0.9"),
            ["it has no heading for its version in CHANGELOG.md"]
        );
        assert_eq!(
            presented("README.md", "# It\n```no_run\nf();\n```\n```rust,no_run\nf();\n```"),
            ["it has no example in README.md that is run"]
        );
        assert_eq!(
            presented("src/lib.rs", "//! It."),
            ["it has no README.md as the documentation of src/lib.rs"]
        );
    }

    #[test]
    fn a_manifest_that_says_too_little_is_found() {
        let mut silent = Package { description: None, rust_version: None, ..complete() };
        silent.features.insert("mysql".into(), Vec::new());
        assert_eq!(
            presentation(&silent, content),
            [
                "it has no description",
                "it has no rust-version",
                "it has no `all-features = true` for docs.rs"
            ]
        );
    }

    #[test]
    fn what_crates_io_would_refuse_is_found() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let refused = Package {
            keywords: words(&["a", "b", "c", "d", "e", "Has Blanks", "longer-than-it-may-be"]),
            categories: words(&["dropdowns"]),
            ..complete()
        };
        assert_eq!(
            terms(&refused),
            [
                "1 to 5 keywords are taken, not 7",
                "`Has Blanks` is no keyword for crates.io",
                "`longer-than-it-may-be` is no keyword for crates.io",
                "`dropdowns` is no category of crates.io that we know",
            ]
        );
    }

    #[test]
    fn a_neighbour_is_asked_for_in_the_version_that_it_has() {
        let envelope = Package { name: "kseekers-envelope".into(), version: "0.1.3".into(), ..complete() };
        let local = Package { name: "local-s3".into(), published: false, ..complete() };
        let all = [envelope, local];
        let asks = |name: &str, requirement: &str, dev| {
            let dependency =
                Dependency { name: name.into(), requirement: requirement.into(), dev, optional: false };
            versions(&Package { dependencies: vec![dependency], ..complete() }, &all)
        };
        assert!(asks("kseekers-envelope", "^0.1.3", false).is_empty());
        assert_eq!(
            asks("kseekers-envelope", "^0.1.0", true),
            ["it asks for envelope ^0.1.0, which is at 0.1.3"]
        );
        assert!(asks("local-s3", "*", true).is_empty());
        assert_eq!(asks("local-s3", "*", false).len(), 1);
        assert_eq!(asks("local-s3", "^0.1.0", true).len(), 1);
        assert!(asks("serde", "^1", false).is_empty());
    }
}
