//! The database server of this machine.
//!
//! How one is found and recognised is shared with kseekers-embedded-mysql as source, not as a dependency: its driver
//! would make the first `cargo xtask` slow, and the server must be there before anything is built.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::Result;

#[path = "../../crates/embedded-mysql/src/engine.rs"]
#[allow(dead_code, unreachable_pub, reason = "public and used in the library that it belongs to")]
mod engine;
#[path = "../../crates/embedded-mysql/src/find.rs"]
#[allow(unreachable_pub, reason = "public in the library that it belongs to")]
mod find;

/// Why there is no server: what the shared modules may answer.
#[derive(Debug)]
pub(crate) enum Error {
    ServerNotFound,
    NotAServer { path: PathBuf, reason: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerNotFound => write!(
                f,
                "no MySQL or MariaDB server was found on this machine. {} Or set KSEEKERS_MYSQLD to the path of a \
                 mysqld or mariadbd.",
                find::how_to_install()
            ),
            Self::NotAServer { path, reason } => {
                write!(f, "{} is not a usable MySQL or MariaDB server: {reason}", path.display())
            }
        }
    }
}

impl std::error::Error for Error {}

/// A server binary that has said what it is.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) binary: PathBuf,
    /// Kind and version, e.g. `MariaDB 10.11.19`.
    pub(crate) engine: String,
    /// A name for the folders whose content only this kind can read.
    pub(crate) family: &'static str,
}

impl Server {
    pub(crate) fn ask(binary: &Path) -> Result<Self> {
        let engine = engine::Engine::of(binary)?;
        let family = match engine.kind {
            engine::EngineKind::MariaDb => "mariadb",
            engine::EngineKind::MySql => "mysql",
        };
        Ok(Self { binary: binary.to_path_buf(), engine: engine.to_string(), family })
    }
}

/// The server that is there, if any.
pub(crate) fn find() -> Result<Option<Server>> {
    match find::find_server() {
        Ok(binary) => Server::ask(&binary).map(Some),
        Err(Error::ServerNotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
