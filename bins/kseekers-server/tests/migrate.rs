//! `kseekers-migrate` as a person or a CI job runs it.
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::path::Path;
use std::process::{Command, Output};

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use kseekers_migrator::MigrationSet;
use mysql_async::prelude::Queryable;

static DATABASES: TestDatabases = TestDatabases::empty();

/// The program in an empty directory, with nothing in its environment but these.
fn migrate(arguments: &str, environment: &[(&str, &str)]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    migrate_in(directory.path(), arguments, environment)
}

fn migrate_in(directory: &Path, arguments: &str, environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kseekers-migrate"))
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

/// The settings that lead to a test's database.
fn settings(database: &TestDatabase) -> Vec<(String, String)> {
    let port = database.port().to_string();
    let all = [
        ("db_host", database.host()),
        ("db_port", &port),
        ("db_user", database.user()),
        ("db_password", database.password()),
        ("mp_database", database.name()),
    ];
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn borrowed(settings: &[(String, String)]) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn ends_with(output: &Output, code: i32, expected: &str) {
    let text = text(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(expected), "expected {expected:?} in:\n{text}");
}

async fn tables(database: &TestDatabase) -> Vec<String> {
    let mut connection = mysql_async::Conn::new(database.opts()).await.unwrap();
    let tables = connection.query("SHOW TABLES").await.unwrap();
    connection.disconnect().await.unwrap();
    tables
}

#[tokio::test]
async fn the_built_in_history_goes_up_and_down_with_exit_code_zero() {
    let database = DATABASES.take().await;
    let settings = settings(&database);
    let settings = borrowed(&settings);
    ends_with(&migrate("migrate up", &settings), 0, "Applied");
    assert!(tables(&database).await.contains(&"users".to_owned()));
    let ours = MigrationSet::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).unwrap();
    let head = ours.head().unwrap().version;
    ends_with(&migrate("status", &settings), 0, &format!("The schema is at {head}"));
    ends_with(&migrate("", &settings), 0, "Nothing to do");
    let confirm = format!("--confirm {}", database.name());
    ends_with(&migrate("down", &settings), 2, &confirm);
    ends_with(&migrate(&format!("down {confirm}"), &settings), 0, "Rolled back");
    assert!(!tables(&database).await.contains(&"users".to_owned()));
}

#[tokio::test]
async fn the_built_in_history_is_tried_there_and_back_beside_the_database() {
    let database = DATABASES.take().await;
    let settings = settings(&database);
    ends_with(&migrate("verify", &borrowed(&settings)), 0, "down and up again gives the same schema");
    assert!(tables(&database).await.is_empty());
}

#[tokio::test]
async fn setup_creates_a_database_that_is_not_there_and_fills_it_in_development_only() {
    let database = DATABASES.take().await;
    let mut settings = settings(&database);
    let name = format!("{}_new", database.name());
    settings[4].1.clone_from(&name);
    let settings = borrowed(&settings);
    ends_with(&migrate("setup --sample", &settings), 78, "Sample data is refused in production");
    ends_with(&migrate("dev setup --sample", &settings), 0, "Sample data is loaded");
    let mut connection = mysql_async::Conn::new(database.opts()).await.unwrap();
    let users: Option<u64> =
        connection.query_first(format!("SELECT COUNT(*) FROM `{name}`.users")).await.unwrap();
    assert!(users.is_some_and(|users| users > 0));
    connection.query_drop(format!("DROP DATABASE `{name}`")).await.unwrap();
    connection.disconnect().await.unwrap();
}

#[test]
fn lint_needs_no_database_and_ends_with_one_where_something_was_found() {
    let nowhere = ("db_host", "127.0.0.1");
    ends_with(&migrate("lint", &[nowhere, ("db_port", "1")]), 0, "Nothing was found in");
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("01_a.sql", "DROP TABLE a"), ("R01_a.sql", "DO 0")] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let folder = directory.path().to_str().unwrap();
    let found = migrate("migrate lint", &[nowhere, ("db_port", "1"), ("migrations_dir", folder)]);
    ends_with(&found, 1, "01_a.sql, line 1: drop-table: drops table `a`");
}

