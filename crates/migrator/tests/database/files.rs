//! What happens with the statements of a file, also when one fails.

use std::time::Duration;

use kseekers_migrator::{Migrator, Options, Progress, Readiness};
use mysql_async::prelude::Queryable;

use crate::{
    DATABASES, Files, connect, execute, history, ledger, migrator, migrator_with, rows, sentence, tables,
};

#[tokio::test]
async fn stored_programs_strings_and_comments_arrive_as_written() {
    let db = DATABASES.take().await;
    let file: Files = &[(
        "01_all.sql",
        "\u{feff}-- a comment; with a semicolon\r\n\
         CREATE TABLE texts (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(50));\r\n\
         DELIMITER //\r\n\
         CREATE PROCEDURE fill()\r\nBEGIN\r\n  INSERT INTO texts (text) VALUES ('a;b');\r\n  SELECT 1;\r\nEND//\r\n\
         CREATE TRIGGER upper_case BEFORE INSERT ON texts FOR EACH ROW BEGIN SET NEW.text = UPPER(NEW.text); END//\r\n\
         DELIMITER ;\r\n\
         CALL fill(); /* it's; fine */\r\n\
         INSERT INTO texts (text) VALUES ('it''s \\'c\\' -- no; comment'), (\"\u{17c}\u{f3}\u{1f600}\"); # done; here\r\n\
         /*!50000 INSERT INTO texts (text) VALUES ('run') */;",
    )];
    migrator(&db, file).await.up(None).await.unwrap();
    assert_eq!(
        rows::<String>(&db, "SELECT text FROM texts ORDER BY id").await,
        ["A;B", "IT'S 'C' -- NO; COMMENT", "\u{17b}\u{d3}\u{1f600}", "RUN"]
    );
}

#[tokio::test]
async fn watchers_are_told_each_statement_and_each_file() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, &[("01_a.sql", "DO 1; DO 2"), ("02_b.sql", "DO 3")]).await;
    let mut told = Vec::new();
    let mut watch = |progress: Progress<'_>| {
        told.push(match progress {
            Progress::Statement { file, number, of, .. } => format!("{file} {number}/{of}"),
            Progress::Finished(file) => format!("{} done", file.file),
            other => format!("{other:?}"),
        });
    };
    migrator.up_with(None, &mut watch).await.unwrap();
    assert_eq!(told, ["01_a.sql 1/2", "01_a.sql 2/2", "01_a.sql done", "02_b.sql 1/1", "02_b.sql done"]);
}

#[tokio::test]
async fn a_refused_statement_is_told_with_file_line_and_what_the_server_says() {
    let db = DATABASES.take().await;
    let files: Files = &[(
        "01_a.sql",
        "CREATE TABLE a (id INT PRIMARY KEY);\n\nCREATE TABLE b (id INT PRIMARY KEY);\nINSERT\n INTO nowhere VALUES (1);\nDO 5",
    )];
    let mut migrator = migrator(&db, files).await;
    let refusal = sentence(migrator.up(None).await);
    assert!(refusal.starts_with("01_a.sql, line 4, statement 3 of 4: Table '"), "{refusal}");
    assert!(
        refusal.ends_with(
            "nowhere' doesn't exist (error 1146)\nStatements 1 to 2 are done: mend the file from statement 3 on, or what is \
             in its way, and run the same command again. It goes on there."
        ),
        "{refusal}"
    );
    assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);
    assert_eq!(migrator.readiness().await.unwrap(), Readiness::Dirty { file: "01_a.sql".to_owned() });

    // What is in its way can go, or the file can be mended from there on.
    let again = sentence(migrator.up(None).await);
    assert_eq!(again, refusal);
    execute(&db, "CREATE TABLE nowhere (id INT PRIMARY KEY)").await;
    migrator.up(None).await.unwrap();
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM nowhere").await, [1]);
}

