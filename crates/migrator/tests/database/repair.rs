//! What `repair` promises: it accepts changed files, on purpose only, and nothing else.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::cli::Place;
use kseekers_migrator::{Migrator, Options, exit};
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};

use crate::commands::run;
use crate::waits::until_shown;
use crate::{DATABASES, Files, connect, execute, rows, set};

const APPLIED: Files = &[
    ("01_one.sql", "CREATE TABLE one (id INT)"),
    ("R01_one.sql", "DROP TABLE one"),
    ("02_two.sql", "DO 2"),
    ("R02_two.sql", "DO 0"),
];
const CHANGED: Files = &[
    ("01_one.sql", "CREATE TABLE one (id INT, more INT)"),
    ("R01_one.sql", "DROP TABLE one"),
    ("02_two.sql", "-- Two.\nDO 2;"),
    ("R02_two.sql", "DO 0"),
];

/// The ledger without what no two runs have alike.
async fn ledger(db: &TestDatabase) -> Vec<(String, String, String, String)> {
    rows(db, "SELECT version, checksum, digest, state FROM schema_migrations ORDER BY id").await
}

#[tokio::test]
async fn a_changed_file_is_accepted_only_when_that_is_confirmed() {
    let db = DATABASES.take().await;
    run(&db, APPLIED, &["up"]).await;
    execute(&db, "UPDATE schema_migrations SET applied_at = '2001-02-03 04:05:06'").await;
    let before = ledger(&db).await;
    assert_eq!(run(&db, CHANGED, &["up"]).await.0, exit::DRIFT);

    let (code, out, err) = run(&db, CHANGED, &["repair"]).await;
    assert_eq!((code, out.as_str()), (exit::USAGE, ""));
    let changed = "\n  01_one.sql: statement 1 (line 1, `CREATE TABLE one (id INT, more INT)`) was another\n";
    assert!(err.contains(changed), "{err}");
    assert!(err.contains("\n  02_two.sql: only comments, blanks or line ends changed\n"), "{err}");
    assert!(err.ends_with("confirm it with --yes. Nothing was changed"), "{err}");
    assert_eq!(ledger(&db).await, before);

    let (code, out, _) = run(&db, CHANGED, &["repair", "--yes", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    let file = |index: usize| set(CHANGED).iter().nth(index).unwrap().up.clone();
    assert_eq!((code, &answer["version"]), (exit::DONE, &json!("02")));
    let repaired = |index: usize| {
        let (version, applied, ..) = &before[index];
        json!({
            "file": file(index).name(), "version": version, "applied": applied, "ours": file(index).checksum(),
        })
    };
    assert_eq!(answer["repaired"], json!([repaired(0), repaired(1)]));
    let row = |index: usize| {
        let file = file(index);
        (before[index].0.clone(), file.checksum(), file.digest().unwrap(), "done".to_owned())
    };
    assert_eq!(ledger(&db).await, [row(0), row(1)]);
    let journal = rows::<(i32, String, Option<String>)>(
        &db,
        "SELECT statement, state, SUBSTRING_INDEX(note, ' by ', 1) FROM schema_migrations_journal \
         WHERE version = '01' AND (statement = 0 OR digest <> '') ORDER BY statement",
    )
    .await;
    let note = format!("repair: {} accepted for {}", file(0).checksum(), before[0].1);
    assert_eq!(journal, [(0, "done".to_owned(), Some(note)), (1, "done".to_owned(), None)]);
    let applied_at = "SELECT DISTINCT CAST(applied_at AS CHAR) FROM schema_migrations";
    assert_eq!(rows::<String>(&db, applied_at).await, ["2001-02-03 04:05:06"]);
    let nothing = "Nothing to do: the schema is at 02.".to_owned();
    assert_eq!(run(&db, CHANGED, &["up"]).await, (exit::DONE, nothing, String::new()));
    let columns = "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'one'";
    assert_eq!(rows::<String>(&db, columns).await, ["id"]);
}

#[tokio::test]
async fn where_all_is_as_it_was_applied_there_is_nothing_to_confirm() {
    let db = DATABASES.take().await;
    let nothing = |whereabouts| (exit::DONE, format!("Nothing to repair: {whereabouts}."), String::new());
    assert_eq!(run(&db, APPLIED, &["repair"]).await, nothing("nothing is applied"));
    run(&db, APPLIED, &["up"]).await;
    assert_eq!(run(&db, APPLIED, &["repair"]).await, nothing("the schema is at 02"));
}

#[tokio::test]
async fn a_history_that_is_not_ours_is_never_accepted() {
    let db = DATABASES.take().await;
    run(&db, APPLIED, &["up"]).await;
    for change in ["name = 'another'", "name = 'two', version = '07'"] {
        execute(&db, &format!("UPDATE schema_migrations SET {change} WHERE id = 2")).await;
        let before = ledger(&db).await;
        let (code, _, err) = run(&db, CHANGED, &["repair", "--yes"]).await;
        assert_eq!(code, exit::DRIFT, "{err}");
        assert_eq!(ledger(&db).await, before);
    }
}

#[tokio::test]
async fn what_was_not_confirmed_is_not_accepted() {
    let db = DATABASES.take().await;
    run(&db, APPLIED, &["up"]).await;
    let mut migrator = Migrator::connect(db.opts(), set(CHANGED)).await.unwrap();
    let confirmed = migrator.changed_files().await.unwrap();
    // Somebody else has been there since.
    execute(&db, "UPDATE schema_migrations SET checksum = REPEAT('0', 32), digest = NULL WHERE id = 1").await;
    let repaired = migrator.repair(&confirmed, &mut |_| {}).await.unwrap();
    assert_eq!(repaired, confirmed[1..]);
    assert_eq!(
        rows::<String>(&db, "SELECT checksum FROM schema_migrations WHERE id = 1").await,
        ["0".repeat(32)]
    );
}

#[tokio::test]
async fn a_repair_that_is_refused_half_way_leaves_no_transaction_open() {
    let db = DATABASES.take().await;
    run(&db, APPLIED, &["up"]).await;
    let before = ledger(&db).await;
    let options = Options::default().with_lock_wait_timeout(Duration::from_secs(1));
    let mut migrator = Migrator::connect_with(db.opts(), set(CHANGED), options).await.unwrap();
    let changed = migrator.changed_files().await.unwrap();
    // The ledger is written first, then the journal.
    let mut reader = connect(&db).await;
    reader.query_drop("START TRANSACTION; SELECT * FROM schema_migrations_journal FOR UPDATE").await.unwrap();
    migrator.repair(&changed, &mut |_| {}).await.unwrap_err();
    reader.query_drop("ROLLBACK").await.unwrap();
    // Would commit what is open.
    migrator.repair(&changed[1..], &mut |_| {}).await.unwrap();
    assert_eq!(ledger(&db).await[0], before[0]);
    assert_ne!(ledger(&db).await[1], before[1]);
}

#[tokio::test]
async fn nothing_is_accepted_while_another_runner_is_at_work() {
    let db = DATABASES.take().await;
    run(&db, APPLIED, &["up"]).await;
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut gate = connect(&db).await;
    gate.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let sample = vec![kseekers_migrator::SqlFile::new("gate.sql", "INSERT INTO gate VALUES (1)")];
    let place = Place::new(db.opts(), set(APPLIED)).with_sample(sample);
    let at_work = tokio::spawn(async move {
        crate::commands::run_in(place, &["setup", "--sample", "--lock-wait-timeout", "60"]).await
    });
    until_shown(&db, "INSERT INTO gate%").await;
    let (code, _, err) = run(&db, CHANGED, &["repair", "--yes", "--lock-timeout", "1"]).await;
    assert_eq!(code, exit::LOCKED, "{err}");
    gate.query_drop("UNLOCK TABLES").await.unwrap();
    assert_eq!(at_work.await.unwrap().0, exit::DONE);
}
