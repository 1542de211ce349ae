//! The crates as a registry would get them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::report::Outcome;
use crate::{
    Result, cargo, process,
    ui::Progress,
    workspace::{self, Package, Workspace},
};

/// Ours have some 50 KiB; one that is much larger holds something that nobody wants to download.
const MOST_BYTES: u64 = 250 * 1024;

/// What each package must hold. The texts of the licences are links in the repository and must have become files.
const FILES: [&str; 5] = ["src/lib.rs", "README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// What may stand beside those in a package.
const FURTHER: [&str; 7] =
    [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig", "examples", "schema.sql", "src"];

/// Packages all crates that are meant for others and looks into each package.
pub(super) fn packaged(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    // All that is to be known about other crates is in Cargo.lock.
    let packed = package(workspace, &["--no-verify", "--offline"], progress)?;
    if !packed.success {
        return Ok(packed);
    }
    let mut problems = Vec::new();
    for package in workspace.published() {
        let archive = archive(workspace, package);
        if fs::metadata(&archive)?.len() > MOST_BYTES {
            problems
                .push(format!("the package of {} is larger than {MOST_BYTES} bytes", package.short_name()));
        }
        let folder = unpack(&archive, &folder(workspace))?;
        let found = content(package, &workspace::root(), &folder)?;
        problems.extend(found.into_iter().map(|problem| format!("{}: {problem}", package.short_name())));
    }
    Ok(Outcome { success: problems.is_empty(), output: problems.join("\n"), counts: None })
}

/// Builds each crate from its package, with the others from theirs, as cargo does before it publishes.
pub(super) fn built(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    package(workspace, &[], progress)
}

/// The unpacked packages, each in a folder `name-version`.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("downstream/crates")
}

/// The folder of one of them.
pub(super) fn unpacked(workspace: &Workspace, package: &Package) -> PathBuf {
    folder(workspace).join(format!("{}-{}", package.name, package.version))
}

fn archive(workspace: &Workspace, package: &Package) -> PathBuf {
    workspace.target.join(format!("package/{}-{}.crate", package.name, package.version))
}

fn package(workspace: &Workspace, further: &[&str], progress: &mut Progress) -> Result<Outcome> {
    // What is not committed yet is to be checked as well.
    let mut command = cargo::command(&["package", "--allow-dirty", "--color=never"]);
    command.args(further).args(workspace.published().flat_map(|package| ["--package", &package.name]));
    let captured = process::capture(command, |line| {
        progress.tick(line.and_then(verified).unwrap_or_default());
    })?;
    Ok(Outcome { success: captured.success, output: captured.output, counts: None })
}

/// Reads `Verifying kseekers-lookup v0.1.0 (…)`.
fn verified(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("Verifying ")?.split(' ').next()
}

/// Unpacks an archive below `folder`, where it has a folder of its own.
fn unpack(archive: &Path, folder: &Path) -> Result<PathBuf> {
    let name = archive.file_stem().ok_or("an archive without a name")?;
    let unpacked = folder.join(name);
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir_all(folder)?;
    let mut tar = Command::new("tar");
    // With the times of the archive, which never change, cargo would take new contents for what it has built.
    tar.args(["--touch", "-xzf"]).arg(archive).arg("-C").arg(folder);
    let captured = process::capture(tar, |_| {})?;
    match captured.success {
        true => Ok(unpacked),
        false => Err(format!("{}: {}", archive.display(), captured.output.trim_end()).into()),
    }
}

/// What is missing in an unpacked package of the repository at `root`, and what is too much.
fn content(package: &Package, root: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let tables = package.folder.join("schema.sql").exists().then_some("schema.sql");
    for name in FILES.into_iter().chain(tables) {
        let original = if name.starts_with("LICENSE") { root } else { &package.folder }.join(name);
        match fs::read(folder.join(name)) {
            Ok(packaged) if packaged == fs::read(original)? => {}
            Ok(_) => problems.push(format!("{name} is another one in the package")),
            Err(_) => problems.push(format!("the package has no {name}")),
        }
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !FILES.contains(&&*name) && !FURTHER.contains(&&*name) {
            problems.push(format!("{name} does not belong into the package"));
        }
    }
    problems.sort();
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[&str]) {
        for name in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, *name).unwrap();
        }
    }

    fn problems(in_package: &[&str]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let (folder, unpacked) = (root.path().join("lookup"), root.path().join("lookup-0.1.0"));
        write(root.path(), &["LICENSE-APACHE", "LICENSE-MIT"]);
        write(&folder, &["src/lib.rs", "README.md", "CHANGELOG.md", "schema.sql"]);
        write(&unpacked, in_package);
        let linked = unpacked.join("LICENSE-APACHE");
        if in_package.contains(&"link") {
            fs::rename(unpacked.join("link"), linked).unwrap();
        }
        content(&Package { folder, ..Package::default() }, root.path(), &unpacked).unwrap()
    }

    #[test]
    fn a_package_with_all_its_files_and_no_more_is_fine() {
        let packaged = [&FILES[..], &FURTHER[..4], &["schema.sql", "examples/a.rs"]].concat();
        assert_eq!(problems(&packaged), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_or_too_much_in_a_package_is_told() {
        assert_eq!(
            problems(&[&FILES[..4], &["tests/it.rs"]].concat()),
            [
                "tests does not belong into the package",
                "the package has no LICENSE-MIT",
                "the package has no schema.sql",
            ]
        );
    }

    #[test]
    fn a_licence_that_is_only_the_name_of_a_file_is_told() {
        let packaged = [&FILES[..], &["schema.sql", "link"]].concat();
        assert_eq!(problems(&packaged), ["LICENSE-APACHE is another one in the package"]);
    }

    #[test]
    fn what_cargo_builds_is_shown() {
        assert_eq!(verified("   Verifying kseekers-auth v0.1.0 (/w/crates/auth)"), Some("kseekers-auth"));
        assert_eq!(verified("   Compiling kseekers-auth v0.1.0"), None);
    }
}
