//! Finding the server binary.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::Error;

/// MariaDB first: where both are installed, it starts several times faster.
const NAMES: [&str; 2] = ["mariadbd", "mysqld"];

/// Where packages and hand-made installations put a server when it is not on `PATH`.
const FOLDERS: [&str; 8] = [
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/local/libexec",
    "/usr/local/mysql/bin",
    "/usr/local/mariadb/bin",
    "/opt/homebrew/bin",
];

/// Homebrew keeps versioned packages (`mysql@8.4`) out of its `bin`.
const HOMEBREW_PACKAGES: [&str; 2] = ["/opt/homebrew/opt", "/usr/local/opt"];

/// The server binary to use: the one that `KSEEKERS_MYSQLD` names, else the first `mariadbd` or `mysqld` on `PATH`,
/// in `/usr/sbin`, under `/usr/local` or in Homebrew's folders.
///
/// # Errors
/// [`Error::ServerNotFound`], which names the command to install one, and [`Error::NotAServer`] when
/// `KSEEKERS_MYSQLD` names something that cannot be run.
pub fn find_server() -> Result<PathBuf, Error> {
    let named = env::var_os("KSEEKERS_MYSQLD").filter(|value| !value.is_empty());
    let path = env::var_os("PATH").unwrap_or_default();
    choose(named, env::split_paths(&path).chain(usual_folders()))
}

fn choose(named: Option<OsString>, folders: impl Iterator<Item = PathBuf>) -> Result<PathBuf, Error> {
    if let Some(path) = named.map(PathBuf::from) {
        if is_executable(&path) {
            return Ok(path);
        }
        return Err(Error::NotAServer { path, reason: "KSEEKERS_MYSQLD names no executable file".into() });
    }
    folders
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|candidate| is_executable(candidate))
        .ok_or(Error::ServerNotFound)
}

fn usual_folders() -> impl Iterator<Item = PathBuf> {
    let packages =
        HOMEBREW_PACKAGES.iter().filter_map(|folder| fs::read_dir(folder).ok()).flat_map(|entries| {
            // Newest version last in the alphabet, so look from the end; the order of read_dir is arbitrary.
            let mut bins: Vec<_> = entries.flatten().map(|entry| entry.path().join("bin")).collect();
            bins.sort();
            bins.into_iter().rev()
        });
    FOLDERS.iter().map(PathBuf::from).chain(packages)
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

pub(crate) fn how_to_install() -> &'static str {
    if cfg!(target_os = "macos") {
        "Type: brew install mariadb"
    } else if Path::new("/etc/debian_version").exists() {
        "Type: sudo apt-get install mariadb-server-core"
    } else if Path::new("/etc/fedora-release").exists() || Path::new("/etc/redhat-release").exists() {
        "Type: sudo dnf install mariadb-server"
    } else if Path::new("/etc/arch-release").exists() {
        "Type: sudo pacman -S mariadb"
    } else if Path::new("/etc/alpine-release").exists() {
        "Type: sudo apk add mariadb"
    } else {
        "Install your system's MariaDB or MySQL server package."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in files {
            let path = folder.path().join(name);
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        folder
    }

    #[test]
    fn a_missing_server_is_told_with_the_command_to_type() {
        let empty = folder_with(&[]);
        let error = choose(None, [empty.path().to_path_buf()].into_iter()).unwrap_err();
        assert!(matches!(error, Error::ServerNotFound));
        let text = error.to_string();
        assert!(text.contains("KSEEKERS_MYSQLD"), "{text}");
        assert!(text.contains(how_to_install()), "{text}");
    }

    #[test]
    fn the_named_server_wins_over_every_folder() {
        let folder = folder_with(&[("mysqld", 0o755), ("mine", 0o755)]);
        let mine = folder.path().join("mine");
        let found = choose(Some(mine.clone().into()), [folder.path().to_path_buf()].into_iter()).unwrap();
        assert_eq!(found, mine);
    }

    #[test]
    fn a_named_server_that_is_missing_is_an_error_and_not_replaced_by_another() {
        let folder = folder_with(&[("mysqld", 0o755)]);
        let named = folder.path().join("absent");
        let error = choose(Some(named.into()), [folder.path().to_path_buf()].into_iter()).unwrap_err();
        assert!(matches!(error, Error::NotAServer { .. }), "{error}");
    }

    #[test]
    fn the_first_folder_with_an_executable_server_is_taken() {
        let first = folder_with(&[("mariadbd", 0o644)]);
        let second = folder_with(&[("mysqld", 0o755)]);
        let folders = [first.path().to_path_buf(), second.path().to_path_buf()];
        assert_eq!(choose(None, folders.into_iter()).unwrap(), second.path().join("mysqld"));
    }
}
