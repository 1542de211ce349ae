use std::{path::PathBuf, sync::Arc};

use crate::Engine;

/// Whatever else may go wrong inside a caller's filler.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no server, or no database on it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No server binary in any of the usual places.
    #[error(
        "no MySQL or MariaDB server was found on this machine. {} Or set KSEEKERS_MYSQLD to the path of a \
         mysqld or mariadbd.",
        crate::find::how_to_install()
    )]
    ServerNotFound,
    /// The file named by the caller or by `KSEEKERS_MYSQLD` does not answer like a database server.
    #[error("{} is not a usable MySQL or MariaDB server: {reason}", path.display())]
    NotAServer {
        /// The file that was asked.
        path: PathBuf,
        /// What it said, or why it could not be run.
        reason: String,
    },
    /// The empty data directory could not be made.
    #[error("{engine} could not make its data directory:\n{log}")]
    NotInitialised {
        /// The server that was asked.
        engine: Engine,
        /// The last lines that it wrote.
        log: String,
    },
    /// The server ended while it was starting.
    #[error("{engine} did not start:\n{log}")]
    NotStarted {
        /// The server that was started.
        engine: Engine,
        /// The last lines that it wrote.
        log: String,
    },
    /// The server neither answered nor ended.
    #[error("{engine} did not answer within {seconds} s:\n{log}")]
    NotAnswering {
        /// The server that was started.
        engine: Engine,
        /// How long was waited.
        seconds: u64,
        /// The last lines that it wrote.
        log: String,
    },
    /// Something else listens on the port that was asked for.
    #[error("port {port} is in use by another program")]
    PortInUse {
        /// The port asked for.
        port: u16,
    },
    /// Another live server works on this data directory.
    #[error("another server is running on the data directory {}; stop it first", path.display())]
    DataDirInUse {
        /// The data directory asked for.
        path: PathBuf,
    },
    /// The data directory belongs to the other kind of server, which this one cannot read.
    #[error("the data directory {} was made by {made_by}, not {engine}; choose another or remove it", path.display())]
    OtherEngine {
        /// The data directory asked for.
        path: PathBuf,
        /// Who made it.
        made_by: String,
        /// Who was to use it.
        engine: Engine,
    },
    /// A file or folder could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The caller's filler failed on the template database.
    #[error("the template database could not be filled: {0}")]
    Filler(#[source] BoxError),
    /// The template database holds something that this crate does not know how to clone.
    #[error("the template database cannot be cloned: it holds {what}")]
    NotClonable {
        /// The thing, named.
        what: String,
    },
    /// A statement on a private database failed.
    #[error("{statement}: {source}")]
    Statement {
        /// The beginning of the statement.
        statement: String,
        /// What the server said.
        source: mysql_async::Error,
    },
    /// The background thread that makes databases is gone.
    #[error("the thread that makes test databases has ended")]
    MakerGone,
    /// One failure told to several waiting tests.
    #[error(transparent)]
    Shared(Arc<Error>),
}

impl Error {
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
