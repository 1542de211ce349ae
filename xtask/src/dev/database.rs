//! The private database.

use std::{
    fs,
    io::PipeReader,
    path::{Path, PathBuf},
    process::Command,
};

use super::beside::{self, Log};
use crate::{Result, server::Server};

/// A running database.
pub(crate) struct Database {
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) user: String,
    /// There once sample data has been put in.
    pub(super) filled: PathBuf,
}

pub(crate) fn start(
    program: &Path,
    server: &Server,
    folder: &Path,
    fresh: bool,
    input: &PipeReader,
) -> Result<Database> {
    // One folder for each kind of server: they cannot read each other's files.
    let data = folder.join(server.family);
    let log = Log::lock(folder.join(format!("{}.log", server.family)), "database")?;
    let filled = folder.join(format!("{}.filled", server.family));
    beside::clear(&data, fresh)?;
    // Of an earlier database that somebody has removed.
    if !data.exists() && filled.exists() {
        fs::remove_file(&filled)?;
    }
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(&data).env("KSEEKERS_MYSQLD", &server.binary);
    let ready = beside::start(command, &server.engine, log, input)?;
    Ok(Database {
        host: ready.value("host")?,
        port: ready.value("port")?,
        user: ready.value("user")?,
        filled,
    })
}