#[tokio::test]
async fn a_file_is_mended_from_the_refused_statement_on_and_gone_on_with_there() {
    let db = DATABASES.take().await;
    let broken: Files =
        &[("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO nowhere VALUES (1); DO 5")];
    migrator(&db, broken).await.up(None).await.unwrap_err();
    let other: Files = &[("01_a.sql", "CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (1)")];
    let refusal = sentence(migrator(&db, other).await.up(None).await);
    let expected = "01_a.sql was begun and not finished: it is not the text any more that was run before; it differs in \
                    statement 1 of 2, line 1: CREATE TABLE a (id BIGINT PRIMARY KEY).\n";
    assert!(refusal.starts_with(expected), "{refusal}");
    assert!(
        refusal.contains("- Put the text back that was run and run the same command again.\n"),
        "{refusal}"
    );

    let mended: Files = &[("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)")];
    let mut mended = migrator(&db, mended).await;
    mended.up(None).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [1]);
    // The ledger has the mended text.
    let status = mended.status().await.unwrap();
    assert_eq!((status.readiness, status.warnings), (Readiness::Ready, Vec::new()));
}

#[tokio::test]
async fn the_number_of_a_row_is_not_asked_for_in_a_session_that_has_not_made_it() {
    let db = DATABASES.take().await;
    let tables =
        "CREATE TABLE parents (id INT AUTO_INCREMENT PRIMARY KEY); CREATE TABLE children (parent INT);
                  INSERT INTO parents VALUES (NULL);";
    let file = |insert: &str| history([("01_a.sql", format!("{tables} {insert}"))]);
    let broken = file("INSERT INTO childrn VALUES (LAST_INSERT_ID())");
    let mended = file("INSERT INTO children VALUES (LAST_INSERT_ID())");
    for set in [broken, mended] {
        let refusal = sentence(Migrator::connect(db.opts(), set).await.unwrap().up(None).await);
        let expected = "one before it has left something in its session that may be needed here and is gone: \
                        statement 3 of 4, line 2: INSERT INTO parents VALUES (NULL)";
        assert!(refusal.contains(expected), "{refusal}");
    }
    assert!(rows::<Option<u64>>(&db, "SELECT parent FROM children").await.is_empty());
}

#[tokio::test]
async fn a_file_whose_first_statement_is_refused_can_be_mended_and_run_again() {
    let db = DATABASES.take().await;
    let mut broken =
        migrator(&db, &[("01_a.sql", "CREATE TABEL a (id INT PRIMARY KEY)"), ("R01_a.sql", "DROP TABLE b")])
            .await;
    let refusal = sentence(broken.up(None).await);
    assert!(
        refusal.starts_with("01_a.sql, line 1, statement 1 of 1: You have an error in your SQL syntax"),
        "{refusal}"
    );
    assert!(
        refusal.ends_with("the ledger is as it was before: mend the file, then run it again."),
        "{refusal}"
    );
    assert!(ledger(&db).await.is_empty());

    let mended: Files = &[("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY)"), ("R01_a.sql", "DROP TABLE b")];
    let mut mended = migrator(&db, mended).await;
    mended.up(None).await.unwrap();

    // The same on the way down.
    assert!(
        sentence(mended.down(None).await).starts_with("R01_a.sql, line 1, statement 1 of 1: Unknown table")
    );
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
    execute(&db, "CREATE TABLE b (id INT PRIMARY KEY)").await;
    mended.down(None).await.unwrap();
    assert!(ledger(&db).await.is_empty());
}

#[tokio::test]
async fn an_error_after_a_result_is_noticed() {
    let db = DATABASES.take().await;
    let files: Files = &[(
        "01_a.sql",
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; INSERT INTO nowhere VALUES (1); END//\n\
         DELIMITER ;\nCALL p();",
    )];
    let refusal = sentence(migrator(&db, files).await.up(None).await);
    assert!(refusal.starts_with("01_a.sql, line 4, statement 2 of 2: Table '"), "{refusal}");
    let expected = "\n01_a.sql was begun and not finished: nothing shows whether this statement took effect.\n\
                    statement 2 of 2, line 4: CALL p()\nLook at the database, then choose:\n\
                    - If it did not take effect: `resume` runs it again and goes on.\n\
                    - If it took effect: `resume --skip-statement` goes on after it.\n\
                    - If you do the rest of the file by hand: `mark-applied --version 01`.\n\
                    - If you undo by hand what it did: `mark-rolled-back --version 01`.";
    assert!(refusal.ends_with(expected), "{refusal}");
}

