//! Files that begin in the round trip in which the last statement of the file before is sent.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Migrator, Options, Progress, Report};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder, WhiteListFsHandler};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::waits::{until_alone, until_shown};
use crate::{DATABASES, connect, execute, history, ledger, ran, rows, sentence};

const FIRST: &str =
    "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN tag INT";
/// Its second statement waits for whoever has the row.
const SECOND: &str =
    "CREATE TABLE b (id INT PRIMARY KEY); INSERT INTO busy VALUES (1); ALTER TABLE b ADD COLUMN tag INT";

/// How long a change of rows waits for somebody.
const WAIT: Duration = Duration::from_secs(3);

/// What is told, one word or two for each.
fn words(progress: &Progress<'_>) -> Option<String> {
    match progress {
        Progress::Statement { file, number, .. } => Some(format!("{file} {number}")),
        Progress::Again { file, number, .. } => Some(format!("{file} {number} again")),
        Progress::Finished(file) => Some(format!("{} done", file.file)),
        _ => None,
    }
}

/// Runs both files; `told` has what is told as it is told.
fn run(
    db: &TestDatabase,
    lock_wait: Duration,
) -> (JoinHandle<Result<Report, MigrateError>>, mpsc::UnboundedReceiver<String>) {
    let (tell, told) = mpsc::unbounded_channel();
    let (opts, set) = (db.opts(), history([("01_a.sql", FIRST), ("02_b.sql", SECOND)]));
    let options = Options::default().with_lock_wait_timeout(lock_wait);
    let running = tokio::spawn(async move {
        let mut migrator = Migrator::connect_with(opts, set, options).await?;
        let mut watch =
            |progress: Progress<'_>| words(&progress).into_iter().for_each(|word| drop(tell.send(word)));
        migrator.up_with(None, &mut watch).await
    });
    (running, told)
}

/// Somebody who has the row that the second statement of the second file makes.
async fn busy() -> (TestDatabase, Conn) {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE busy (id INT PRIMARY KEY)").await;
    let mut other = connect(&db).await;
    other.query_drop("START TRANSACTION; INSERT INTO busy VALUES (1)").await.unwrap();
    (db, other)
}

async fn assert_complete(db: &TestDatabase) {
    let done = |version: &str| (version.to_owned(), "done".to_owned());
    assert_eq!(ledger(db).await, [done("01"), done("02")]);
    assert_eq!(rows::<(i32, Option<i32>)>(db, "SELECT * FROM a").await, [(1, None)]);
    assert_eq!(rows::<(i32, Option<i32>)>(db, "SELECT * FROM b").await, []);
    assert_eq!(rows::<i32>(db, "SELECT * FROM busy").await, [1]);
}

#[tokio::test]
async fn a_runner_that_dies_in_the_second_file_is_gone_on_with_there() {
    let (db, mut other) = busy().await;
    let (running, _told) = run(&db, Duration::from_secs(60));
    let runner = until_shown(&db, "INSERT INTO busy%").await;
    other.query_drop(format!("KILL {runner}")).await.unwrap();
    running.await.unwrap().unwrap_err();
    other.query_drop("ROLLBACK").await.unwrap();
    other.disconnect().await.unwrap();
    until_alone(&db).await;
    let running = |version: &str| (version.to_owned(), "running".to_owned());
    assert_eq!(ledger(&db).await, [running("01"), running("02")]);

    let report = run(&db, Duration::from_secs(60)).0.await.unwrap().unwrap();
    assert_eq!(ran(&report), ["01_a.sql", "02_b.sql"]);
    assert_complete(&db).await;
}

#[tokio::test]
async fn a_change_of_rows_that_waits_in_vain_is_sent_again_and_its_file_told_with_that_time() {
    let (db, mut other) = busy().await;
    let (running, mut told) = run(&db, WAIT);
    let mut words = Vec::new();
    while words.last().is_none_or(|word| word != "02_b.sql 2 again") {
        words.push(told.recv().await.unwrap());
    }
    other.query_drop("ROLLBACK").await.unwrap();
    let report = running.await.unwrap().unwrap();
    while let Some(word) = told.recv().await {
        words.push(word);
    }
    assert_eq!(
        words,
        [
            "01_a.sql 1",
            "01_a.sql 2",
            "01_a.sql 3",
            "01_a.sql done",
            "02_b.sql 1",
            "02_b.sql 2",
            "02_b.sql 2 again",
            "02_b.sql 3",
            "02_b.sql done"
        ]
    );
    let [first, second] = &*report.files else { panic!("{report:?}") };
    assert!(first.duration < WAIT && second.duration >= WAIT, "{report:?}");
    assert_complete(&db).await;
}

#[tokio::test]
async fn what_the_server_is_at_is_told_while_it_is_at_it() {
    let (db, mut other) = busy().await;
    let (running, mut told) = run(&db, Duration::from_secs(600));
    let mut words = Vec::new();
    let at_it = async {
        while words.last().is_none_or(|word| word != "02_b.sql 2") {
            words.push(told.recv().await.unwrap());
        }
    };
    timeout(Duration::from_secs(60), at_it).await.expect("the statement is told before it has ended");
    assert!(words.contains(&"01_a.sql done".to_owned()), "{words:?}");
    other.query_drop("ROLLBACK").await.unwrap();
    running.await.unwrap().unwrap();
    assert_complete(&db).await;
}

#[tokio::test]
async fn a_variable_of_the_file_before_is_taken_away_first() {
    let db = DATABASES.take().await;
    // MySQL wants to be told.
    execute(&db, "SET GLOBAL local_infile = ON").await;
    let file = std::env::temp_dir().join(format!("{}.rows", db.name()));
    std::fs::write(&file, "1\t7\n").unwrap();
    let opts = OptsBuilder::from_opts(db.opts()).local_infile_handler(Some(WhiteListFsHandler::new([&file])));
    let first = format!(
        "CREATE TABLE a (id INT PRIMARY KEY, n INT); LOAD DATA LOCAL INFILE '{}' INTO TABLE a (id, @n) \
         SET n = @n; ALTER TABLE a ADD COLUMN tag INT",
        file.display()
    );
    let second = "CREATE TABLE b (id INT PRIMARY KEY, n INT); INSERT INTO b VALUES (1, @n)";
    let set = history([("01_a.sql", first.as_str()), ("02_b.sql", second)]);
    Migrator::connect(opts, set).await.unwrap().up(None).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(rows::<(i32, i32)>(&db, "SELECT id, n FROM a").await, [(1, 7)]);
    assert_eq!(rows::<(i32, Option<i32>)>(&db, "SELECT * FROM b").await, [(1, None)]);
}

#[tokio::test]
async fn a_first_statement_that_the_server_cannot_read_is_refused_with_its_own_sentence() {
    let db = DATABASES.take().await;
    let second = "CREATE TABLE b (id INT,); INSERT INTO b VALUES (1)";
    let set = history([("01_a.sql", FIRST), ("02_b.sql", second)]);
    let refused = sentence(Migrator::connect(db.opts(), set).await.unwrap().up(None).await);
    assert!(refused.starts_with("02_b.sql, line 1, statement 1 of 2: "), "{refused}");
    for ours in ["SELECT 1", "IS_USED_LOCK", "START TRANSACTION"] {
        assert!(!refused.contains(ours), "{refused}");
    }
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
}
