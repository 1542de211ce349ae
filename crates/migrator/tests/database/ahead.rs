//! Files that are begun in the ledger while the last statement of the one before is at work.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Options, Opts, Unfinished, Version};
use mysql_async::prelude::Queryable;

use crate::proxy::{Cut, Proxy};
use crate::waits::{until_alone, until_shown};
use crate::{DATABASES, connect, execute, history, ledger, ran, rows, sentence, tables};

const FIRST: (&str, &str) = (
    "01_a.sql",
    "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN tag INT",
);
const SECOND: (&str, &str) = (
    "02_b.sql",
    "CREATE TABLE b (id INT PRIMARY KEY); INSERT INTO b VALUES (1); ALTER TABLE b ADD COLUMN tag INT",
);

/// Of all tables that are not the migrator's.
const COLUMNS: &str = "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns \
                       WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_migrations%' \
                       ORDER BY table_name, ordinal_position";

fn both() -> MigrationSet {
    history([FIRST, SECOND])
}

async fn up(db: &TestDatabase, set: MigrationSet) -> Result<Vec<String>, MigrateError> {
    up_over(db.opts(), set, None).await
}

async fn up_over(
    opts: Opts,
    set: MigrationSet,
    target: Option<Version>,
) -> Result<Vec<String>, MigrateError> {
    let report = Migrator::connect(opts, set).await?.up(target).await?;
    Ok(ran(&report).into_iter().map(str::to_owned).collect())
}

fn states(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|(version, state)| ((*version).to_owned(), (*state).to_owned())).collect()
}

/// A runner dies while the ALTER of the first file waits for a table that somebody reads. The second file is begun by then.
async fn killed_at_the_last_statement() -> TestDatabase {
    let db = DATABASES.take().await;
    let mut reader = connect(&db).await;
    execute(&db, "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)").await;
    reader.query_drop("START TRANSACTION; SELECT * FROM a").await.unwrap();
    let text = "INSERT INTO a VALUES (2); ALTER TABLE a ADD COLUMN tag INT";
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(60));
    let set = history([("01_a.sql", text), SECOND]);
    let mut migrator = Migrator::connect_with(db.opts(), set, options).await.unwrap();
    let run = tokio::spawn(async move { migrator.up(None).await.map(drop) });
    let runner = until_shown(&db, "ALTER TABLE a%").await;
    reader.query_drop(format!("KILL {runner}")).await.unwrap();
    run.await.unwrap().unwrap_err();
    reader.disconnect().await.unwrap();
    until_alone(&db).await;
    assert_eq!(ledger(&db).await, states(&[("01", "running"), ("02", "running")]));
    db
}

/// The files of [`killed_at_the_last_statement`], the second one with this text.
fn killed_with(second: &str) -> MigrationSet {
    let text = "INSERT INTO a VALUES (2); ALTER TABLE a ADD COLUMN tag INT";
    history([("01_a.sql", text), ("02_b.sql", second)])
}

async fn unfinished(db: &TestDatabase) -> (Migrator, Unfinished) {
    let mut migrator = Migrator::connect(db.opts(), killed_with(SECOND.1)).await.unwrap();
    let unfinished = migrator.unfinished().await.unwrap().unwrap();
    assert_eq!(unfinished.version, "01");
    (migrator, unfinished)
}

#[tokio::test]
async fn the_next_run_ends_the_first_file_and_then_runs_the_second() {
    let db = killed_at_the_last_statement().await;
    assert_eq!(up(&db, killed_with(SECOND.1)).await.unwrap(), ["01_a.sql", "02_b.sql"]);
    assert_eq!(ledger(&db).await, states(&[("01", "done"), ("02", "done")]));
    assert_eq!(rows::<String>(&db, COLUMNS).await, ["a.id", "a.tag", "b.id", "b.tag"]);
}

#[tokio::test]
async fn a_file_that_had_not_begun_in_truth_may_be_another_one_in_the_next_run() {
    let db = killed_at_the_last_statement().await;
    let ran = up(&db, killed_with("CREATE TABLE other (id INT PRIMARY KEY)")).await.unwrap();
    assert_eq!(ran, ["01_a.sql", "02_b.sql"]);
    assert_eq!(tables(&db).await, ["a", "other", "schema_migrations"]);
}

