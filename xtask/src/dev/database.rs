//! The private database, which lives as long as its lifeline is held.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, server::Server, ui::Progress};

/// A running database.
pub(super) struct Database {
    pub(super) host: String,
    pub(super) port: String,
    pub(super) user: String,
    /// There once sample data has been put in.
    pub(super) filled: PathBuf,
    /// The database stops when this is closed in every process.
    pub(super) lifeline: ChildStdin,
}

/// How long a database that is stopping is waited for.
const STOPPING: Duration = Duration::from_secs(10);

pub(super) fn start(program: &Path, server: &Server, folder: &Path, fresh: bool) -> Result<Database> {
    // One folder for each kind of server: they cannot read each other's files.
    let data = folder.join(server.family);
    let log = folder.join(format!("{}.log", server.family));
    let held = lock(&log)?;
    let filled = folder.join(format!("{}.filled", server.family));
    if fresh && data.exists() {
        fs::remove_dir_all(&data)?;
    }
    // Of an earlier database that somebody has removed.
    if !data.exists() && filled.exists() {
        fs::remove_file(&filled)?;
    }

    let mut progress = Progress::aside(format!("starting {}", server.engine));
    let mut child = Command::new(program)
        .arg("--data-dir")
        .arg(&data)
        .env("KSEEKERS_MYSQLD", &server.binary)
        // Ctrl-C reaches the server alone, which may need the database for its last requests.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(held)
        .spawn()?;
    let (Some(lifeline), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("the database was started without its pipes".into());
    };

    let first_line = thread::spawn(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map(|_| line)
    });
    while !first_line.is_finished() {
        thread::sleep(Duration::from_millis(20));
        progress.tick("");
    }
    let line = first_line.join().ok().and_then(std::io::Result::ok).unwrap_or_default();
    match ready(&line, filled, lifeline) {
        Some(database) => {
            progress.finish("");
            Ok(database)
        }
        None => {
            progress.finish("failed");
            let _ = child.wait();
            let words = fs::read_to_string(&log).unwrap_or_default();
            Err(format!("the database did not start: {}", words.trim_end()).into())
        }
    }
}

/// The log of the database, locked. The lock goes with the open file to the database's process, so that whoever comes
/// next can tell a database that runs or is still stopping from one that has ended, however it ended.
fn lock(path: &PathBuf) -> Result<File> {
    let log = OpenOptions::new().create(true).append(true).open(path)?;
    let began = Instant::now();
    let mut progress = Progress::aside("waiting for the last database to stop");
    loop {
        match log.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if began.elapsed() > STOPPING => {
                progress.finish("failed");
                return Err("another `cargo xtask dev` is running on this database: stop it first".into());
            }
            Err(TryLockError::WouldBlock) => {
                progress.tick("");
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
    progress.finish("");
    // Only of this run, and never in the way of a run that still writes.
    log.set_len(0)?;
    Ok(log)
}

/// Reads `ready host=… port=… socket=… user=… engine=…`.
fn ready(line: &str, filled: PathBuf, lifeline: ChildStdin) -> Option<Database> {
    let words: Vec<_> = line.strip_prefix("ready ")?.split_whitespace().collect();
    let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).map(str::to_owned);
    let (host, port, user) = (value("host=")?, value("port=")?, value("user=")?);
    Some(Database { host, port, user, filled, lifeline })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any_lifeline() -> ChildStdin {
        let mut child = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
        let lifeline = child.stdin.take().unwrap();
        child.wait().unwrap();
        lifeline
    }

    #[test]
    fn the_ready_line_tells_how_to_connect() {
        let line = "ready host=127.0.0.1 port=40123 socket=/tmp/x y.sock user=root engine=MariaDB 10.11.19\n";
        let database = ready(line, PathBuf::new(), any_lifeline()).unwrap();
        assert_eq!((database.host.as_str(), database.port.as_str()), ("127.0.0.1", "40123"));
        assert_eq!(database.user, "root");
        assert!(ready("error: no", PathBuf::new(), any_lifeline()).is_none());
    }

    #[test]
    fn a_log_that_a_running_database_holds_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mariadb.log");
        let held = lock(&path).unwrap();
        let mut database = Command::new("sleep").arg("60").stderr(held).spawn().unwrap();
        let other = OpenOptions::new().append(true).open(&path).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        database.kill().unwrap();
        database.wait().unwrap();
        assert!(other.try_lock().is_ok(), "the lock ends with the process");
    }
}
