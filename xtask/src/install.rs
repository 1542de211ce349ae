//! Installing a database server where there is none. What is there, and what runs there, is never touched.

use std::{
    env,
    fmt::Display,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    Error, Result, process,
    server::{self, Server},
    ui::Progress,
};

/// Holds the server and the program that initialises its data, and starts no service.
const PACKAGE: &str = "mariadb-server-core";

/// The server that is there, else a freshly installed one.
///
/// # Errors
/// One message with the command to type, where it cannot be installed from here.
pub(crate) fn found_or_installed() -> Result<Server> {
    if let Some(server) = server::find()? {
        return Ok(server);
    }
    match Means::here() {
        Some(means) => {
            install(&means, PACKAGE, "This needs a MySQL or MariaDB server", &Error::ServerNotFound)?;
        }
        None => return Err(Error::ServerNotFound.into()),
    }
    server::find()?.ok_or_else(|| Error::ServerNotFound.into())
}

/// The program of this name if it is there, else a freshly installed one, from the Debian package that holds it.
///
/// # Errors
/// One message with the command to type, where it cannot be installed from here.
pub(crate) fn program(name: &str, package: &str, what_for: &str) -> Result<PathBuf> {
    found(name, || on_path(name), package, what_for)
}

/// This file if it is there, else a freshly installed one, from the Debian package that holds it.
///
/// # Errors
/// As [`program`].
pub(crate) fn file(path: &str, package: &str, what_for: &str) -> Result<PathBuf> {
    found(path, || Some(PathBuf::from(path)).filter(|path| path.exists()), package, what_for)
}

fn found(name: &str, find: impl Fn() -> Option<PathBuf>, package: &str, what_for: &str) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let missing = format!(
        "{what_for} needs {name}, which is not on this machine. Debian, Ubuntu: apt-get install {package}"
    );
    if let Some(means) = Means::here() {
        install(&means, package, &format!("{what_for} needs {name}"), &missing)?;
    }
    find().ok_or_else(|| missing.into())
}

enum Means {
    AsRoot,
    /// Only with a person at a terminal, who is asked first.
    BySudo,
}

impl Means {
    fn here() -> Option<Self> {
        if !Path::new("/etc/debian_version").exists() || on_path("apt-get").is_none() {
            return None;
        }
        if is_root() {
            return Some(Self::AsRoot);
        }
        let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        (terminal && on_path("sudo").is_some()).then_some(Self::BySudo)
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// The first program of this name on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

fn agreed(package: &str, need: &str) -> Result<bool> {
    eprintln!("{need}, and there is none on this machine.");
    eprint!("Install Debian's {package} (it starts no service) with sudo apt-get? [Y/n] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    // The end of the input is a refusal, Enter is not.
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        return Ok(false);
    }
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// `otherwise` is what somebody is told who has to install it himself.
fn install(means: &Means, package: &str, need: &str, otherwise: &dyn Display) -> Result<()> {
    let prefix: &[&str] = match means {
        Means::AsRoot => &[],
        // Asks for the password now, on the terminal: below there is no standard input.
        Means::BySudo if agreed(package, need)? && Command::new("sudo").arg("-v").status()?.success() => {
            &["sudo"]
        }
        Means::BySudo => return Err(otherwise.to_string().into()),
    };
    // The lists of a fresh machine or container are empty, or name versions that the mirror no longer has.
    apt(prefix, "reading the package lists", &["update"], otherwise)?;
    // Whatever the machine has stays: a package that this would replace is somebody's database.
    let install = ["install", "--yes", "--no-install-recommends", "--no-remove", package];
    apt(prefix, &format!("installing {package}"), &install, otherwise)
}

fn apt(prefix: &[&str], title: &str, arguments: &[&str], otherwise: &dyn Display) -> Result<()> {
    let mut words = prefix.to_vec();
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
    words.extend(arguments);
    let mut command = Command::new(words.remove(0));
    command.args(words);
    let mut progress = Progress::aside(title);
    let captured = process::capture(command, |_| progress.tick(""))?;
    progress.finish(if captured.success { "" } else { "failed" });
    match captured.success {
        true => Ok(()),
        false => Err(format!("{}\n{}", captured.output.trim_end(), otherwise).into()),
    }
}
