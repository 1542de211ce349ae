//! Statements that wait in vain for a lock.

use std::time::Duration;

use kseekers_embedded_mysql::{EmbeddedMysql, TestDatabase};
use kseekers_migrator::{MigrateError, Migrator, Options, Progress};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use tokio::sync::oneshot;

use crate::waits::until;
use crate::{DATABASES, Files, account, as_user, connect, execute, migrator_with, ran, rows};

const BUSY: &str = "CREATE TABLE busy (id INT PRIMARY KEY, n INT); INSERT INTO busy VALUES (1, 0)";

/// Runs a file while somebody else has row 1 and with it the table, and takes them away when the runner has given way.
/// Returns how often it has.
async fn give_way(db: &TestDatabase, file: &str) -> Result<u32, MigrateError> {
    execute(db, BUSY).await;
    let mut other = connect(db).await;
    other.query_drop("START TRANSACTION; UPDATE busy SET n = 10 WHERE id = 1").await.unwrap();
    let (told, gave_way) = oneshot::channel();
    let mut told = Some(told);
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(1));
    let set = crate::history([("01_a.sql", file)]);
    let mut runner = Migrator::connect_with(db.opts(), set, options).await.unwrap();
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

#[tokio::test]
async fn the_migrators_own_rows_are_waited_for_too() {
    let db = DATABASES.take().await;
    crate::migrator(&db, &[("01_a.sql", "DO 1")]).await.up(None).await.unwrap();
    let mut other = connect(&db).await;
    other.query_drop("START TRANSACTION").await.unwrap();
    other.query_drop("SELECT version FROM schema_migrations_journal FOR UPDATE").await.unwrap();
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(1));
    let files: Files = &[("01_a.sql", "DO 1"), ("02_b.sql", "DO 2")];
    let mut runner = migrator_with(&db, files, options).await;
    let running = tokio::spawn(async move { runner.up(None).await });
    let waiting = format!(
        "SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist \
         ON id = trx_mysql_thread_id WHERE db = '{}' AND trx_state = 'LOCK WAIT'",
        db.name()
    );
    // It has come to the row, and has given way. The server tells nothing new to who asks more often than each 100 ms.
    for at_the_row in [1, 0] {
        until("the runner at the row", async || {
            tokio::time::sleep(Duration::from_millis(200)).await;
            (rows::<u64>(&db, &waiting).await == [at_the_row]).then_some(())
        })
        .await;
    }
    other.query_drop("COMMIT").await.unwrap();
    assert_eq!(ran(&running.await.unwrap().unwrap()), ["02_b.sql"]);
}

/// The error of a runner that tries once.
async fn in_vain(opts: impl Into<Opts>, file: &str) -> String {
    let options =
        Options::default().with_lock_wait_timeout(Duration::from_secs(1)).with_lock_wait_attempts(1);
    let set = crate::history([("01_a.sql", file)]);
    let mut runner = Migrator::connect_with(opts, set, options).await.unwrap();
    crate::sentence(runner.up(None).await)
}

#[tokio::test]
async fn a_statement_that_waited_in_vain_names_transactions_that_may_be_in_its_way() {
    let db = DATABASES.take().await;
    execute(&db, BUSY).await;
    let mut other = connect(&db).await;
    other.query_drop("START TRANSACTION; UPDATE busy SET n = 10 WHERE id = 1").await.unwrap();
    for file in [
        "ALTER TABLE busy ADD COLUMN more INT",
        "UPDATE busy SET n = n + 1",
        "START TRANSACTION; UPDATE busy SET n = 1; COMMIT",
    ] {
        let refusal = in_vain(db.opts(), file).await;
        let lines: Vec<&str> = refusal.lines().collect();
        assert!(lines[0].contains("Lock wait timeout exceeded"), "{refusal}");
        let start = "Open transactions, maybe in its way: ";
        assert!(lines[1].starts_with(start), "{refusal}");
        assert!(lines[1].contains(&format!("connection {} from root@", other.id())), "{refusal}");
        assert!(lines[1].ends_with(". Wait for their end, or end them with KILL."), "{refusal}");
        assert!(lines[2].starts_with("No statement of the file was completed"), "{refusal}");
    }
    let user = account(&db).await;
    execute(&db, &format!("GRANT ALL ON {}.* TO {user}", db.name())).await;
    let refusal = in_vain(as_user(&db, user), "ALTER TABLE busy ADD COLUMN more INT").await;
    let expected = "\nNobody in its way is to be seen: they have ended meanwhile, or this user has not the privilege PROCESS.\n";
    assert!(refusal.contains(expected), "{refusal}");
}

#[tokio::test]
async fn where_the_server_watches_locks_those_who_have_the_table_are_named_and_no_others() {
    let watched =
        ["--performance-schema=ON", "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON"];
    let options = watched
        .into_iter()
        .fold(kseekers_embedded_mysql::Options::default(), |options, argument| options.argument(argument));
    let server = EmbeddedMysql::start(options).await.unwrap();
    let mut bystander = Conn::new(server.opts()).await.unwrap();
    let sql = format!("CREATE DATABASE shop; USE shop; CREATE TABLE free (id INT PRIMARY KEY); {BUSY}");
    bystander.query_drop(sql).await.unwrap();
    bystander.query_drop("START TRANSACTION; INSERT INTO free VALUES (1)").await.unwrap();
    let opts = server.opts().db_name(Some("shop"));
    let mut other = Conn::new(opts.clone()).await.unwrap();
    for (lock, file) in [
        ("LOCK TABLES busy READ", "ALTER TABLE shop.busy ADD COLUMN more INT"),
        ("UNLOCK TABLES; START TRANSACTION; SELECT n FROM busy FOR UPDATE", "UPDATE busy SET n = n + 1"),
    ] {
        other.query_drop(lock).await.unwrap();
        let refusal = in_vain(opts.clone(), file).await;
        let start = format!("\nIn its way: connection {} from root@", other.id());
        assert!(refusal.contains(&start), "{refusal}");
        assert!(!refusal.contains(&format!("connection {}", bystander.id())), "{refusal}");
    }
}
