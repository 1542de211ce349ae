//! One server through its runs.

use std::{
    ffi::OsString,
    fs,
    io::Read,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Error, apparmor,
    engine::Binary,
    log::Log,
    supervisor::{Ending, Job, Supervisor},
};

/// Recovery of a large database after a crash may take long.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(10);

/// All that it takes to run the server, once and again.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) binary: Binary,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) socket: PathBuf,
    pub(crate) port: u16,
    /// The caller's data directory, if it is not to be thrown away.
    pub(crate) kept: Option<PathBuf>,
}

#[derive(Debug)]
pub(crate) struct Running {
    launch: Launch,
    supervisor: Supervisor,
    run: u32,
    pid: u32,
    log: Log,
}

impl Running {
    /// Runs the server on what `prepare` puts in place.
    pub(crate) fn start(
        launch: Launch,
        log: Log,
        prepare: impl FnOnce() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut supervisor = spawn(&launch, &log, 0)?;
        prepare()?;
        supervisor.start()?;
        let mut running = Self { launch, supervisor, run: 0, pid: 0, log };
        running.wait_until_it_answers()?;
        Ok(running)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        if self.supervisor.ended().is_none() { self.supervisor.kill() } else { Ok(()) }
    }

    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        self.kill()?;
        // A killed MySQL leaves a lock with its process id next to the socket and minds when that number lives again.
        let _ = fs::remove_file(&self.launch.socket);
        let _ = fs::remove_file(self.launch.socket.with_extension("lock"));
        self.log.mark();
        self.run += 1;
        // The next supervisor is there before the last one goes, so that somebody always cleans up after us.
        let next = spawn(&self.launch, &self.log, self.run)?;
        std::mem::replace(&mut self.supervisor, next).leave()?;
        self.supervisor.start()?;
        self.wait_until_it_answers()
    }

    fn wait_until_it_answers(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if answers(&self.launch.socket)
                && let Some(pid) = self.supervisor.pid()
            {
                self.pid = pid;
                return Ok(());
            }
            if self.supervisor.ended().is_some() {
                return Err(self.why_it_ended());
            }
            if self.is_locked_out() {
                // It would not listen to anything less until it has given up.
                self.supervisor.kill()?;
                return Err(self.why_it_ended());
            }
            if Instant::now() >= deadline {
                let engine = self.launch.binary.engine.clone();
                return Err(Error::NotAnswering {
                    engine,
                    seconds: PATIENCE.as_secs(),
                    log: self.last_words(),
                });
            }
            thread::sleep(POLL);
        }
    }

    fn last_words(&self) -> String {
        apparmor::explained(self.log.tail(), &self.launch.binary.path)
    }

    /// A server that was not started by us uses the data; ours would go on trying for a minute or two.
    fn is_locked_out(&self) -> bool {
        self.launch.kept.is_some()
            && (self.log.says("Unable to lock ./ibdata1") || self.log.says("Can't lock aria control file"))
    }

    fn why_it_ended(&self) -> Error {
        if let Some(path) = self.launch.kept.clone().filter(|_| self.is_locked_out()) {
            return Error::DataDirInUse { path };
        }
        if self.log.says("Address already in use") || self.log.says("Bind on TCP/IP port") {
            return Error::PortInUse { port: self.launch.port };
        }
        Error::NotStarted { engine: self.launch.binary.engine.clone(), log: self.last_words() }
    }
}

fn spawn(launch: &Launch, log: &Log, run: u32) -> Result<Supervisor, Error> {
    Supervisor::spawn(&Job {
        folder: &launch.folder,
        run,
        ending: if launch.kept.is_some() { Ending::Clean } else { Ending::Kill },
        input: Path::new("/dev/null"),
        log: log.file(),
        binary: &launch.binary.path,
        arguments: &launch.arguments,
    })
}

/// The socket is there early in the start, but only a server that is ready greets: a packet of four bytes of header
/// and the protocol's version, 10.
fn answers(socket: &Path) -> bool {
    let Ok(mut stream) = UnixStream::connect(socket) else { return false };
    let mut greeting = [0; 5];
    stream.set_read_timeout(Some(Duration::from_millis(500))).is_ok()
        && stream.read_exact(&mut greeting).is_ok()
        && greeting.ends_with(&[10])
}
