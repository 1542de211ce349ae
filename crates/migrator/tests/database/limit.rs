//! Statements that take longer than they may.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Migrator, Options, Report, SqlFile};
use mysql_async::prelude::Queryable;
use tokio::time::timeout;

use crate::proxy::{Cut, Proxy};
use crate::waits::until_shown;
use crate::{
    DATABASES, Files, connect, execute, ledger, migrator, migrator_with, rows, sentence, set, tables,
};

const SECOND: Duration = Duration::from_secs(1);
/// Longer than a test takes.
const LONG: Duration = Duration::from_secs(300);

fn limited() -> Options {
    Options::default().with_statement_timeout(Some(SECOND)).with_lock_wait_timeout(LONG)
}

/// Runs the files while somebody has table `gate` locked, and says how that ended.
async fn run_against_a_lock(db: &TestDatabase, files: Files) -> MigrateError {
    execute(db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let stopped = migrator_with(db, files, limited()).await.up(None).await.unwrap_err();
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    stopped
}

#[tokio::test]
async fn a_change_of_rows_that_takes_too_long_is_stopped_and_run_by_the_next_run() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "CREATE TABLE runs (id INT PRIMARY KEY); INSERT INTO gate VALUES (1)")];
    let stopped = run_against_a_lock(&db, files).await;
    assert!(
        matches!(stopped, MigrateError::StatementTimeout { number: 2, limit: SECOND, .. }),
        "{stopped:?}"
    );
    assert_eq!(
        stopped.to_string(),
        "01_a.sql, line 1, statement 2 of 2 was stopped: it did not end within 1 s.\n\
         Statement 1 is done: mend the file from statement 2 on, or what is in its way, and run the same command again. It \
         goes on there."
    );
    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);
    assert!(rows::<i32>(&db, "SELECT id FROM gate").await.is_empty());

    migrator(&db, files).await.up(None).await.unwrap();
    assert_eq!(rows::<i32>(&db, "SELECT id FROM gate").await, [1]);
}

#[tokio::test]
async fn a_change_of_a_table_that_takes_too_long_is_stopped_and_leaves_the_table() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "ALTER TABLE gate ADD COLUMN more INT")];
    let stopped = run_against_a_lock(&db, files).await;
    assert!(stopped.to_string().contains("No statement of the file was completed"), "{stopped}");
    assert!(ledger(&db).await.is_empty());
    migrator(&db, files).await.up(None).await.unwrap();
    assert_eq!(tables(&db).await, ["gate", "schema_migrations"]);
}

#[tokio::test]
async fn a_runner_that_stopped_a_statement_can_go_on_with_others() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let mut runner = migrator_with(&db, &[("01_a.sql", "INSERT INTO gate VALUES (1)")], limited()).await;
    runner.up(None).await.unwrap_err();
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    assert_eq!(runner.up(None).await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn statements_that_end_in_time_or_have_no_limit_are_left_alone() {
    let files: Files =
        &[("01_a.sql", "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t SELECT 1 + SLEEP(0.5)")];
    for limit in [LONG, Duration::ZERO] {
        let db = DATABASES.take().await;
        let options = Options::default().with_statement_timeout(Some(limit));
        migrator_with(&db, files, options).await.up(None).await.unwrap();
        assert_eq!(rows::<i32>(&db, "SELECT id FROM t").await, [1]);
    }
}

/// Runs a statement that takes too long on a server that is out of reach by then, and says how that ended.
async fn cut_off(run: impl AsyncFnOnce(&mut Migrator) -> Result<Report, MigrateError>) -> MigrateError {
    let db = DATABASES.take().await;
    let proxy = Proxy::to(&db.opts(), Cut::Never).await;
    let set = set(&[("01_a.sql", "DO SLEEP(600)")]);
    let options = limited().with_statement_timeout(Some(2 * SECOND));
    let mut runner = Migrator::connect_with(proxy.opts(db.opts()), set, options).await.unwrap();
    let cut_off = async {
        until_shown(&db, "DO SLEEP(600)%").await;
        proxy.silence();
    };
    let ended = timeout(LONG, async { tokio::join!(run(&mut runner), cut_off) }).await;
    let stopped = ended.unwrap().0.unwrap_err();
    assert!(matches!(stopped, MigrateError::StatementTimeout { .. }), "{stopped:?}");
    stopped
}

#[tokio::test]
async fn a_server_that_is_out_of_reach_by_then_does_not_hold_the_runner_for_ever() {
    let stopped = cut_off(async |runner| runner.up(None).await).await;
    assert!(stopped.to_string().contains("Run the same command again: it waits for the server"), "{stopped}");
}

#[tokio::test]
async fn a_server_that_is_out_of_reach_does_not_hold_one_who_loads_a_file_either() {
    cut_off(async |runner| runner.load(&[SqlFile::new("a.sql", "DO SLEEP(600)")], &mut |_| {}).await).await;
}

#[tokio::test]
async fn a_transaction_of_the_file_in_which_one_takes_too_long_is_run_from_its_beginning() {
    let db = DATABASES.take().await;
    let files: Files = &[(
        "01_a.sql",
        "CREATE TABLE runs (id INT PRIMARY KEY);
         START TRANSACTION; INSERT INTO runs VALUES (1); INSERT INTO gate VALUES (1); COMMIT",
    )];
    let stopped = run_against_a_lock(&db, files).await;
    assert!(matches!(stopped, MigrateError::StatementTimeout { number: 4, .. }), "{stopped:?}");
    assert!(
        stopped.to_string().contains("\nStatement 1 is done: mend the file from statement 2 on"),
        "{stopped}"
    );
    assert!(rows::<i32>(&db, "SELECT id FROM runs").await.is_empty());

    migrator(&db, files).await.up(None).await.unwrap();
    assert_eq!(rows::<i32>(&db, "SELECT runs.id + gate.id FROM runs, gate").await, [2]);
}

/// What is not rolled back with a statement that was stopped may be done in part.
#[tokio::test]
async fn where_nothing_shows_what_a_stopped_statement_has_done_the_next_run_stops_and_asks() {
    let procedure = &[(
        "01_a.sql",
        "CREATE TABLE runs (id INT);
         CREATE PROCEDURE fill() INSERT INTO gate VALUES (1);
         CALL fill()",
    )];
    let no_transactions = &[(
        "01_a.sql",
        "CREATE TABLE runs (id INT) ENGINE=MyISAM; DO 0; INSERT INTO runs SELECT id FROM gate",
    )];
    let cases: [(Files, &str); 2] = [
        (procedure, "nothing shows whether this statement took effect"),
        (no_transactions, "so a part of it may be done"),
    ];
    for (files, why) in cases {
        let db = DATABASES.take().await;
        let stopped = run_against_a_lock(&db, files).await;
        assert!(matches!(stopped, MigrateError::StatementTimeout { number: 3, .. }), "{stopped:?}");
        let refusal = sentence(migrator(&db, files).await.up(None).await);
        assert!(refusal.contains(why), "{refusal}");
        assert!(
            refusal.contains("\n- If it took effect: `resume --skip-statement` goes on after it.\n"),
            "{refusal}"
        );
        assert!(stopped.to_string().ends_with(&refusal), "{stopped}");
    }
}