#[tokio::test]
async fn who_marks_the_first_file_has_not_decided_about_the_second() {
    let db = killed_at_the_last_statement().await;
    let (mut migrator, first) = unfinished(&db).await;
    migrator.mark_rolled_back(&first).await.unwrap();
    assert_eq!(ledger(&db).await, []);

    let db = killed_at_the_last_statement().await;
    let (mut migrator, first) = unfinished(&db).await;
    migrator.mark_applied(&first).await.unwrap();
    assert_eq!(ledger(&db).await, states(&[("01", "done")]));
    assert_eq!(up(&db, killed_with(SECOND.1)).await.unwrap(), ["02_b.sql"]);
}

/// The files of [`both`]. The first statement of the second is so long that it does not share the round trip of the last one
/// of the first.
fn apart() -> MigrationSet {
    let comment = format!("CREATE /* {} */ TABLE", "-".repeat(64 * 1024));
    history([FIRST, (SECOND.0, SECOND.1.replace("CREATE TABLE", &comment).as_str())])
}

/// A runner dies while the server does the last statement of the first file, which it does to its end.
async fn gone_at_the_last_statement() -> TestDatabase {
    for at in 1..50 {
        let db = DATABASES.take().await;
        let proxy = Proxy::to(&db.opts(), Cut::After(at)).await;
        let _ = up_over(proxy.opts(db.opts()), apart(), None).await;
        until_alone(&db).await;
        let columns: Vec<String> = rows(&db, COLUMNS).await;
        if columns == ["a.id", "a.tag"] {
            assert_eq!(ledger(&db).await, states(&[("01", "running"), ("02", "running")]));
            return db;
        }
    }
    panic!("the first file was never there without the second");
}

#[tokio::test]
async fn a_file_of_which_nothing_is_there_has_not_begun_even_where_the_one_before_it_is_done() {
    let db = gone_at_the_last_statement().await;
    let target = "01".parse().ok();
    assert_eq!(up_over(db.opts(), apart(), target).await.unwrap(), ["01_a.sql"]);
    assert_eq!(ledger(&db).await, states(&[("01", "done")]));

    let db = gone_at_the_last_statement().await;
    let mut migrator = Migrator::connect(db.opts(), apart()).await.unwrap();
    let first = migrator.unfinished().await.unwrap().unwrap();
    migrator.mark_rolled_back(&first).await.unwrap();
    assert_eq!(ledger(&db).await, []);
}

#[tokio::test]
async fn where_nobody_can_tell_whether_the_second_file_has_begun_the_run_stops_behind_the_first() {
    let db = gone_at_the_last_statement().await;
    let other = history([FIRST, ("02_b.sql", "CREATE TABLE other (id INT)")]);
    let stopped = sentence(up(&db, other).await);
    assert!(stopped.contains("02_b.sql") && stopped.contains("it is not the text any more"), "{stopped}");
    assert_eq!(ledger(&db).await, states(&[("01", "done"), ("02", "running")]));
    assert_eq!(up(&db, apart()).await.unwrap(), ["02_b.sql"]);
}

#[tokio::test]
async fn each_file_is_told_with_its_own_time() {
    let db = DATABASES.take().await;
    let slow = FIRST.1.replace("VALUES (1)", "SELECT SLEEP(1)");
    for first in ["CREATE TABLE a (id INT); DO SLEEP(1)", slow.as_str()] {
        execute(&db, "DROP TABLE IF EXISTS a, b, schema_migrations, schema_migrations_journal").await;
        let set = history([("01_a.sql", first), SECOND]);
        let report = Migrator::connect(db.opts(), set).await.unwrap().up(None).await.unwrap();
        assert!(report.files[1].duration < report.files[0].duration, "{:?}", report.files);
    }
}

