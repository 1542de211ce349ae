//! A client of MariaDB or MySQL, and a server that writes down what it is sent.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use kseekers_embedded_mysql::{EmbeddedMysql, Engine, EngineKind, Options, find_server};
use mysql_async::{Conn, prelude::Queryable};

pub(crate) struct Client {
    program: PathBuf,
    server: EmbeddedMysql,
}

/// What the client does with comments.
#[derive(Clone, Copy)]
pub(crate) enum Comments {
    Kept,
    TakenOut,
}

/// What came of a file.
pub(crate) struct Sent {
    pub(crate) success: bool,
    /// The client's own words.
    pub(crate) said: String,
    /// What the server was sent, in order.
    pub(crate) statements: Vec<String>,
}

impl Client {
    /// With a server of its own, as its log is one for all connections.
    pub(crate) async fn start() -> Self {
        let program = program();
        // MySQL would write what its parser has made of a statement; MariaDB does not know the option, nor need it.
        let log = ["--general-log=1", "--log-output=TABLE", "--loose-log-raw=1"];
        let options = log.into_iter().fold(Options::default(), Options::argument);
        let server = EmbeddedMysql::start(options).await.unwrap();
        Self { program, server }
    }

    /// Feeds the client with the file, in an empty database.
    pub(crate) async fn run(&self, file: &Path, comments: Comments) -> Sent {
        let mut conn = Conn::new(self.server.opts()).await.unwrap();
        for prepare in
            ["DROP DATABASE IF EXISTS corpus", "CREATE DATABASE corpus", "TRUNCATE mysql.general_log"]
        {
            conn.query_drop(prepare).await.unwrap();
        }
        let comments = match comments {
            Comments::Kept => "--comments",
            Comments::TakenOut => "--skip-comments",
        };
        let output = Command::new(&self.program)
            // MySQL's client understands `\g` and the like only with `--commands`, which MariaDB's does not know.
            .args(["--no-defaults", "--default-character-set=utf8mb4", "--loose-commands=1", comments])
            .args(["--host=127.0.0.1", &format!("--port={}", self.server.port()), "--user=root"])
            .args(["--database=corpus"])
            .stdin(File::open(file).unwrap())
            .output()
            .unwrap();
        let sent = "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE command_type = 'Query' \
                    AND thread_id <> CONNECTION_ID()";
        let mut statements: Vec<String> = conn.query(sent).await.unwrap();
        // The client's own questions.
        statements.retain(|sent| !["select @@version_comment limit 1", "select $$"].contains(&sent.as_str()));
        conn.disconnect().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Sent { success: output.status.success(), said, statements }
    }
}

/// The client that lies beside a MySQL server, else the one on `PATH`.
fn program() -> PathBuf {
    let server = find_server().unwrap();
    let is_mysql = Engine::of(&server).unwrap().kind == EngineKind::MySql;
    let beside = server.parent().filter(|_| is_mysql).map(|folder| folder.join("mysql"));
    let path = env::var_os("PATH").unwrap_or_default();
    let named = |name| env::split_paths(&path).map(move |folder| folder.join(name));
    let mut candidates = beside.into_iter().chain(named("mariadb")).chain(named("mysql"));
    candidates.find(|program| program.is_file()).unwrap_or_else(|| {
        panic!(
            "this test needs the client `mariadb`, which is not on this machine. `cargo xtask test` installs it; or \
             type: apt-get install mariadb-client-core"
        )
    })
}
