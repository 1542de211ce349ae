//! Several runners at once, and runners that die.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{Holder, MigrateError, Migrator, Options, Progress, Report};
use mysql_async::prelude::Queryable;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::waits::until_shown;
use crate::{DATABASES, Files, connect, execute, ledger, migrator, migrator_with, ran, rows, sentence};

/// A file that stops at its second statement while somebody else has table `gate` locked.
const GATED: Files = &[(
    "01_a.sql",
    "CREATE TABLE runs (id INT AUTO_INCREMENT PRIMARY KEY); INSERT INTO gate VALUES (1); INSERT INTO runs VALUES ()",
)];

const AT_THE_GATE: &str = "INSERT INTO gate%";

/// Starts a runner and comes back when it stands at the gate.
async fn start_at_the_gate(db: &TestDatabase) -> JoinHandle<Result<(), MigrateError>> {
    let mut runner =
        migrator_with(db, GATED, Options::default().with_lock_wait_timeout(Duration::from_secs(60))).await;
    let (arrived, at_the_gate) = oneshot::channel();
    let mut arrived = Some(arrived);
    let running = tokio::spawn(async move {
        let mut watch = |progress: Progress<'_>| {
            if matches!(progress, Progress::Statement { number: 2, .. })
                && let Some(arrived) = arrived.take()
            {
                let _ = arrived.send(());
            }
        };
        runner.up_with(None, &mut watch).await.map(drop)
    });
    at_the_gate.await.unwrap();
    running
}

/// Starts a runner and comes back when it has said for whom it waits.
async fn start_and_wait(db: &TestDatabase) -> (JoinHandle<Result<Report, MigrateError>>, Holder) {
    let mut runner = migrator(db, GATED).await;
    let (told, waits) = oneshot::channel();
    let mut told = Some(told);
    let running = tokio::spawn(async move {
        let mut watch = |progress: Progress<'_>| {
            if let (Progress::Waiting { holder, .. }, Some(told)) = (progress, told.take()) {
                told.send(holder.clone()).unwrap();
            }
        };
        runner.up_with(None, &mut watch).await
    });
    (running, waits.await.unwrap())
}

#[tokio::test]
async fn eight_runners_at_once_run_each_statement_once() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE runs (id INT AUTO_INCREMENT PRIMARY KEY, file INT)").await;
    let files: Vec<(String, String)> = (1..=50)
        .map(|n| (format!("{n:02}_f.sql"), format!("INSERT INTO runs (file) VALUES ({n}); DO SLEEP(0.001)")))
        .collect();
    let set = crate::history(files);
    let runners = (0..8).map(|_| {
        let (opts, set) = (db.opts(), set.clone());
        tokio::spawn(async move { Migrator::connect(opts, set).await?.up(None).await })
    });
    let mut files = 0;
    for runner in runners.collect::<Vec<_>>() {
        files += ran(&runner.await.unwrap().unwrap()).len();
    }
    assert_eq!(files, 50);
    assert_eq!(rows::<i32>(&db, "SELECT file FROM runs ORDER BY id").await, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_second_runner_waits_for_the_first() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&db).await;

    let (second, holder) = start_and_wait(&db).await;
    assert_eq!(holder.connection, Some(until_shown(&db, AT_THE_GATE).await));
    assert_eq!(holder.user.as_deref(), Some("root"));
    assert!(holder.host.is_some() && holder.age.is_some(), "{holder:?}");
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    first.await.unwrap().unwrap();
    assert!(second.await.unwrap().unwrap().files.is_empty());
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM runs").await, [1]);
}

