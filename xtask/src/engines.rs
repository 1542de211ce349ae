//! The database servers that the tests run on: the one of this machine, and further ones below target/engines.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    Result, install, process,
    server::{self, Server},
    ui::Progress,
    workspace::{self, Workspace},
};

/// The second engine's folder, and the series that it holds: the server, and the client that some tests compare with.
const MYSQL: &str = "mysql-9.7";
/// What a Debian package is verified with.
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// `cargo xtask engines`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("engines takes no argument `{unknown}`").into());
    }
    let target = Workspace::load()?.target;
    install_mysql(&folder(&target).join(MYSQL))?;
    match server::find()? {
        Some(server) => println!("{:18} {}", server.engine, server.binary.display()),
        None => println!("none installed yet: `cargo xtask test` installs one"),
    }
    for server in further(&target)? {
        println!("{:18} {}", server.engine, server.binary.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Every engine to test on: the machine's own first, installed if need be.
pub(crate) fn all(target: &Path) -> Result<Vec<Server>> {
    let mut servers = vec![install::found_or_installed()?];
    servers.extend(further(target)?);
    // KSEEKERS_MYSQLD may name one of the further ones.
    let mut seen = Vec::new();
    servers.retain(|server| {
        let real = fs::canonicalize(&server.binary).unwrap_or_else(|_| server.binary.clone());
        let new = !seen.contains(&real);
        seen.push(real);
        new
    });
    Ok(servers)
}

fn folder(target: &Path) -> PathBuf {
    target.join("engines")
}

fn further(target: &Path) -> Result<Vec<Server>> {
    let Ok(entries) = fs::read_dir(folder(target)) else {
        return Ok(Vec::new());
    };
    let mut binaries: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path().join("bin/mysqld"))
        .filter(|binary| binary.is_file())
        .collect();
    binaries.sort();
    binaries.iter().map(|binary| Server::ask(binary)).collect()
}

fn install_mysql(into: &Path) -> Result<()> {
    if ["bin/mysqld", "bin/mysql"].iter().all(|program| into.join(program).is_file()) {
        return Ok(());
    }
    if install::on_path("apt-get").is_none() || !Path::new(KEYRING).exists() {
        return Err(
            "a genuine MySQL comes from Debian's packages, and this is no Debian. To test on one of your \
                    own, set KSEEKERS_MYSQLD to its mysqld."
                .into(),
        );
    }
    let mut command = Command::new(workspace::root().join("xtask/tools/real-mysql"));
    command.arg(into);
    let mut progress = Progress::step(format!("installing a genuine MySQL into {}", into.display()));
    let captured = process::capture(command, |_| progress.tick("65 MB"))?;
    progress.finish(if captured.success { "" } else { "failed" });
    match captured.success {
        true => Ok(()),
        false => Err(captured.output.trim_end().into()),
    }
}
