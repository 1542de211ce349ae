//! What is written down of each statement, and what that costs.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{Migrator, Progress};

use crate::cut::up_until;
use crate::proxy::{Cut, Proxy};
use crate::{DATABASES, execute, history, ledger, rows, sentence};

/// Number, state and note of each statement that the journal has.
async fn journal(db: &TestDatabase) -> Vec<(u64, String, Option<String>)> {
    rows(db, "SELECT statement, state, note FROM schema_migrations_journal ORDER BY statement").await
}

fn all(states: &[&str]) -> Vec<(u64, String, Option<String>)> {
    (1..).zip(states).map(|(number, state)| (number, (*state).to_owned(), None)).collect()
}

/// Applies one file.
async fn up(db: &TestDatabase, text: &str) -> Result<(), kseekers_migrator::MigrateError> {
    let mut migrator = Migrator::connect(db.opts(), history([("01_a.sql", text)])).await.unwrap();
    migrator.up(None).await.map(drop)
}

/// The journal after a runner that went away when it was about to write down what became of the statement before this one.
async fn journal_before(db: &TestDatabase, text: &str, before: usize) -> Vec<(u64, String, Option<String>)> {
    let is_there = move |progress: Progress<'_>| matches!(progress, Progress::Statement { number, .. } if number == before);
    up_until(db, history([("01_a.sql", text)]), is_there).await;
    journal(db).await
}

#[tokio::test]
async fn each_statement_has_a_row_with_its_digest_and_its_time() {
    let db = DATABASES.take().await;
    up(&db, "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); ALTER TABLE a ADD b INT")
        .await
        .unwrap();
    assert_eq!(journal(&db).await, all(&["done", "done", "done"]));
    let complete = "SELECT COUNT(*) FROM schema_migrations_journal WHERE version = '01' AND direction = 'up' \
                    AND LENGTH(digest) = 64 AND milliseconds IS NOT NULL";
    assert_eq!(rows::<u64>(&db, complete).await, [3]);
    let of_tables = "SELECT statement FROM schema_migrations_journal WHERE LENGTH(before_digest) = 64";
    assert_eq!(rows::<u64>(&db, of_tables).await, [3]);
}

#[tokio::test]
async fn taking_a_file_back_forgets_the_way_up_and_keeps_the_way_down() {
    let db = DATABASES.take().await;
    let files =
        [("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY); DO 0"), ("R01_a.sql", "DO 1; DROP TABLE a")];
    let mut migrator = Migrator::connect(db.opts(), history(files)).await.unwrap();
    migrator.up(None).await.unwrap();
    migrator.down(None).await.unwrap();
    let left = "SELECT direction, statement FROM schema_migrations_journal ORDER BY statement";
    let way_back = |statement| ("down".to_owned(), statement);
    assert_eq!(rows::<(String, u64)>(&db, left).await, [way_back(1), way_back(2)]);
    migrator.up(None).await.unwrap();
}

#[tokio::test]
async fn a_file_of_three_statements_takes_one_request() {
    let db = DATABASES.take().await;
    let proxy = Proxy::to(&db.opts(), Cut::Never).await;
    let file = |n: u64| {
        let text = format!(
            "CREATE TABLE t{n} (id INT PRIMARY KEY); INSERT INTO t{n} VALUES (1); ALTER TABLE t{n} ADD b INT"
        );
        (format!("{n:02}_t.sql"), text)
    };
    let mut migrator = Migrator::connect(proxy.opts(db.opts()), history((1..=3).map(file))).await.unwrap();
    migrator.up("01".parse().ok()).await.unwrap();
    // The first time the question for the ledger is prepared.
    migrator.status().await.unwrap();
    proxy.requests();
    migrator.up("02".parse().ok()).await.unwrap();
    let one = proxy.requests();
    execute(&db, "DELETE FROM schema_migrations WHERE version = '02'; DROP TABLE t2").await;
    proxy.requests();
    migrator.up(None).await.unwrap();
    // What is written down of the file before and its last statement; then the new table, its rows and a look at it.
    assert_eq!(proxy.requests() - one, 1);
}

#[tokio::test]
async fn that_a_statement_is_done_and_that_the_next_one_is_started_is_one_write() {
    let db = DATABASES.take().await;
    let proxy = Proxy::to(&db.opts(), Cut::Never).await;
    let files = history([("01_a.sql", "DO 1; DO 2; DO 3")]);
    Migrator::connect(proxy.opts(db.opts()), files).await.unwrap().up(None).await.unwrap();
    let insert = format!("INSERT INTO `{}`.schema_migrations_journal", db.name());
    let writes: usize = proxy.sql().iter().map(|sql| sql.matches(&insert).count()).sum();
    // The first is started; two times one is done and the next one started; the last is done.
    assert_eq!(writes, 4);
}

