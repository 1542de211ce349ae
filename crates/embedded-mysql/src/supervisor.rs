//! The shell process between us and a server, which outlives us just long enough to clean up.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::Error;

const SCRIPT: &str = include_str!("supervisor.sh");
const POLL: Duration = Duration::from_millis(5);

/// What a server is ended with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// It writes what it must and goes, for up to 30 seconds.
    Clean,
    /// At once: its data is removed with it.
    Kill,
}

impl Ending {
    fn signal_and_patience(self) -> (&'static str, &'static str) {
        match self {
            Self::Clean => ("TERM", "1500"),
            Self::Kill => ("KILL", "0"),
        }
    }
}

/// One server process to be run.
pub(crate) struct Job<'a> {
    /// A folder that belongs to this server; its state is told there, and it is removed in the end.
    pub(crate) folder: &'a Path,
    /// Distinguishes the runs of one server.
    pub(crate) run: u32,
    pub(crate) ending: Ending,
    pub(crate) input: &'a Path,
    /// Takes all that the server and the shell have to say.
    pub(crate) log: &'a File,
    pub(crate) binary: &'a Path,
    pub(crate) arguments: &'a [OsString],
}

#[derive(Debug)]
pub(crate) struct Supervisor {
    shell: Child,
    orders: Option<ChildStdin>,
    state: PathBuf,
}

impl Supervisor {
    pub(crate) fn spawn(job: &Job<'_>) -> Result<Self, Error> {
        let cannot_spawn = || Error::file("run", "/bin/sh");
        let state = job.folder.join(format!("run-{}", job.run));
        let (signal, patience) = job.ending.signal_and_patience();
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "embedded-mysql"])
            .args([state.as_os_str(), OsStr::new(signal), OsStr::new(patience)])
            .args([job.input.as_os_str(), job.folder.as_os_str(), job.binary.as_os_str()])
            .args(job.arguments)
            // Our terminal's Ctrl-C must reach us alone, not the server.
            .process_group(0)
            // A server started by systemd tells it so; ours must not speak in the name of the calling service.
            .env_remove("NOTIFY_SOCKET")
            .stdin(Stdio::piped())
            .stdout(job.log.try_clone().map_err(cannot_spawn())?)
            .stderr(job.log.try_clone().map_err(cannot_spawn())?)
            .spawn()
            .map_err(cannot_spawn())?;
        let orders = shell.stdin.take();
        Ok(Self { shell, orders, state })
    }

    /// Starts the server, whose data is in place now. Until then nothing but cleaning up would be done.
    pub(crate) fn start(&mut self) -> Result<(), Error> {
        self.order("start")
    }

    /// The server's process id, as soon as the shell has told it.
    pub(crate) fn pid(&self) -> Option<u32> {
        fs::read_to_string(self.state.with_extension("pid")).ok()?.trim().parse().ok()
    }

    /// The server's exit code when it has ended; the shell's words for a signal are 128 and more.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        if let Ok(code) = fs::read_to_string(self.state.with_extension("ended")) {
            return Some(code.trim().parse().unwrap_or(-1));
        }
        self.shell.try_wait().ok().flatten().map(|status| status.code().unwrap_or(-1))
    }

    /// Whether the server ends within this time.
    pub(crate) fn ends_within(&mut self, time: Duration) -> Option<i32> {
        let deadline = Instant::now() + time;
        loop {
            if let Some(code) = self.ended() {
                return Some(code);
            }
            if Instant::now() >= deadline {
                return None;
            }
            thread::sleep(POLL);
        }
    }

    /// Ends the server at once and keeps its folders.
    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        self.order("kill")?;
        match self.ends_within(Duration::from_secs(30)) {
            Some(_) => Ok(()),
            None => Err(Error::file("end the server of", &self.state)(std::io::ErrorKind::TimedOut.into())),
        }
    }

    /// Lets the shell go without any cleaning. The server must have ended.
    pub(crate) fn leave(mut self) -> Result<(), Error> {
        self.order("leave")
    }

    fn order(&mut self, order: &str) -> Result<(), Error> {
        match &mut self.orders {
            Some(pipe) => writeln!(pipe, "{order}").map_err(Error::file("order the shell of", &self.state)),
            None => Ok(()),
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // The shell reads the end of its input as our death. It needs no more than its own patience, then KILL.
        self.orders = None;
        let _ = self.shell.wait();
    }
}