#[tokio::test]
async fn a_way_down_that_fails_in_the_middle_is_remembered() {
    let db = DATABASES.take().await;
    let files: Files = &[
        ("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY)"),
        ("R01_a.sql", "DROP TABLE a;\nDROP TABLE never_was;"),
    ];
    let mut migrator = migrator(&db, files).await;
    migrator.up(None).await.unwrap();
    let refusal = sentence(migrator.down(None).await);
    assert!(refusal.starts_with("R01_a.sql, line 2, statement 2 of 2: Unknown table"), "{refusal}");
    assert_eq!(ledger(&db).await, [("01".to_owned(), "undoing".to_owned())]);

    // Also `up` goes on with the way down first.
    execute(&db, "CREATE TABLE never_was (id INT)").await;
    migrator.up(None).await.unwrap();
    assert_eq!(tables(&db).await, ["a", "schema_migrations"]);
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
}

#[tokio::test]
async fn a_transaction_left_open_is_an_error_and_not_half_applied() {
    let db = DATABASES.take().await;
    for (file, begin) in [("01_a.sql", "START TRANSACTION"), ("01_b.sql", "SET autocommit = 0")] {
        execute(&db, "DROP TABLE IF EXISTS a, schema_migrations, schema_migrations_journal").await;
        let text = format!("CREATE TABLE a (id INT PRIMARY KEY); {begin}; INSERT INTO a VALUES (1);");
        let set = crate::history([(file, text.clone())]);
        let mut migrator = kseekers_migrator::Migrator::connect(db.opts(), set).await.unwrap();
        let refusal = sentence(migrator.up(None).await);
        assert!(
            refusal.starts_with(&format!(
                "{file} leaves a transaction open, which was rolled back: end it with COMMIT. Statement"
            )),
            "{refusal}"
        );
        assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [0]);
        assert_eq!(ledger(&db).await, [("01".to_owned(), "running".to_owned())]);

        let set = crate::history([(file, text + "COMMIT")]);
        let mut migrator = kseekers_migrator::Migrator::connect(db.opts(), set).await.unwrap();
        migrator.up(None).await.unwrap();
        assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [1]);
    }
}

#[tokio::test]
async fn every_file_finds_the_same_session() {
    let db = DATABASES.take().await;
    let look = "SELECT @@sql_mode AS mode, @@time_zone AS zone, @@foreign_key_checks AS checks, @@autocommit AS auto, \
                @@character_set_connection AS letters, @@collation_connection AS collation, DATABASE() AS place";
    let disturb = "SET sql_mode = '', time_zone = '+09:00', foreign_key_checks = 0; SET NAMES latin1; \
                   CREATE TABLE locked (id INT PRIMARY KEY); LOCK TABLES locked WRITE; USE information_schema";
    let files = [
        ("01_before.sql", format!("CREATE TABLE seen AS {look} LIMIT 0; INSERT INTO seen {look}")),
        ("02_disturb.sql", disturb.to_owned()),
        ("03_disturb_more.sql", "SET autocommit = 0".to_owned()),
        ("04_after.sql", format!("INSERT INTO seen {look}")),
    ];
    let set = crate::history(files);
    let mut migrator = kseekers_migrator::Migrator::connect(db.opts(), set).await.unwrap();
    migrator.up(None).await.unwrap();
    let seen: Vec<(String, String, bool, bool, String, String, String)> =
        rows(&db, "SELECT * FROM seen").await;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].0.contains("STRICT_TRANS_TABLES"), "{seen:?}");
    assert_eq!((seen[0].1.as_str(), seen[0].5.as_str()), ("+00:00", "utf8mb4_unicode_ci"));
}

