//! What `plan` promises: it only reads, and waits for nobody.

use std::time::Duration;

use kseekers_migrator::{Direction, MigrateError, Migrator, Options, SqlFile};
use mysql_async::prelude::Queryable;

use crate::proxy::{Cut, Proxy};
use crate::waits::until_shown;
use crate::{DATABASES, Files, connect, execute, migrator, migrator_with, ran, set, tables};

const NOTES: Files = &[
    ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY)"),
    ("R01_notes.sql", "DROP TABLE notes"),
    ("02_more.sql", "CREATE TABLE more (id INT PRIMARY KEY)"),
    ("R02_more.sql", "DROP TABLE more"),
];
const CHANGED: Files = &[("01_notes.sql", "CREATE TABLE notes (id BIGINT PRIMARY KEY)"), NOTES[1]];

#[tokio::test]
async fn a_plan_is_made_in_a_session_that_can_only_read_and_takes_no_lock() {
    let db = DATABASES.take().await;
    migrator(&db, NOTES).await.up("01".parse().ok()).await.unwrap();
    for files in [NOTES, CHANGED] {
        let proxy = Proxy::to(&db.opts(), Cut::Never).await;
        let mut migrator = Migrator::connect(proxy.opts(db.opts()), set(files)).await.unwrap();
        proxy.requests();
        let planned = migrator.plan(Direction::Up, None).await;
        assert_eq!(matches!(planned, Err(MigrateError::NotOurs { .. })), files == CHANGED, "{planned:?}");
        // As the command does after it.
        migrator.status().await.unwrap();
        let sql = proxy.sql();
        assert_eq!(sql[0], "SET SESSION TRANSACTION READ ONLY");
        let only_reads = |sql: &String| sql.starts_with("SELECT ") && !sql.contains("GET_LOCK");
        assert!(sql.len() >= 2 && sql[1..].iter().all(only_reads), "{sql:?}");
    }
}

#[tokio::test]
async fn what_was_planned_can_be_done_over_the_same_connection() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, NOTES).await;
    for direction in [Direction::Up, Direction::Down] {
        migrator.plan(direction, None).await.unwrap();
        let run = match direction {
            Direction::Up => migrator.up(None).await,
            Direction::Down => migrator.down(None).await,
        };
        assert_eq!(ran(&run.unwrap()).len(), 2);
    }
    assert_eq!(tables(&db).await, ["schema_migrations"]);
}

#[tokio::test]
async fn a_plan_does_not_wait_for_a_runner_that_is_at_work() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut keeper = connect(&db).await;
    keeper.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(60));
    let mut runner = migrator_with(&db, &[], options).await;
    let at_work = tokio::spawn(async move {
        runner.load(&[SqlFile::new("gate.sql", "INSERT INTO gate VALUES (1)")], &mut |_| {}).await
    });
    until_shown(&db, "INSERT INTO gate%").await;

    let impatient = Options::default().with_lock_timeout(Duration::ZERO);
    let mut second = migrator_with(&db, NOTES, impatient).await;
    assert_eq!(second.plan(Direction::Up, None).await.unwrap().steps.len(), 2);
    assert!(matches!(second.up(None).await, Err(MigrateError::Busy { .. })));
    keeper.query_drop("UNLOCK TABLES").await.unwrap();
    at_work.await.unwrap().unwrap();
}