#[tokio::test]
async fn a_directory_of_migrations_replaces_the_built_in_ones() {
    let database = DATABASES.take().await;
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("mine")).unwrap();
    let mut settings = settings(&database);
    settings.push(("MIGRATIONS_DIR".into(), "mine".into()));
    let settings = borrowed(&settings);
    ends_with(
        &migrate_in(directory.path(), "create --name add_notes", &settings),
        0,
        "mine/01_add_notes.sql",
    );
    std::fs::write(directory.path().join("mine/01_add_notes.sql"), "CREATE TABLE notes (id INT);").unwrap();
    ends_with(&migrate_in(directory.path(), "up", &settings), 0, "01_add_notes.sql");
    assert!(tables(&database).await.contains(&"notes".to_owned()));
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_is_told_first_and_leaves_the_database_as_it_was() {
    let database = DATABASES.take().await;
    let mut settings = settings(&database);
    settings.push(("migrations_dir".into(), "gone".into()));
    let there = migrate("up", &borrowed(&settings));
    settings[1].1 = "1".into();
    let away = migrate("up", &borrowed(&settings));
    for output in [there, away] {
        ends_with(&output, 1, "Cannot read gone");
        assert!(!text(&output).contains("This was database") && !text(&output).contains("Cannot connect"));
    }
    assert_eq!(tables(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn eight_processes_at_once_run_each_statement_once_and_all_exit_with_zero() {
    let database = DATABASES.take().await;
    let mut connection = mysql_async::Conn::new(database.opts()).await.unwrap();
    connection.query_drop("CREATE TABLE runs (id INT AUTO_INCREMENT PRIMARY KEY, file INT)").await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    for n in 1..=50 {
        let text =
            format!("INSERT INTO runs (file) VALUES ({n}); DO SLEEP(0.001);\n-- migrate: irreversible");
        std::fs::write(directory.path().join(format!("{n:02}_f.sql")), text).unwrap();
    }
    let mut settings = settings(&database);
    settings.push(("MIGRATIONS_DIR".into(), directory.path().to_str().unwrap().into()));
    std::thread::scope(|scope| {
        let up = || migrate("up", &borrowed(&settings));
        let runners: Vec<_> = (0..8).map(|_| scope.spawn(up)).collect();
        for runner in runners {
            ends_with(&runner.join().unwrap(), 0, "the schema is at 50.");
        }
    });
    let runs: Vec<i32> = connection.query("SELECT file FROM runs ORDER BY id").await.unwrap();
    assert_eq!(runs, (1..=50).collect::<Vec<_>>());
    let sql = "SELECT state, COUNT(*) FROM schema_migrations_journal GROUP BY state";
    assert_eq!(connection.query::<(String, u32), _>(sql).await.unwrap(), [("done".to_owned(), 100)]);
    connection.disconnect().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_cannot_be_continued_is_marked_by_its_number() {
    let database = DATABASES.take().await;
    let directory = tempfile::tempdir().unwrap();
    let of_a_procedure = "CREATE TABLE notes (id INT PRIMARY KEY); CALL not_there()";
    for (name, text) in [("01_notes.sql", of_a_procedure), ("R01_notes.sql", "DROP TABLE notes")] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let mut settings = settings(&database);
    settings.push(("migrations_dir".into(), ".".into()));
    let settings = borrowed(&settings);
    ends_with(&migrate_in(directory.path(), "up", &settings), 1, "mark-applied --version 01");
    ends_with(&migrate_in(directory.path(), "up", &settings), 12, "mark-applied --version 01");
    let marked = migrate_in(directory.path(), "mark-applied --version 01 --yes", &settings);
    ends_with(&marked, 0, "Migration 01 counts as applied");
    ends_with(&migrate_in(directory.path(), "status --exit-code", &settings), 0, "The schema is at 01");
}

#[tokio::test]
async fn a_wrong_password_is_told_with_user_and_where_the_settings_come_from() {
    let database = DATABASES.take().await;
    // A user that exists: to an unknown one MySQL may offer a way to sign in that the driver does not know.
    let mut connection = mysql_async::Conn::new(database.opts()).await.unwrap();
    connection.query_drop("CREATE USER somebody IDENTIFIED BY 'right'").await.unwrap();
    connection.disconnect().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let port = database.port();
    let file = format!("db_host=127.0.0.1\ndb_port={port}\ndb_user=nobody\ndb_password=not-this-one\n");
    std::fs::write(directory.path().join(".env"), file).unwrap();
    let output = migrate_in(directory.path(), "up", &[("db_user", "somebody")]);
    ends_with(&output, 1, "Access denied for user 'somebody'");
    ends_with(&output, 1, "db_user = somebody (environment db_user)");
    ends_with(&output, 1, "db_password = (set) (.env line 4)");
    ends_with(&output, 1, "Warning: db_user: environment db_user (somebody) wins over .env line 3 (nobody)");
    assert!(!text(&output).contains("not-this-one"));
}

#[test]
fn a_server_that_is_not_there_is_told_with_host_and_port() {
    // Port 1 of the loopback address: nothing listens there.
    let output = migrate("up", &[("db_host", "127.0.0.1"), ("db_port", "1")]);
    ends_with(&output, 1, "Cannot connect");
    ends_with(&output, 1, "database kseekers on 127.0.0.1:1 as user root");
}

#[test]
fn what_is_wrong_ends_with_the_exit_code_of_its_kind() {
    ends_with(&migrate("upp", &[]), 2, "upp");
    ends_with(&migrate("--env-file", &[]), 2, "Usage: kseekers-migrate");
    ends_with(&migrate("--env-file gone.env up", &[]), 78, "gone.env cannot be read");
    ends_with(&migrate("up", &[("db_port", "none"), ("DB_CONN_POOL", "many")]), 78, "2 problems");
    ends_with(&migrate("--help", &[]), 0, "Usage: kseekers-migrate");
    ends_with(&migrate("--version", &[]), 0, env!("CARGO_PKG_VERSION"));
}

#[test]
fn standard_output_has_one_answer_in_json_whatever_goes_wrong() {
    for (arguments, environment, code, outcome) in [
        ("upp --json", ("db_port", "1"), 2, "usage"),
        ("up --json", ("db_port", "none"), 78, "failed"),
        ("setup --sample --json", ("db_port", "1"), 78, "failed"),
        ("up --json", ("db_port", "1"), 1, "failed"),
        ("up --json", ("migrations_dir", "gone"), 1, "failed"),
        ("lint --json", ("db_port", "1"), 0, "done"),
    ] {
        let output = migrate(arguments, &[environment]);
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments}: {answer}");
        assert_eq!(
            (answer["exit_code"].as_i64(), answer["outcome"].as_str()),
            (Some(code.into()), Some(outcome))
        );
    }
}

#[test]
fn a_missing_secret_or_mail_server_does_not_stop_migrations() {
    let output = migrate("up", &[("db_port", "1"), ("environment", "production"), ("smtp_port", "none")]);
    ends_with(&output, 1, "Cannot connect");
}

#[cfg(not(feature = "http"))]
#[test]
fn a_build_without_tls_refuses_to_connect_in_the_clear_when_tls_is_required() {
    ends_with(&migrate("up", &[("db_port", "1"), ("db_tls", "required")]), 78, "kseekers-server migrate");
}

#[cfg(feature = "http")]
#[tokio::test]
async fn a_server_without_a_trusted_certificate_is_not_spoken_to_when_tls_is_required() {
    let database = DATABASES.take().await;
    let mut settings = settings(&database);
    settings.push(("db_tls".into(), "required".into()));
    ends_with(&migrate("up", &borrowed(&settings)), 1, "Cannot connect");
    assert_eq!(tables(&database).await, Vec::<String>::new());
}
