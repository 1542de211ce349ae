use std::path::PathBuf;

/// How a private server is to run; see [`EmbeddedMysql::start`](crate::EmbeddedMysql::start).
///
/// The default is a throwaway server for tests: found by [`find_server`](crate::find_server), on a free port, its data in
/// a temporary folder that goes with it.
///
/// ```
/// use kseekers_embedded_mysql::Options;
///
/// let options = Options::default().data_dir("target/dev/database").port(3307).durable(true);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Options {
    pub(crate) server: Option<PathBuf>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) port: Option<u16>,
    pub(crate) durable: bool,
    pub(crate) arguments: Vec<String>,
}

impl Options {
    /// The server binary (default: [`find_server`](crate::find_server)).
    pub fn server(mut self, binary: impl Into<PathBuf>) -> Self {
        self.server = Some(binary.into());
        self
    }

    /// Keeps the data in this folder, which is made when missing and used again when not (default: a temporary folder,
    /// removed with the server). The data itself is in its subfolder `data`, the server's log in `server.log`.
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(folder.into());
        self
    }

    /// Where initialised data directories are kept to copy from (default: `embedded-mysql` in cargo's target folder when
    /// cargo built the running program, else in the user's cache folder). Several processes may share it.
    pub fn cache_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(folder.into());
        self
    }

    /// The loopback port (default: a free one).
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Whether every commit must reach the disk (default: false). A committed change survives the death of the server in
    /// either case; only with `true` it survives that of the machine too.
    pub fn durable(mut self, durable: bool) -> Self {
        self.durable = durable;
        self
    }

    /// One more argument for the server, after and therefore instead of our own, e.g. `--max-connections=5`.
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }
}
