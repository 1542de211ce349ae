//! Statements that wait in vain for a lock.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Options, Progress};
use mysql_async::prelude::Queryable;
use tokio::sync::oneshot;

use crate::{DATABASES, connect, execute, rows};

/// Runs a file while somebody else has row 1 and with it the table, and takes them away when the runner has given way.
/// Returns how often it has.
async fn give_way(db: &TestDatabase, file: &str) -> Result<u32, MigrateError> {
    execute(db, "CREATE TABLE busy (id INT PRIMARY KEY, n INT); INSERT INTO busy VALUES (1, 0)").await;
    let mut other = connect(db).await;
    other.query_drop("START TRANSACTION; UPDATE busy SET n = 10 WHERE id = 1").await.unwrap();
    let (told, gave_way) = oneshot::channel();
    let mut told = Some(told);
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(1));
    let set = crate::history([("01_a.sql", file)]);
    let mut runner = kseekers_migrator::Migrator::connect_with(db.opts(), set, options).await.unwrap();
    let running = tokio::spawn(async move {
        let mut attempts = 0;
        let mut watch = |progress: Progress<'_>| {
            if let Progress::Again { attempt, .. } = progress {
                attempts = attempt;
                told.take().into_iter().for_each(|told| told.send(()).unwrap());
            }
        };
        let ran = runner.up_with(None, &mut watch).await;
        drop(told);
        ran.map(|_| attempts)
    });
    if gave_way.await.is_ok() {
        // Whoever waits behind the runner is let through.
        execute(db, "SET SESSION lock_wait_timeout = 1; SELECT COUNT(*) FROM busy").await;
    }
    other.query_drop("COMMIT").await.unwrap();
    running.await.unwrap()
}

#[tokio::test]
async fn the_change_of_a_table_that_is_in_use_gives_way_and_is_tried_again() {
    let db = DATABASES.take().await;
    let attempts = give_way(&db, "ALTER TABLE busy ADD COLUMN more INT").await.unwrap();
    assert!(attempts >= 2, "{attempts}");
    assert_eq!(rows::<(i32, i32, Option<i32>)>(&db, "SELECT * FROM busy").await, [(1, 10, None)]);
}

#[tokio::test]
async fn the_change_of_a_row_that_is_locked_gives_way_and_takes_effect_once() {
    let db = DATABASES.take().await;
    let file = "INSERT INTO busy VALUES (2, 0); UPDATE busy SET n = n + 1";
    let attempts = give_way(&db, file).await.unwrap();
    assert!(attempts >= 2, "{attempts}");
    assert_eq!(rows::<(i32, i32)>(&db, "SELECT * FROM busy").await, [(1, 11), (2, 1)]);
    let states = rows::<String>(&db, "SELECT state FROM schema_migrations_journal ORDER BY statement").await;
    assert_eq!(states, ["done", "done"]);
}

#[tokio::test]
async fn a_statement_in_a_transaction_of_the_file_is_not_tried_again() {
    let db = DATABASES.take().await;
    let file = "START TRANSACTION; INSERT INTO busy VALUES (2, 0); UPDATE busy SET n = n + 1; COMMIT";
    let refusal = crate::sentence(give_way(&db, file).await);
    assert!(
        refusal.starts_with("01_a.sql, line 1, statement 3 of 4: Lock wait timeout exceeded"),
        "{refusal}"
    );
}
