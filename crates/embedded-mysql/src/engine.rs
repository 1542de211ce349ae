//! Which server a binary is.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::Error;

/// The two families of servers. They cannot read each other's data directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EngineKind {
    /// MariaDB.
    MariaDb,
    /// MySQL, or a close relative such as Percona Server.
    MySql,
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MariaDb => "MariaDB",
            Self::MySql => "MySQL",
        })
    }
}

/// A kind of server and its version, e.g. `MariaDB 10.11.19`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Engine {
    /// MariaDB or MySQL.
    pub kind: EngineKind,
    /// The version's numbers, e.g. `10.11.19`.
    pub version: String,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.version)
    }
}

impl Engine {
    /// Asks a server binary what it is, without starting it.
    ///
    /// # Errors
    /// [`Error::NotAServer`] when the file cannot be run or answers something else.
    pub fn of(binary: &Path) -> Result<Self, Error> {
        Binary::ask(binary).map(|binary| binary.engine)
    }
}

/// A server binary that has said what it is.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    pub(crate) engine: Engine,
    /// Differs between builds of one version, whose data directories may not be the same.
    pub(crate) build: u64,
}

impl Binary {
    pub(crate) fn ask(path: &Path) -> Result<Self, Error> {
        let answer = run(path, &["--no-defaults", "--version"])?;
        let engine = parse(&answer).ok_or_else(|| Error::NotAServer {
            path: path.to_path_buf(),
            reason: format!("it answered {answer:?}"),
        })?;
        let mut hasher = DefaultHasher::new();
        // Not the name that it was called by, which comes first.
        answer.split_once("Ver ").map(|(_, version)| version).hash(&mut hasher);
        Ok(Self { path: path.to_path_buf(), engine, build: hasher.finish() })
    }

    /// The value that the server has for one of its settings.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        let listing = run(&self.path, &["--no-defaults", "--verbose", "--help"])?;
        let value =
            listing.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::trim));
        Ok(value.map(str::to_owned))
    }
}

fn run(path: &Path, arguments: &[&str]) -> Result<String, Error> {
    let not_a_server = |reason: String| Error::NotAServer { path: path.to_path_buf(), reason };
    let output = Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_a_server(format!("it cannot be run: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(not_a_server(format!("{}: {}", output.status, complaint.trim())))
}

/// Reads `mysqld  Ver 9.7.4 for Linux on x86_64 (…)` and `mariadbd  Ver 10.11.19-MariaDB-… for debian-linux-gnu …`.
fn parse(answer: &str) -> Option<Engine> {
    let (_, after) = answer.split_once("Ver ")?;
    let word = after.split_whitespace().next()?;
    let numbers = word.split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
    if !numbers.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let kind = if answer.contains("MariaDB") { EngineKind::MariaDb } else { EngineKind::MySql };
    Some(Engine { kind, version: numbers.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_both_families_are_understood() {
        let mariadb = parse(
            "/usr/sbin/mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)",
        );
        assert_eq!(mariadb.unwrap().to_string(), "MariaDB 10.11.19");
        let mysql = parse("/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))");
        assert_eq!(mysql.unwrap().to_string(), "MySQL 9.7.4");
    }

    #[test]
    fn a_program_that_is_no_server_is_refused() {
        let error = Engine::of(Path::new("/bin/echo")).unwrap_err();
        assert!(matches!(error, Error::NotAServer { .. }), "{error}");
        let error = Engine::of(Path::new("/absent")).unwrap_err();
        assert!(error.to_string().contains("cannot be run"), "{error}");
    }
}
