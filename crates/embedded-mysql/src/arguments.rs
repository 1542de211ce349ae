//! The command line of a server.

use std::{ffi::OsString, fs, os::unix::fs::MetadataExt, path::Path};

use crate::{Error, Options, engine::EngineKind};

/// What one running server is given.
pub(crate) struct Place<'a> {
    pub(crate) data: &'a Path,
    /// A folder of its own for whatever does not stay.
    pub(crate) folder: &'a Path,
    pub(crate) socket: &'a Path,
    pub(crate) port: u16,
}

/// For a server that answers.
pub(crate) fn to_serve(
    kind: EngineKind,
    place: &Place<'_>,
    options: &Options,
) -> Result<Vec<OsString>, Error> {
    let mut arguments = common(kind, place.data, place.folder)?;
    arguments.extend([
        with_path("--socket=", place.socket),
        with_path("--pid-file=", &place.folder.join("server.pid")),
        with_path("--tmpdir=", place.folder),
        format!("--port={}", place.port).into(),
    ]);
    // Not skip-name-resolve: root is known as root@localhost only, which 127.0.0.1 counts as without asking any DNS.
    arguments.extend(
        [
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            "--default-time-zone=+00:00",
            "--skip-log-bin",
            "--performance-schema=OFF",
            "--max-connections=500",
            "--innodb-buffer-pool-size=64M",
        ]
        .map(OsString::from),
    );
    match kind {
        EngineKind::MySql => {
            // Nobody asked for the second protocol, whose port 33060 may be taken.
            arguments.extend(["--mysqlx=OFF", "--secure-file-priv=NULL"].map(OsString::from));
        }
        // Files of the machine are out of reach for SQL: the account has no password.
        EngineKind::MariaDb => arguments.push(with_path("--secure-file-priv=", place.folder)),
    }
    if !options.durable {
        arguments.extend(relaxed(kind).iter().map(OsString::from));
    }
    if options.data_dir.is_none() {
        // Tables come and go: making and removing a file for each, with all that the disk has to confirm about it, takes
        // most of the time of a test database.
        arguments.push("--innodb-file-per-table=OFF".into());
    }
    arguments.extend(options.arguments.iter().map(OsString::from));
    Ok(arguments)
}

/// What makes commits and definitions fast: they are handed to the operating system, so that they survive the server's
/// death, but the disk is not waited for.
fn relaxed(kind: EngineKind) -> &'static [&'static str] {
    // Many servers at a time may use up the kernel's share of asynchronous requests.
    match kind {
        EngineKind::MySql => &[
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-flush-method=nosync",
            "--innodb-use-native-aio=OFF",
        ],
        EngineKind::MariaDb => &[
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-flush-method=nosync",
            "--innodb-use-native-aio=OFF",
            "--skip-sync-frm",
            "--debug-no-sync",
        ],
    }
}

/// For a server that makes an empty data directory and ends. MariaDB reads its system tables from standard input.
pub(crate) fn to_initialise(kind: EngineKind, data: &Path) -> Result<Vec<OsString>, Error> {
    let mut arguments = common(kind, data, data)?;
    let own: &[&str] = match kind {
        EngineKind::MySql => &["--initialize-insecure"],
        EngineKind::MariaDb => &[
            "--bootstrap",
            "--silent-startup",
            "--log-warnings=0",
            "--max-allowed-packet=8M",
            "--net-buffer-length=16K",
        ],
    };
    arguments.extend(own.iter().map(OsString::from));
    Ok(arguments)
}

fn common(kind: EngineKind, data: &Path, ours: &Path) -> Result<Vec<OsString>, Error> {
    // Must be the first: the machine's own configuration is for its own server.
    let mut arguments = vec![OsString::from("--no-defaults"), with_path("--datadir=", data)];
    // Small logs make a small directory to copy.
    arguments.push(match kind {
        EngineKind::MySql => "--innodb-redo-log-capacity=32M".into(),
        EngineKind::MariaDb => "--innodb-log-file-size=16M".into(),
    });
    // Both servers refuse to run as root unless told so by name. What we have just made tells who we are.
    if fs::metadata(ours).map_err(Error::file("read the folder", ours))?.uid() == 0 {
        arguments.push("--user=root".into());
    }
    Ok(arguments)
}

fn with_path(name: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(name);
    argument.push(path);
    argument
}