#[tokio::test]
async fn nothing_to_do_takes_three_requests_of_which_none_writes() {
    let db = DATABASES.take().await;
    up(&db, "CREATE TABLE a (id INT PRIMARY KEY)").await.unwrap();
    let proxy = Proxy::to(&db.opts(), Cut::Never).await;
    let files = history([("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY)")]);
    let mut migrator = Migrator::connect(proxy.opts(db.opts()), files).await.unwrap();
    proxy.requests();
    migrator.up(None).await.unwrap();
    // GET_LOCK with whether this is a node of a cluster, the ledger, RELEASE_LOCK.
    assert_eq!(proxy.requests(), 3 + for_a_server_without_clusters(&db).await);
    migrator.up(None).await.unwrap();
    let sql = proxy.sql();
    assert!(sql.len() > 1 && sql.iter().all(|sql| sql.starts_with("SELECT ")), "{sql:?}");
}

#[cfg(feature = "cli")]
#[tokio::test]
async fn a_command_with_nothing_to_do_takes_six_requests() {
    use crate::commands::{run, run_in};
    use crate::{Files, set};
    use kseekers_migrator::cli::Place;

    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY)"), ("R01_a.sql", "DROP TABLE a")];
    run(&db, files, &["up"]).await;
    let proxy = Proxy::to(&db.opts(), Cut::Never).await;
    run_in(Place::new(proxy.opts(db.opts()), set(files)), &["up"]).await;
    // The driver's own question, the settings and the three of the run; the farewell may still be on its way.
    let requests = proxy.requests() - for_a_server_without_clusters(&db).await;
    assert!([5, 6].contains(&requests), "{requests}");
}

/// It refuses to be asked whether it is a node of one, and is asked for the lock once more.
async fn for_a_server_without_clusters(db: &TestDatabase) -> usize {
    let variables = rows::<(String, String)>(db, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'").await;
    usize::from(variables.is_empty())
}

#[tokio::test]
async fn a_change_of_rows_and_its_note_are_one_thing() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT PRIMARY KEY)").await;
    let text = "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); DO 0";
    for (before, rows_there) in [(2, 0), (3, 1)] {
        let states = ["done", "started"];
        assert_eq!(journal_before(&db, text, before).await, all(&states[3 - before..]));
        assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [rows_there]);
        execute(&db, "DELETE FROM a; DELETE FROM schema_migrations").await;
    }
}

#[tokio::test]
async fn a_new_table_and_its_first_rows_are_written_down_in_one_commit() {
    let db = DATABASES.take().await;
    let text = "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); DO 0";
    assert_eq!(journal_before(&db, text, 3).await, all(&["started"]));
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [0]);
    up(&db, text).await.unwrap();
    assert_eq!(journal(&db).await, all(&["done", "done", "done"]));
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a").await, [1]);
}

#[tokio::test]
async fn a_refused_statement_is_written_down_as_without_effect() {
    let db = DATABASES.take().await;
    up(&db, "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO nowhere VALUES (1); DO 0").await.unwrap_err();
    let failed = |number, error: &str| (number, "failed".to_owned(), Some(error.to_owned()));
    assert_eq!(journal(&db).await, [all(&["done"]), vec![failed(2, "error 1146")]].concat());
}

#[tokio::test]
async fn a_refusal_in_a_transaction_of_the_file_leads_back_to_its_beginning() {
    let db = DATABASES.take().await;
    let text = "CREATE TABLE a (id INT PRIMARY KEY); START TRANSACTION; INSERT INTO a VALUES (1); SELECT * FROM a; \
                INSERT INTO a VALUES (1); COMMIT";
    up(&db, text).await.unwrap_err();
    let failed = (2, "failed".to_owned(), Some("error 1062".to_owned()));
    assert_eq!(journal(&db).await, [all(&["done"]), vec![failed]].concat());
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [0]);
}

#[tokio::test]
async fn a_transaction_of_the_file_keeps_its_notes_until_it_is_committed() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT PRIMARY KEY)").await;
    let text = "START TRANSACTION; INSERT INTO a VALUES (1); SELECT * FROM a; SELECT 1 FROM a WHERE 0; \
                INSERT INTO a VALUES (2); ROLLBACK; INSERT INTO a VALUES (3); BEGIN; INSERT INTO a VALUES (4); COMMIT; \
                SAVEPOINT s; DO 1";
    up(&db, text).await.unwrap();
    let done = |number| (number, "done".to_owned(), None);
    let started = (1, "started".to_owned(), None);
    let others: Vec<_> = [6, 7, 8, 9, 10, 11, 12].into_iter().map(done).collect();
    assert_eq!(journal(&db).await, [vec![started], others].concat());
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a ORDER BY id").await, [3, 4]);
}

#[tokio::test]
async fn a_change_that_a_rollback_does_not_take_back_is_not_called_without_effect() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT PRIMARY KEY) ENGINE=MyISAM").await;
    let refusal = sentence(up(&db, "INSERT INTO a VALUES (1), (1)").await);
    assert!(refusal.contains("so a part of it may be done.\nstatement 1 of 1, line 1: INSERT"), "{refusal}");
    let started = (1, "started".to_owned(), Some("error 1062".to_owned()));
    assert_eq!(journal(&db).await, std::slice::from_ref(&started));
    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);

    // Nor a transaction that had such a change.
    execute(&db, "TRUNCATE a; DELETE FROM schema_migrations").await;
    up(&db, "START TRANSACTION; INSERT INTO a VALUES (1); INSERT INTO a VALUES (1)").await.unwrap_err();
    assert_eq!(journal(&db).await, [started]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [1]);
}