#[tokio::test]
async fn a_last_statement_that_is_refused_takes_the_beginning_of_the_next_file_back() {
    let db = DATABASES.take().await;
    let text = FIRST.1.replace("tag", "id");
    let refused = sentence(up(&db, history([("01_a.sql", text.as_str()), SECOND])).await);
    assert!(refused.starts_with("01_a.sql, line 1, statement 3 of 3: "), "{refused}");
    assert_eq!(ledger(&db).await, states(&[("01", "running")]));
    let journal = "SELECT CONCAT(version, ' ', statement, ' ', state) FROM schema_migrations_journal";
    assert_eq!(rows::<String>(&db, journal).await, ["01 1 done", "01 2 done", "01 3 failed"]);
    assert_eq!(up(&db, both()).await.unwrap(), ["01_a.sql", "02_b.sql"]);
}

#[tokio::test]
async fn a_first_statement_that_is_refused_leaves_the_file_before_it_applied() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE b (id INT)").await;
    let refused = sentence(up(&db, both()).await);
    assert!(refused.starts_with("02_b.sql, line 1, statement 1 of 3: "), "{refused}");
    assert!(refused.contains("the ledger is as it was before"), "{refused}");
    assert_eq!(ledger(&db).await, states(&[("01", "done")]));
    execute(&db, "DROP TABLE b").await;
    assert_eq!(up(&db, both()).await.unwrap(), ["02_b.sql"]);
}

#[tokio::test]
async fn a_second_statement_that_is_refused_leaves_the_file_before_it_applied() {
    let db = DATABASES.take().await;
    let text = SECOND.1.replace("VALUES (1)", "VALUES (1), (1)");
    let refused = sentence(up(&db, history([FIRST, ("02_b.sql", text.as_str())])).await);
    assert!(refused.starts_with("02_b.sql, line 1, statement 2 of 3: "), "{refused}");
    assert_eq!(ledger(&db).await, states(&[("01", "done"), ("02", "running")]));
    assert_eq!(up(&db, both()).await.unwrap(), ["02_b.sql"]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM b").await, [1]);
}

#[tokio::test]
async fn the_servers_sentence_about_a_statement_quotes_nothing_but_that_statement() {
    for text in [
        "CREATE TABLE a (id INT,); INSERT INTO a VALUES (1)",
        "CREATE TABLE a (id INT); INSERT INTO a VALUES (1),; ALTER TABLE a ADD COLUMN tag INT",
        "CREATE TABLE a (id INT); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN tag INT,;",
    ] {
        let db = DATABASES.take().await;
        let refused = up(&db, history([("01_a.sql", text)])).await.unwrap_err();
        let MigrateError::Statement { source, .. } = refused else { panic!("{text}: {refused}") };
        let quoted = source.to_string();
        assert!(quoted.contains("syntax") && quoted.contains("at line 1"), "{quoted}");
        for ours in ["START", "SELECT", "SHOW", "schema_migrations"] {
            assert!(!quoted.contains(ours), "{text}: {quoted}");
        }
    }
}

#[tokio::test]
async fn a_program_that_ends_with_a_semicolon_may_be_followed_by_rows() {
    let db = DATABASES.take().await;
    let text = "CREATE TABLE a (id INT PRIMARY KEY);
                DELIMITER //
                CREATE PROCEDURE fill() BEGIN INSERT INTO a VALUES (9); END;//
                DELIMITER ;
                INSERT INTO a VALUES (1) -- one
                ; ALTER TABLE a ADD COLUMN tag INT # last";
    assert_eq!(up(&db, history([("01_a.sql", text), SECOND])).await.unwrap(), ["01_a.sql", "02_b.sql"]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [1]);
}

#[tokio::test]
async fn the_server_keeps_of_a_program_what_the_file_says_and_nothing_more() {
    let db = DATABASES.take().await;
    let text = "CREATE TABLE a (id INT);
                CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM a;
                INSERT INTO a VALUES (1);
                CREATE PROCEDURE fill() INSERT INTO a VALUES (9);
                ALTER TABLE a ADD COLUMN tag INT";
    up(&db, history([("01_a.sql", text)])).await.unwrap();
    let event = "SELECT event_definition FROM information_schema.events WHERE event_schema = DATABASE()";
    assert_eq!(rows::<String>(&db, event).await, ["DELETE FROM a"]);
    let program =
        "SELECT routine_definition FROM information_schema.routines WHERE routine_schema = DATABASE()";
    assert_eq!(rows::<String>(&db, program).await, ["INSERT INTO a VALUES (9)"]);
}
