//! Where things are kept: the cache of initialised data directories and each server's temporary folder.

use std::{
    env, fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use crate::Error;

/// A socket's path has at most 103 bytes on macOS and 107 on Linux; this leaves room for the names below the folder.
const LONGEST_BASE: usize = 70;

/// A new folder that only this user can enter, with a path short enough for a socket in it. The server's supervisor
/// removes it.
pub(crate) fn temporary() -> Result<PathBuf, Error> {
    let mut base = env::temp_dir();
    if base.as_os_str().len() > LONGEST_BASE {
        base = PathBuf::from("/tmp");
    }
    let folder = tempfile::Builder::new()
        .prefix("embedded-mysql-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(&base)
        .map_err(Error::file("make a temporary folder in", &base))?;
    Ok(folder.keep())
}

pub(crate) fn make_private(folder: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(Error::file("make the folder", folder))
}

pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove the folder", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Copies a folder with all below it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    make_private(to)?;
    for entry in fs::read_dir(from).map_err(Error::file("read the folder", from))? {
        let entry = entry.map_err(Error::file("read the folder", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(Error::file("read", &source))?.is_dir() {
            copy(&source, &target)?;
        } else {
            fs::copy(&source, &target).map_err(Error::file("copy", &source))?;
        }
    }
    Ok(())
}

/// The default cache folder.
pub(crate) fn cache() -> PathBuf {
    match cargo_target() {
        Some(target) => target.join("embedded-mysql"),
        None => user_cache().join("kseekers-embedded-mysql"),
    }
}

/// Cargo's target folder, if cargo runs us or has built us.
fn cargo_target() -> Option<PathBuf> {
    if let Some(target) = env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        let target = PathBuf::from(target);
        // A relative one is relative to where cargo was called, which only an absolute one can still tell us.
        if target.is_absolute() {
            return Some(target);
        }
    }
    let is_target =
        |folder: &Path| folder.join("CACHEDIR.TAG").is_file() && folder.join(".rustc_info.json").is_file();
    let program = env::current_exe().ok();
    let of_program = program.iter().flat_map(|path| path.ancestors()).find(|path| is_target(path));
    if let Some(target) = of_program {
        return Some(target.to_path_buf());
    }
    // A documentation test runs from a temporary folder.
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    package.ancestors().map(|folder| folder.join("target")).find(|path| is_target(path))
}

fn user_cache() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| {
            let below = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
            set("HOME").map(|home| home.join(below))
        })
        .unwrap_or_else(env::temp_dir)
}