#[tokio::test]
async fn with_autocommit_off_what_is_written_down_opens_no_transaction() {
    let db = DATABASES.take().await;
    up(&db, "SET autocommit = 0; DO 1; CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); COMMIT; DO 2")
        .await
        .unwrap();
    assert_eq!(journal(&db).await, all(&["done"; 6]));
}

#[tokio::test]
async fn while_tables_are_locked_nothing_is_written_and_afterwards_all_is() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT PRIMARY KEY)").await;
    let text = "LOCK TABLES a WRITE; INSERT INTO a VALUES (1); ALTER TABLE a ADD b INT; UNLOCK TABLES; DO 1; \
                LOCK TABLES a READ; DO 2";
    assert_eq!(journal_before(&db, text, 4).await, [(1, "started".to_owned(), None)]);

    execute(
        &db,
        "DROP TABLE schema_migrations, schema_migrations_journal, a; CREATE TABLE a (id INT PRIMARY KEY)",
    )
    .await;
    up(&db, text).await.unwrap();
    assert_eq!(journal(&db).await, all(&["done"; 7]));

    // A refusal ends the lock too, and what was done before it is known.
    execute(&db, "DROP TABLE schema_migrations, schema_migrations_journal").await;
    up(&db, "LOCK TABLES a WRITE; INSERT INTO a (id) VALUES (2); INSERT INTO a (id) VALUES (2)")
        .await
        .unwrap_err();
    assert_eq!(journal(&db).await, all(&["done", "done", "failed"]));
}

#[tokio::test]
async fn the_session_of_a_file_is_as_if_nothing_were_written_down() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(30))").await;
    let text = "SET SESSION TRANSACTION READ ONLY; DO 1; SET SESSION TRANSACTION READ WRITE; \
         INSERT INTO a (b) VALUES ('x'); INSERT INTO a (b) SELECT LAST_INSERT_ID(); \
         START TRANSACTION READ ONLY; SELECT * FROM a; COMMIT; \
         SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; INSERT INTO a (b) VALUES ('serial'); \
         SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'; SET NAMES latin1; ALTER TABLE \"a\" ADD c INT; \
         INSERT INTO a (b) SELECT CONCAT_WS(' ', @@sql_mode, @@time_zone, @@character_set_results)";
    up(&db, text).await.unwrap();
    let expected = ["x", "1", "serial", "ANSI_QUOTES +03:00 latin1"];
    assert_eq!(rows::<String>(&db, "SELECT b FROM a ORDER BY id").await, expected);
    let states: Vec<_> = journal(&db).await.into_iter().filter(|(_, state, _)| state != "done").collect();
    assert!(states.is_empty(), "{states:?}");

    // What is said of the next transaction holds for the file's, not for ours.
    for begin in ["DO 1", "START TRANSACTION", "SET autocommit = 0"] {
        execute(&db, "DELETE FROM schema_migrations").await;
        let text =
            format!("SET TRANSACTION READ ONLY; {begin}; INSERT INTO a (b) VALUES ('refused'); COMMIT");
        let refused = up(&db, &text).await.is_err();
        assert_eq!(refused, begin != "DO 1", "{begin}");
    }
    execute(&db, "DELETE FROM schema_migrations").await;
    up(&db, "SET TRANSACTION READ ONLY; INSERT INTO a (b) VALUES ('refused')").await.unwrap_err();
}

#[tokio::test]
async fn the_shape_of_a_table_is_known_by_the_same_digest_in_every_session() {
    let db = DATABASES.take().await;
    let table = "DROP TABLE IF EXISTS a; CREATE TABLE a (id INT PRIMARY KEY COMMENT 'ż', at TIMESTAMP DEFAULT '2026-01-01')";
    let mut digests = Vec::new();
    for before in [
        "DO 1",
        "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00', sql_quote_show_create = 0; SET NAMES latin1",
    ] {
        execute(&db, &format!("SET time_zone = '+00:00'; {table}; DROP TABLE IF EXISTS schema_migrations"))
            .await;
        up(&db, &format!("{before}; ALTER TABLE a ADD b INT")).await.unwrap();
        let sql = "SELECT before_digest FROM schema_migrations_journal WHERE before_digest IS NOT NULL";
        digests.extend(rows::<String>(&db, sql).await);
    }
    // Also where the file before has left the session so.
    execute(&db, &format!("SET time_zone = '+00:00'; {table}; DROP TABLE schema_migrations")).await;
    let files = [("01_a.sql", "SET sql_mode = 'ANSI_QUOTES'"), ("02_a.sql", "ALTER TABLE a ADD b INT")];
    Migrator::connect(db.opts(), history(files)).await.unwrap().up(None).await.unwrap();
    let sql = "SELECT before_digest FROM schema_migrations_journal WHERE version = '02'";
    digests.extend(rows::<String>(&db, sql).await);
    assert_eq!(digests.len(), 3);
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
}
