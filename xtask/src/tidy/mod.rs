//! `cargo xtask tidy`: the rules of the house that the compiler does not know. ARCHITECTURE.md says why they are.
//!
//! Each rule is a function from parsed data to violations, with a test that it finds one.

mod arrows;
mod drag;
mod files;
mod manifests;
mod profiled;
mod published;
mod rust_versions;
mod sources;
mod tree;

use std::process::ExitCode;

use crate::{
    Result,
    ui::Progress,
    workspace::{self, Variant, Workspace},
};

/// `cargo xtask tidy`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("tidy takes no argument `{unknown}`").into());
    }
    let mut progress = Progress::step("tidy");
    let violations = check(&Workspace::load()?, &mut progress)?;
    match violations.as_slice() {
        [] => {
            progress.finish("");
            Ok(ExitCode::SUCCESS)
        }
        found => {
            progress.finish(&format!("{} found", found.len()));
            println!("\n{}", found.join("\n"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Every violation of every rule, one sentence each.
pub(crate) fn check(workspace: &Workspace, progress: &mut Progress) -> Result<Vec<String>> {
    let root = workspace::root();
    let files = files::read(&root)?;
    let mut found = Vec::new();
    for package in &workspace.packages {
        found.extend(arrows::violations(package));
        found.extend(manifests::violations(package, &root, &files));
        found.extend(published::violations(package, &workspace.packages, &root, &files));
    }
    for file in &files {
        found.extend(sources::violations(file));
        found.extend(profiled::violations(file));
    }
    for package in workspace.packages.iter().filter(|package| drag::is_bound(package)) {
        for variant in package.variants().filter(|variant| package.is_library() || variant.feature.is_none())
        {
            found.extend(drag::too_heavy(&variant, &tree::of(&variant)?));
            progress.tick(&variant.title());
        }
    }
    let rust_versions = rust_versions::of_everything()?;
    for package in &workspace.packages {
        found.extend(rust_versions::too_new(package, &tree::of_package(package)?, &rust_versions));
        progress.tick(package.short_name());
    }
    found.extend(drag::banned(&tree::of_everything()?));
    Ok(found)
}

/// How many crates this variant brings into a user's build, itself included.
pub(crate) fn crates_of(variant: &Variant<'_>) -> Result<usize> {
    Ok(tree::of(variant)?.len())
}
