//! Who is measured.

use std::{fs::File, path::PathBuf, process::Command};

use super::set::Set;
use crate::{
    Result, cargo,
    dev::{Database, NO_ENV_FILE},
    process,
};

pub(super) const PLAIN: &str = "mariadb client";
pub(super) const REFINERY: &str = "refinery";
pub(super) const SQLX: &str = "sqlx migrate";
pub(super) const OURS: &str = "kseekers-migrate";

pub(super) struct Program {
    pub(super) name: &'static str,
    /// Its own.
    pub(super) database: &'static str,
    kind: Kind,
}

enum Kind {
    /// Reads the file on its standard input.
    Client(PathBuf),
    /// Takes the folder as its argument.
    Floor {
        program: PathBuf,
        folder: PathBuf,
    },
    Ours {
        program: PathBuf,
        folder: PathBuf,
    },
}

pub(super) fn all(set: &Set, ours: &cargo::Built, others: &cargo::Built) -> Result<Vec<Program>> {
    let floor = |name: &str, folder: &PathBuf| {
        let program = others.binary(name)?.to_path_buf();
        Result::Ok(Kind::Floor { program, folder: folder.clone() })
    };
    let program = ours.binary("kseekers-migrate")?.to_path_buf();
    Ok(vec![
        Program { name: PLAIN, database: "bench_plain", kind: Kind::Client(set.script.clone()) },
        Program { name: REFINERY, database: "bench_refinery", kind: floor("floor-refinery", &set.refinery)? },
        Program { name: SQLX, database: "bench_sqlx", kind: floor("floor-sqlx-migrate", &set.sqlx)? },
        Program {
            name: OURS,
            database: "bench_ours",
            kind: Kind::Ours { program, folder: set.ours.clone() },
        },
    ])
}

impl Program {
    /// The plain client would run everything again.
    pub(super) fn knows_what_is_applied(&self) -> bool {
        !matches!(self.kind, Kind::Client(_))
    }

    pub(super) fn command(&self, client: &Client) -> Result<Command> {
        let given = |program: &PathBuf| {
            let mut command = Command::new(program);
            client.database.give(&mut command);
            command.env("mp_database", self.database);
            command
        };
        Ok(match &self.kind {
            Kind::Client(script) => {
                let mut command = client.command();
                command.arg(self.database).stdin(File::open(script)?);
                command
            }
            Kind::Floor { program, folder } => {
                let mut command = given(program);
                command.arg(folder);
                command
            }
            Kind::Ours { program, folder } => {
                let mut command = given(program);
                command.args(NO_ENV_FILE).arg("up").env("migrations_dir", folder);
                command
            }
        })
    }
}

/// The database's own client: a contestant, and how the bench itself asks.
pub(super) struct Client {
    pub(super) program: PathBuf,
    pub(super) database: Database,
}

impl Client {
    fn command(&self) -> Command {
        let Database { host, port, user, .. } = &self.database;
        let mut command = Command::new(&self.program);
        command.env_clear().args([
            "--no-defaults",
            "--protocol=tcp",
            "--host",
            host,
            "--port",
            port,
            "--user",
            user,
        ]);
        command
    }

    pub(super) fn make_empty(&self, database: &str) -> Result<()> {
        self.ask(&format!(
            "DROP DATABASE IF EXISTS {database}; \
             CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
        ))
        .map(drop)
    }

    /// The rows of the answer, with tabs between the columns.
    pub(super) fn ask(&self, sql: &str) -> Result<String> {
        let mut command = self.command();
        command.args(["--batch", "--skip-column-names", "--execute", sql]);
        let captured = process::capture(command, |_| {})?;
        match captured.success {
            true => Ok(captured.output),
            false => Err(captured.output.trim_end().into()),
        }
    }
}
