//! A data directory that stays: made once, locked while in use, for one kind of server.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{Error, engine::Binary, folders, log::Log, template};

/// A server whose owner was just killed needs a moment to write what it holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The log, locked, and the server's own data directory inside `folder`.
pub(crate) fn open(folder: &Path, binary: &Binary, cache: &Path) -> Result<(Log, PathBuf), Error> {
    folders::make_private(folder)?;
    let folder = folder.canonicalize().map_err(Error::file("find the folder", folder))?;
    let log = Log::append(&folder.join("server.log"))?;
    let deadline = Instant::now() + PATIENCE;
    while !log.try_lock()? {
        if Instant::now() >= deadline {
            return Err(Error::DataDirInUse { path: folder });
        }
        thread::sleep(Duration::from_millis(50));
    }
    let data = folder.join("data");
    let maker = folder.join("engine");
    if data.is_dir() {
        let made_by = fs::read_to_string(&maker).unwrap_or_default();
        let ours = binary.engine.kind.to_string();
        if !made_by.is_empty() && made_by.split(' ').next() != Some(&ours) {
            return Err(Error::OtherEngine { path: folder, made_by, engine: binary.engine.clone() });
        }
        return Ok((log, data));
    }
    fs::write(&maker, binary.engine.to_string()).map_err(Error::file("write", &maker))?;
    // Half a copy must never be taken for a database.
    let copy = folder.join("data.new");
    folders::remove(&copy)?;
    folders::copy(&template::ready(binary, cache)?, &copy)?;
    fs::rename(&copy, &data).map_err(Error::file("rename", &copy))?;
    Ok((log, data))
}