#[tokio::test]
async fn a_runner_that_waited_in_vain_names_the_connection_that_is_in_its_way() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&db).await;
    let holder = until_shown(&db, AT_THE_GATE).await;

    let options = Options::default().with_lock_timeout(Duration::from_secs(1));
    let refusal = sentence(migrator_with(&db, GATED, options).await.up(None).await);
    let start = format!("Another runner migrates this database: connection {holder} from ");
    assert!(refusal.starts_with(&start), "{refusal}");
    assert!(refusal.contains(" s at: INSERT INTO gate VALUES (1); waited 1 s. "), "{refusal}");
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn another_database_on_the_same_server_is_not_in_the_way() {
    let (one, other) = (DATABASES.take().await, DATABASES.take().await);
    execute(&one, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&one).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&one).await;
    migrator(&other, &[("01_a.sql", "DO 1")]).await.up(None).await.unwrap();
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_next_run_goes_on_where_one_was_killed() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&db).await;
    let dying = until_shown(&db, AT_THE_GATE).await;
    keeper.query_drop(format!("KILL {dying}")).await.unwrap();
    let lost = sentence(first.await.unwrap());
    assert!(lost.starts_with("01_a.sql, line 1, statement 2 of 3: "), "{lost}");
    let expected = "\nThe connection was lost. Run the same command again: it waits for the server, finds out how far this \
                    statement came, and goes on.";
    assert!(lost.ends_with(expected), "{lost}");
    keeper.query_drop("UNLOCK TABLES").await.unwrap();

    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);
    assert_eq!(going_on(&db, GATED).await, ["01_a.sql: 1 of 3"]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM gate").await, [1]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM runs").await, [1]);
}

/// Runs `up` to its end, and returns which files it went on with.
async fn going_on(db: &TestDatabase, files: Files) -> Vec<String> {
    let mut told = Vec::new();
    let mut watch = |progress: Progress<'_>| {
        if let Progress::GoingOn { file, done, of } = progress {
            told.push(format!("{file}: {done} of {of}"));
        }
    };
    migrator(db, files).await.up_with(None, &mut watch).await.unwrap();
    told
}

#[tokio::test]
async fn a_runner_that_went_away_while_the_server_works_is_waited_for_and_noticed() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&db).await;
    let at_work = until_shown(&db, AT_THE_GATE).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    let (second, holder) = start_and_wait(&db).await;
    assert_eq!(holder.connection, Some(at_work));
    assert_eq!(holder.statement.as_deref(), Some("INSERT INTO gate VALUES (1)"));
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    // Sent once by the one that went away, and known to be done or not.
    assert_eq!(ran(&second.await.unwrap().unwrap()), ["01_a.sql"]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM gate").await, [1]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM runs").await, [1]);
}

#[tokio::test]
async fn a_runner_that_lost_the_lock_sends_no_further_statement() {
    let db = DATABASES.take().await;
    let files: Files = &[(
        "01_a.sql",
        "SET SESSION sql_mode = ''; DO RELEASE_ALL_LOCKS(); CREATE TABLE after_it (id INT PRIMARY KEY)",
    )];
    let lost = migrator(&db, files).await.up(None).await.unwrap_err();
    assert!(matches!(lost, MigrateError::LockLost), "{lost:?}");
    assert!(!crate::tables(&db).await.contains(&"after_it".to_owned()));
    // Nor is anything written down any more: the statement that lost it is not done, the next one not started.
    let journal = "SELECT CONCAT(statement, ' ', state) FROM schema_migrations_journal ORDER BY statement";
    assert_eq!(rows::<String>(&db, journal).await, ["1 done", "2 started"]);
    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);
}

#[tokio::test]
async fn a_lock_that_the_last_statement_of_a_file_lost_keeps_the_next_file_from_beginning() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "DO RELEASE_ALL_LOCKS()"), ("02_b.sql", "DO 1")];
    let lost = migrator(&db, files).await.up(None).await.unwrap_err();
    assert!(matches!(lost, MigrateError::LockLost), "{lost:?}");
    // Whoever has the lock now may be at work on this row.
    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);
}

#[tokio::test]
async fn an_answer_that_is_no_yes_is_not_taken_for_the_lock() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let first = start_at_the_gate(&db).await;
    let (second, _) = start_and_wait(&db).await;
    let asking = until_shown(&db, "SELECT GET_LOCK%").await;
    keeper.query_drop(format!("KILL QUERY {asking}")).await.unwrap();
    // NULL on MariaDB, an error on MySQL.
    let refusal = second.await.unwrap().unwrap_err();
    assert!(matches!(refusal, MigrateError::LockRefused | MigrateError::Database(_)), "{refusal:?}");
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    first.await.unwrap().unwrap();
}
