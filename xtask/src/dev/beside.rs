//! The programs beside the server. Each prints `ready …` when it answers, and lives as long as somebody holds the
//! writing end of its standard input.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, PipeReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, ui::Progress};

/// How long one that is stopping is waited for.
const STOPPING: Duration = Duration::from_secs(10);

/// What it writes to, locked. The lock goes with the open file to the program, so that whoever comes next can tell one
/// that runs or is still stopping from one that has ended, however it ended.
pub(super) struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// `what` is the program in words.
    pub(super) fn lock(path: PathBuf, what: &str) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let began = Instant::now();
        let mut progress = Progress::aside(format!("waiting for the last {what} to stop"));
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error.into()),
                Err(TryLockError::WouldBlock) if began.elapsed() > STOPPING => {
                    progress.finish("failed");
                    let problem = format!("another `cargo xtask` is running on this {what}: stop it first");
                    return Err(problem.into());
                }
                Err(TryLockError::WouldBlock) => {
                    progress.tick("");
                    thread::sleep(Duration::from_millis(50));
                }
            }
        }
        progress.finish("");
        // Only of this run, and never in the way of a run that still writes.
        file.set_len(0)?;
        Ok(Self { path, file })
    }
}

/// Starts the program and waits until it answers.
pub(super) fn start(mut command: Command, what: &str, log: Log, input: &PipeReader) -> Result<Ready> {
    let mut progress = Progress::aside(format!("starting {what}"));
    // Ctrl-C reaches the server alone, which may need the others for its last requests.
    command.process_group(0).stdin(input.try_clone()?).stdout(Stdio::piped()).stderr(log.file);
    let mut child = command.spawn()?;
    let output = child.stdout.take().ok_or("it was started without its pipe")?;
    let first_line = thread::spawn(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map(|_| line)
    });
    while !first_line.is_finished() {
        thread::sleep(Duration::from_millis(20));
        progress.tick("");
    }
    let line = first_line.join().ok().and_then(io::Result::ok).unwrap_or_default();
    match Ready::read(&line) {
        Some(ready) => {
            progress.finish("");
            Ok(ready)
        }
        None => {
            progress.finish("failed");
            let _ = child.wait();
            let words = fs::read_to_string(&log.path).unwrap_or_default();
            Err(format!("{what} did not start: {}", words.trim_end()).into())
        }
    }
}

/// Removes what an earlier run has left, when `fresh` is asked for.
pub(super) fn clear(data: &Path, fresh: bool) -> io::Result<()> {
    if fresh && data.exists() { fs::remove_dir_all(data) } else { Ok(()) }
}

/// A line like `ready host=… port=…`.
pub(super) struct Ready(String);

impl Ready {
    fn read(line: &str) -> Option<Self> {
        line.strip_prefix("ready ").map(|rest| Self(rest.to_owned()))
    }

    pub(super) fn value(&self, name: &str) -> Result<String> {
        let words = self.0.split_whitespace().filter_map(|word| word.split_once('='));
        let found = words.filter(|(word, _)| *word == name).map(|(_, value)| value.to_owned()).next();
        found.ok_or_else(|| format!("`{}` does not tell the {name}", self.0.trim_end()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_tells_how_to_connect() {
        let line = "ready host=127.0.0.1 port=40123 socket=/tmp/x y.sock user=root engine=MariaDB 10.11.19\n";
        let ready = Ready::read(line).unwrap();
        assert_eq!(ready.value("host").unwrap(), "127.0.0.1");
        assert_eq!(ready.value("port").unwrap(), "40123");
        assert_eq!(ready.value("user").unwrap(), "root");
        assert!(ready.value("por").is_err());
        assert!(Ready::read("error: no").is_none());
    }

    #[test]
    fn a_log_that_a_running_program_holds_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mariadb.log");
        let held = Log::lock(path.clone(), "database").unwrap();
        let mut database = Command::new("sleep").arg("60").stderr(held.file).spawn().unwrap();
        let other = OpenOptions::new().append(true).open(&path).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        database.kill().unwrap();
        database.wait().unwrap();
        assert!(other.try_lock().is_ok(), "the lock ends with the process");
    }
}