#[tokio::test]
async fn what_a_file_has_left_in_its_session_is_not_there_for_the_next() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE DATABASE IF NOT EXISTS other_place").await;
    let isolation = match rows::<String>(&db, "SELECT VERSION()").await[0].contains("MariaDB") {
        true => "tx_isolation",
        false => "transaction_isolation",
    };
    let look = format!(
        "SELECT @@default_storage_engine AS engine, CONCAT_WS(' ', @@sql_log_bin, @@group_concat_max_len, \
         @@sql_select_limit, @@explicit_defaults_for_timestamp, @@timestamp > 5, @@{isolation}, @a, @b, @c) AS more"
    );
    let disturb = "CREATE TEMPORARY TABLE staging (id INT); USE other_place; CREATE TEMPORARY TABLE there (id INT);
                   SET @a = 1, default_storage_engine = MyISAM, SESSION sql_log_bin = 0, @@group_concat_max_len = 5,
                       @@SESSION.explicit_defaults_for_timestamp = 0, timestamp = 5, @b := 2;
                   SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET sql_select_limit = 7;
                   SELECT 3 INTO @c; PREPARE s FROM 'DO 1'";
    let files = [
        ("01_before.sql", format!("CREATE TABLE seen (engine TEXT, more TEXT); INSERT INTO seen {look}")),
        ("02_disturb.sql", disturb.to_owned()),
        (
            "03_after.sql",
            format!("CREATE TABLE staging (id INT); INSERT INTO staging VALUES (1); INSERT INTO seen {look}"),
        ),
        ("04_there.sql", "SELECT * FROM other_place.there".to_owned()),
    ];
    let mut migrator = Migrator::connect(db.opts(), history(files.clone())).await.unwrap();
    let refusal = sentence(migrator.up(None).await);
    assert!(refusal.contains("there' doesn't exist"), "{refusal}");
    assert_eq!(rows::<u64>(&db, "SELECT id FROM staging").await, [1]);
    let seen: Vec<(String, String)> = rows(&db, "SELECT * FROM seen").await;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);

    let [first, second, third, _] = files;
    let files = [first, second, third, ("04_prepared.sql", "EXECUTE s".to_owned())];
    let mut migrator = Migrator::connect(db.opts(), history(files)).await.unwrap();
    let refusal = sentence(migrator.up(None).await);
    assert!(refusal.contains("Unknown prepared statement"), "{refusal}");
    execute(&db, "DROP DATABASE other_place").await;
}

#[tokio::test]
async fn a_statement_waits_only_so_long_for_a_locked_table() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE busy (id INT PRIMARY KEY)").await;
    let mut other = connect(&db).await;
    other.query_drop("LOCK TABLES busy WRITE").await.unwrap();
    let files: Files = &[("01_a.sql", "ALTER TABLE busy ADD COLUMN x INT")];
    let options =
        Options::default().with_lock_wait_timeout(Duration::from_secs(1)).with_lock_wait_attempts(2);
    let mut migrator = migrator_with(&db, files, options).await;
    let refusal = tokio::time::timeout(Duration::from_secs(20), migrator.up(None)).await.unwrap();
    let refusal = sentence(refusal);
    assert!(refusal.contains("Lock wait timeout exceeded"), "{refusal}");
    assert!(ledger(&db).await.is_empty());
    other.query_drop("UNLOCK TABLES").await.unwrap();
    migrator.up(None).await.unwrap();
}

#[tokio::test]
async fn loaded_files_are_not_remembered() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY)").await;
    let mut migrator = migrator(&db, &[]).await;
    let files =
        [kseekers_migrator::SqlFile::new("more.sql", "INSERT INTO a VALUES (); INSERT INTO a VALUES ()")];
    migrator.load(&files, &mut |_| {}).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM a").await, [2]);
    assert_eq!(tables(&db).await, ["a"]);

    let broken =
        [kseekers_migrator::SqlFile::new("broken.sql", "INSERT INTO a VALUES ();\nINSERT INTO b VALUES ()")];
    let refusal = sentence(migrator.load(&broken, &mut |_| {}).await);
    assert!(refusal.starts_with("broken.sql, line 2, statement 2 of 2: Table '"), "{refusal}");
}
