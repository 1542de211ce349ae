//! Initialised data directories, kept to copy from: making one takes seconds, copying it a moment.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use crate::{
    Error, apparmor, arguments,
    engine::{Binary, EngineKind},
    folders,
    log::Log,
    supervisor::{Ending, Job, Supervisor},
};

/// Goes up when what we initialise changes, so that an older cache is not used.
const LAYOUT: u32 = 1;
const PATIENCE: Duration = Duration::from_secs(300);

/// The kept data directory of this server; made now if nobody has made it yet.
pub(crate) fn ready(binary: &Binary, cache: &Path) -> Result<PathBuf, Error> {
    let engine = &binary.engine;
    let name =
        format!("{}-{}-{:08x}-{LAYOUT}", engine.kind, engine.version, binary.build as u32).to_lowercase();
    let template = cache.join(&name);
    if template.is_dir() {
        return Ok(template);
    }
    folders::make_private(cache)?;
    let cache = cache.canonicalize().map_err(Error::file("find the folder", cache))?;
    let lock_path = cache.join(format!("{name}.lock"));
    let lock = File::create(&lock_path).map_err(Error::file("make", &lock_path))?;
    // Others who want the same wait here and then find it made.
    lock.lock().map_err(Error::file("lock", &lock_path))?;
    let template = cache.join(&name);
    if !template.is_dir() {
        // Not a fixed name: the supervisor of a maker that was killed may still be removing its folder.
        let making = cache.join(format!("{name}.making-{}", process::id()));
        make(binary, &making)?;
        let data = making.join("data");
        fs::rename(&data, &template).map_err(Error::file("rename", &data))?;
        folders::remove(&making)?;
    }
    Ok(template)
}

/// Makes `folder/data`.
fn make(binary: &Binary, folder: &Path) -> Result<(), Error> {
    let data = folder.join("data");
    folders::make_private(&data)?;
    let input = match binary.engine.kind {
        EngineKind::MySql => PathBuf::from("/dev/null"),
        EngineKind::MariaDb => {
            let input = folder.join("bootstrap.sql");
            fs::write(&input, mariadb_system_tables(binary)?).map_err(Error::file("write", &input))?;
            input
        }
    };
    let log = Log::append(&folder.join("server.log"))?;
    let arguments: Vec<OsString> = arguments::to_initialise(binary.engine.kind, &data)?;
    let mut supervisor = Supervisor::spawn(&Job {
        folder,
        run: 0,
        ending: Ending::Kill,
        input: &input,
        log: log.file(),
        binary: &binary.path,
        arguments: &arguments,
    })?;
    supervisor.start()?;
    if supervisor.ends_within(PATIENCE) != Some(0) {
        let log = apparmor::explained(log.tail(), &binary.path);
        return Err(Error::NotInitialised { engine: binary.engine.clone(), log });
    }
    // Each copy is a server of its own and makes its own identity.
    let _ = fs::remove_file(data.join("auto.cnf"));
    supervisor.leave()
}

/// What `mariadb-install-db` would feed to the server. That script itself needs programs that Debian's
/// `mariadb-server-core` does not bring.
fn mariadb_system_tables(binary: &Binary) -> Result<Vec<u8>, Error> {
    // No password and no Unix account for root; the socket lies in a folder that only we can enter.
    let mut sql = b"CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n".to_vec();
    let folders = mariadb_sql_folders(binary)?;
    for part in ["system_tables", "performance_tables", "system_tables_data"] {
        // MariaDB 11 gave the files its own name.
        let names = [format!("mariadb_{part}.sql"), format!("mysql_{part}.sql")];
        let candidates = folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
        let file = candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| Error::NotAServer {
            path: binary.path.clone(),
            reason: format!("its file mysql_{part}.sql is in none of the folders {folders:?}"),
        })?;
        sql.extend(fs::read(&file).map_err(Error::file("read", &file))?);
        sql.push(b'\n');
    }
    Ok(sql)
}

/// The server knows where its character sets are; its SQL files are next to them, or one folder up or aside.
fn mariadb_sql_folders(binary: &Binary) -> Result<Vec<PathBuf>, Error> {
    let mut folders = Vec::new();
    if let Some(charsets) = binary.setting("character-sets-dir")? {
        folders.extend(Path::new(&charsets).parent().map(Path::to_path_buf));
    }
    if let Some(base) = binary.setting("basedir")? {
        folders.extend(["share", "share/mariadb", "share/mysql"].map(|below| Path::new(&base).join(below)));
    }
    Ok(folders)
}
