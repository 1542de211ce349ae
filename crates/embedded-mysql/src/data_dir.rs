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

/// Takes the folder for us alone: its log, locked, and the path of the server's own data directory in it.
pub(crate) fn claim(folder: &Path, binary: &Binary) -> Result<(Log, PathBuf), Error> {
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
    let made_by = fs::read_to_string(engine_file(&data)).unwrap_or_default();
    let ours = binary.engine.kind.to_string();
    if data.is_dir() && !made_by.is_empty() && made_by.split(' ').next() != Some(&ours) {
        return Err(Error::OtherEngine { path: folder, made_by, engine: binary.engine.clone() });
    }
    Ok((log, data))
}

/// Makes the data directory unless it is there.
pub(crate) fn fill(data: &Path, binary: &Binary, cache: &Path) -> Result<(), Error> {
    if data.is_dir() {
        return Ok(());
    }
    let template = template::ready(binary, cache)?;
    let engine_file = engine_file(data);
    fs::write(&engine_file, binary.engine.to_string()).map_err(Error::file("write", &engine_file))?;
    // Half a copy must never be taken for a database.
    let copy = data.with_extension("new");
    folders::remove(&copy)?;
    folders::copy(&template, &copy)?;
    fs::rename(&copy, data).map_err(Error::file("rename", &copy))
}

/// Says which server has made the data, next to it.
fn engine_file(data: &Path) -> PathBuf {
    data.with_file_name("engine")
}
