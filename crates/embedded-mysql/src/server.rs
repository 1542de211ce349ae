use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mysql_async::OptsBuilder;

use crate::{
    Engine, Error, Options,
    arguments::{self, Place},
    background, data_dir,
    engine::Binary,
    find_server, folders,
    log::Log,
    running::{Launch, Running},
};

/// How often another free port is tried when somebody takes the one that we found.
const PORT_TRIES: u32 = 5;
const HOST: &str = "127.0.0.1";
const USER: &str = "root";

/// A private database server, which ends with this value, or with the process that holds it.
///
/// The account is `root` without a password, reachable from this machine only.
#[derive(Debug)]
pub struct EmbeddedMysql {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    engine: Engine,
    port: u16,
    socket: PathBuf,
    running: Mutex<Running>,
}

impl EmbeddedMysql {
    /// Starts a server and waits until it answers. Works under any async runtime, or none.
    ///
    /// The first start of an engine on a machine makes a data directory to copy from and takes some seconds.
    ///
    /// # Errors
    /// Every [`Error`] of finding, initialising and starting a server; what it logged is part of the text.
    pub async fn start(options: Options) -> Result<Self, Error> {
        background::run(move || Self::start_blocking(&options)).await
    }

    /// [`start`](Self::start) for callers without an async runtime.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_blocking(options: &Options) -> Result<Self, Error> {
        let path = options.server.clone().map_or_else(find_server, Ok)?;
        let binary = Binary::ask(&path)?;
        for _ in 1..PORT_TRIES {
            match Self::start_on(&binary, free_port(options)?, options) {
                Err(Error::PortInUse { .. }) if options.port.is_none() => {}
                result => return result,
            }
        }
        Self::start_on(&binary, free_port(options)?, options)
    }

    fn start_on(binary: &Binary, port: u16, options: &Options) -> Result<Self, Error> {
        let claimed = options.data_dir.as_deref().map(|kept| data_dir::claim(kept, binary)).transpose()?;
        let folder = folders::temporary()?;
        let (log, data) = match claimed {
            Some(claimed) => claimed,
            None => (Log::append(&folder.join("server.log"))?, folder.join("data")),
        };
        let socket = folder.join("sock");
        let place = Place { data: &data, folder: &folder, socket: &socket, port };
        let launch = Launch {
            arguments: arguments::to_serve(binary.engine.kind, &place, options)?,
            binary: binary.clone(),
            folder,
            socket: socket.clone(),
            port,
            kept: options.data_dir.clone(),
        };
        let cache = options.cache_dir.clone().unwrap_or_else(folders::cache);
        let running = Running::start(launch, log, || data_dir::fill(&data, binary, &cache))?;
        let (engine, running) = (binary.engine.clone(), Mutex::new(running));
        Ok(Self { shared: Arc::new(Shared { engine, port, socket, running }) })
    }

    /// Which server this is.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    /// The loopback port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.shared.port
    }

    /// The Unix socket that it listens on.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.shared.socket
    }

    /// The process id of the server, or of its last run when it has ended.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.shared.running().pid()
    }

    /// For a connection as `root` over TCP, with no database chosen.
    #[must_use]
    pub fn opts(&self) -> OptsBuilder {
        OptsBuilder::default()
            .ip_or_hostname(HOST)
            .tcp_port(self.port())
            .user(Some(USER))
            // The driver would move to the socket in silence; callers who ask for TCP shall have it.
            .prefer_socket(false)
    }

    /// Ends the server with SIGKILL and keeps its data, to see how a client takes it. Returns when it has ended.
    ///
    /// # Errors
    /// [`Error::File`] when the supervisor does not answer.
    pub async fn kill(&self) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        background::run(move || shared.running().kill()).await
    }

    /// Starts the server again, after [`kill`](Self::kill) or a crash, on the same data, port and socket; kills it first when it still runs.
    /// Returns when it answers.
    ///
    /// # Errors
    /// As [`start`](Self::start); [`Error::PortInUse`] when somebody took the port meanwhile.
    pub async fn restart(&self) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        background::run(move || shared.running().restart()).await
    }
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody else may take it before the server does, hence [`PORT_TRIES`].
fn free_port(options: &Options) -> Result<u16, Error> {
    if let Some(port) = options.port {
        return Ok(port);
    }
    let listener = TcpListener::bind((HOST, 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(Error::file("find a free port on", HOST))
}
