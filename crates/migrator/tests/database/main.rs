//! The migrator on a real server, each test in a database of its own.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail in the shortest way"
)]

mod adopt;
mod again;
mod ahead;
#[cfg(feature = "cli")]
mod answers;
mod baseline;
#[cfg(feature = "cli")]
mod commands;
mod crash;
mod cut;
#[path = "../chaos/dice.rs"]
mod dice;
mod dump;
mod example;
mod files;
mod guide;
mod history;
mod in_flight;
mod journal;
mod ledger;
mod limit;
mod lint;
mod no_trace;
mod plan;
mod proxy;
mod recipes;
#[cfg(feature = "cli")]
mod repair;
mod runners;
mod runs_on;
mod schema;
mod scratch;
mod setup;
mod unfinished;
mod verify;
mod wait;
mod waits;
#[path = "../chaos/wanted.rs"]
mod wanted;

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Options, Report};
use mysql_async::prelude::{FromRow, Queryable};
use mysql_async::{Conn, Opts, OptsBuilder};

static DATABASES: TestDatabases = TestDatabases::empty();

/// The files of a history as names and texts.
type Files = &'static [(&'static str, &'static str)];

fn set(files: Files) -> MigrationSet {
    history(files.iter().copied())
}

/// A history of these files; what has no way back is marked as a one-way step.
fn history<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> MigrationSet {
    let mut files: Vec<(String, String)> =
        files.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    for (name, text) in &mut files {
        if !name.starts_with('R') && !names.contains(&format!("R{name}")) {
            text.push_str("\n-- migrate: irreversible");
        }
    }
    MigrationSet::from_files(files).unwrap()
}

async fn migrator(db: &TestDatabase, files: Files) -> Migrator {
    Migrator::connect(db.opts(), set(files)).await.unwrap()
}

async fn migrator_with(db: &TestDatabase, files: Files, options: Options) -> Migrator {
    Migrator::connect_with(db.opts(), set(files), options).await.unwrap()
}

/// The names of the files that were run.
fn ran(report: &Report) -> Vec<&str> {
    report.files.iter().map(|file| file.file.as_str()).collect()
}

/// What a test looks into: a database of its own, or one on a server of its own.
trait Database {
    fn opts(&self) -> Opts;
}

impl Database for TestDatabase {
    fn opts(&self) -> Opts {
        TestDatabase::opts(self)
    }
}

impl Database for Opts {
    fn opts(&self) -> Opts {
        self.clone()
    }
}

async fn connect(db: &impl Database) -> Conn {
    Conn::new(db.opts()).await.unwrap()
}

async fn rows<T: FromRow + Send + 'static>(db: &impl Database, sql: &str) -> Vec<T> {
    let mut conn = connect(db).await;
    let rows = conn.query(sql).await.unwrap();
    conn.disconnect().await.unwrap();
    rows
}

async fn execute(db: &impl Database, sql: &str) {
    let mut conn = connect(db).await;
    conn.query_drop(sql).await.unwrap();
    conn.disconnect().await.unwrap();
}

/// Tables without the journal, which is there wherever the ledger is, in the order of their names.
async fn tables(db: &TestDatabase) -> Vec<String> {
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
               AND table_name NOT LIKE 'schema\\_migrations\\_%' ORDER BY table_name";
    rows(db, sql).await
}

/// The ledger as version and state.
async fn ledger(db: &TestDatabase) -> Vec<(String, String)> {
    rows(db, "SELECT version, state FROM schema_migrations ORDER BY id").await
}

/// An account without any right.
async fn account(db: &TestDatabase) -> String {
    let user = format!("user_{}", db.name());
    execute(db, &format!("DROP USER IF EXISTS {user}; CREATE USER {user}")).await;
    user
}

/// The connection options of an account.
fn as_user(db: &TestDatabase, user: String) -> Opts {
    OptsBuilder::from_opts(db.opts()).user(Some(user)).into()
}

fn sentence<T: std::fmt::Debug>(result: Result<T, MigrateError>) -> String {
    result.unwrap_err().to_string()
}
