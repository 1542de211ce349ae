//! Files of which nothing shows how far they came, and what is decided about them.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Migrator, Progress, Report, Resume, Unfinished};

use crate::cut::up_until;
use crate::{DATABASES, Files, execute, ledger, migrator, ran, rows, sentence, set, tables};

/// A call of a procedure leaves no trace that could be looked at.
const CALLS: Files = &[
    (
        "01_calls.sql",
        "CREATE TABLE runs (what VARCHAR(20));\n\
         CREATE PROCEDURE fill() INSERT INTO runs VALUES ('call');\n\
         CALL fill();\n\
         INSERT INTO runs VALUES ('after');",
    ),
    ("R01_calls.sql", "DROP PROCEDURE fill; CALL sys_nothing(); DROP TABLE runs;"),
];

/// A runner that goes away when it is about to note what became of the statement before this one.
async fn stopped_before(db: &TestDatabase, files: Files, number: usize) -> Migrator {
    let is_there = move |progress: Progress<'_>| matches!(progress, Progress::Statement { number: now, .. } if now == number);
    up_until(db, set(files), is_there).await;
    migrator(db, files).await
}

/// What somebody sees who is to decide.
async fn seen(migrator: &mut Migrator) -> Unfinished {
    migrator.unfinished().await.unwrap().unwrap()
}

async fn resume(migrator: &mut Migrator, how: Resume) -> Result<Report, MigrateError> {
    let unfinished = seen(migrator).await;
    migrator.resume(&unfinished, how).await
}

async fn mark_applied(migrator: &mut Migrator) -> Result<(), MigrateError> {
    let unfinished = seen(migrator).await;
    migrator.mark_applied(&unfinished).await
}

async fn mark_rolled_back(migrator: &mut Migrator) -> Result<(), MigrateError> {
    let unfinished = seen(migrator).await;
    migrator.mark_rolled_back(&unfinished).await
}

/// What was written down of the statements and, as the first, of decisions.
async fn journal(db: &TestDatabase) -> Vec<(i32, String, Option<String>)> {
    rows(db, "SELECT statement, state, note FROM schema_migrations_journal ORDER BY statement").await
}

async fn runs(db: &TestDatabase) -> Vec<String> {
    rows(db, "SELECT what FROM runs ORDER BY what").await
}

#[tokio::test]
async fn a_statement_that_leaves_no_trace_stops_the_run_and_is_told_with_what_to_type() {
    let db = DATABASES.take().await;
    let mut migrator = stopped_before(&db, CALLS, 4).await;
    let expected = "01_calls.sql was begun and not finished: nothing shows whether this statement took effect.\n\
                    statement 3 of 4, line 3: CALL fill()\n\
                    Look at the database, then choose:\n\
                    - If it did not take effect: `resume` runs it again and goes on.\n\
                    - If it took effect: `resume --skip-statement` goes on after it.\n\
                    - If you do the rest of the file by hand: `mark-applied --version 01`.\n\
                    - If you undo by hand what it did: `mark-rolled-back --version 01`.";
    for stopped in [migrator.up(None).await.map(drop), migrator.down(None).await.map(drop)] {
        assert_eq!(sentence(stopped), expected);
    }
    let unfinished = seen(&mut migrator).await;
    assert_eq!(unfinished.at.unwrap().text, "CALL fill()");
    assert_eq!(unfinished.why.as_deref(), Some("nothing shows whether this statement took effect"));
    assert_eq!(runs(&db).await, ["call"]);
}

#[tokio::test]
async fn a_statement_that_took_effect_is_skipped_and_the_rest_is_run() {
    let db = DATABASES.take().await;
    let mut migrator = stopped_before(&db, CALLS, 4).await;
    let report = resume(&mut migrator, Resume::SkipStatement).await.unwrap();
    assert_eq!(report.version.as_deref(), Some("01"));
    assert_eq!(ran(&report), ["01_calls.sql"]);
    assert_eq!(runs(&db).await, ["after", "call"]);
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);

    let journal = journal(&db).await;
    let states: Vec<&str> = journal.iter().map(|(_, state, _)| state.as_str()).collect();
    assert_eq!(states, ["done", "done", "done", "skipped", "done"]);
    let note = journal[0].2.as_deref().unwrap();
    assert!(note.starts_with("resume --skip-statement at 3 by root@"), "{note}");
}

#[tokio::test]
async fn a_statement_that_did_not_take_effect_is_run_again() {
    let db = DATABASES.take().await;
    let mut migrator = stopped_before(&db, CALLS, 4).await;
    execute(&db, "DELETE FROM runs").await;
    resume(&mut migrator, Resume::Again).await.unwrap();
    assert_eq!(runs(&db).await, ["after", "call"]);
    let note = journal(&db).await[0].2.clone().unwrap();
    assert!(note.starts_with("resume at 3 by root@"), "{note}");
    // There is nothing to decide any more.
    assert!(migrator.unfinished().await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_decided_before_stays_on_record() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "CALL nowhere(); CALL nowhere(); DO 0")];
    let mut migrator = migrator(&db, files).await;
    migrator.up(None).await.unwrap_err();
    for _ in 0..8 {
        resume(&mut migrator, Resume::Again).await.unwrap_err();
    }
    resume(&mut migrator, Resume::SkipStatement).await.unwrap_err();
    resume(&mut migrator, Resume::SkipStatement).await.unwrap();
    let note = journal(&db).await[0].2.clone().unwrap();
    let decisions: Vec<&str> =
        note.split("; ").filter_map(|one| one.split_once(" by ")).map(|one| one.0).collect();
    let skipped = ["resume --skip-statement at 1", "resume --skip-statement at 2"];
    assert_eq!(decisions, [&["resume at 1"; 8][..], &skipped].concat(), "{note}");
}

#[tokio::test]
async fn what_a_statement_has_left_in_its_session_is_missed() {
    let db = DATABASES.take().await;
    let files: Files = &[(
        "01_a.sql",
        "CREATE TABLE a (id INT PRIMARY KEY);\nSET @n = 5;\nINSERT INTO a VALUES (@n);\nDO 0",
    )];
    let mut migrator = stopped_before(&db, files, 4).await;
    let refusal = sentence(migrator.up(None).await);
    let expected = "01_a.sql was begun and not finished: this statement did not take effect, but one before it has left \
                    something in its session that may be needed here and is gone: statement 2 of 4, line 2: SET @n = 5.\n\
                    statement 3 of 4, line 3: INSERT INTO a VALUES (@n)\n\
                    Look at the database, then choose:\n\
                    - If it does not need that: `resume` goes on with it in a new session.\n\
                    - If you do the rest of the file by hand: `mark-applied --version 01`.\n\
                    - If you undo by hand what it did: `mark-rolled-back --version 01`.";
    assert_eq!(refusal, expected);

    // It does need it, and what it did is undone by hand: a table.
    execute(&db, "DROP TABLE a").await;
    mark_rolled_back(&mut migrator).await.unwrap();
    assert!(ledger(&db).await.is_empty());
    let note = journal(&db).await[0].2.clone().unwrap();
    assert!(note.starts_with("mark-rolled-back by root@"), "{note}");
    migrator.up(None).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a").await, [5]);
}

#[tokio::test]
async fn a_file_whose_rest_was_done_by_hand_counts_as_applied_and_can_be_taken_back() {
    let db = DATABASES.take().await;
    let files: Files = &[
        ("01_a.sql", "CREATE TABLE a (id INT PRIMARY KEY); CALL nowhere(); CREATE TABLE b (id INT)"),
        ("R01_a.sql", "DROP TABLE b; DROP TABLE a"),
    ];
    let mut migrator = migrator(&db, files).await;
    migrator.up(None).await.unwrap_err();
    execute(&db, "CREATE TABLE b (id INT)").await;
    mark_applied(&mut migrator).await.unwrap();
    assert!(migrator.readiness().await.unwrap().is_ready());
    assert_eq!(rows::<String>(&db, "SELECT origin FROM schema_migrations").await, ["marked"]);
    let note = journal(&db).await[0].2.clone().unwrap();
    assert!(note.starts_with("mark-applied by root@"), "{note}");
    migrator.down(None).await.unwrap();
    assert_eq!(tables(&db).await, ["schema_migrations"]);
}

#[tokio::test]
async fn a_way_down_is_marked_the_other_way_round() {
    let db = DATABASES.take().await;
    let files: Files =
        &[("01_a.sql", "CREATE TABLE a (id INT)"), ("R01_a.sql", "CALL nowhere(); DROP TABLE a")];
    let mut migrator = migrator(&db, files).await;
    migrator.up(None).await.unwrap();
    let refusal = sentence(migrator.down(None).await);
    assert!(
        refusal.contains("\n- If you undo by hand what it did: `mark-applied --version 01`.\n"),
        "{refusal}"
    );
    mark_applied(&mut migrator).await.unwrap();
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);

    migrator.down(None).await.unwrap_err();
    execute(&db, "DROP TABLE a").await;
    mark_rolled_back(&mut migrator).await.unwrap();
    assert!(ledger(&db).await.is_empty());
    migrator.up(None).await.unwrap();
}

/// Everything that a decision could change.
async fn everything(db: &TestDatabase) -> Vec<String> {
    let mut all: Vec<String> = rows(
        db,
        "SELECT CONCAT_WS(' ', version, direction, statement, digest, state, started_at, note) \
         FROM schema_migrations_journal ORDER BY version, direction, statement",
    )
    .await;
    all.extend(ledger(db).await.into_iter().map(|(version, state)| format!("{version} {state}")));
    all.extend(runs(db).await);
    all
}

/// Decides in each way about what was seen before another one did something, and says what came of it.
async fn decided_too_late(db: &TestDatabase, migrator: &mut Migrator, seen: &Unfinished) -> String {
    let before = everything(db).await;
    let refused = [
        migrator.resume(seen, Resume::Again).await.map(drop),
        migrator.resume(seen, Resume::SkipStatement).await.map(drop),
        migrator.mark_applied(seen).await,
        migrator.mark_rolled_back(seen).await,
    ];
    assert_eq!(everything(db).await, before);
    let mut said: Vec<String> = refused.into_iter().map(sentence).collect();
    said.dedup();
    let said = said.join("\n");
    let (begin, end) = (
        " is not as it was when this was decided: ",
        ". Nothing was done. Look at the database, then decide anew",
    );
    let said = said.strip_prefix(&seen.file).and_then(|said| said.strip_prefix(begin)).unwrap_or(&said);
    said.strip_suffix(end).unwrap_or(said).to_owned()
}

#[tokio::test]
async fn a_decision_about_what_is_not_so_any_more_does_nothing() {
    let db = DATABASES.take().await;
    let files: Files = &[
        (
            "01_calls.sql",
            "CREATE TABLE runs (what VARCHAR(20));\nCALL one();\nCALL two();\nINSERT INTO runs VALUES ('after');",
        ),
        ("R01_calls.sql", "DO 0;\nCALL two();\nDROP TABLE runs;"),
    ];
    let (mut first, mut other) = (migrator(&db, files).await, migrator(&db, files).await);
    first.up(None).await.unwrap_err();
    let seen_first = seen(&mut first).await;
    assert_eq!(seen_first, seen(&mut other).await);

    // The same statement was tried again.
    resume(&mut other, Resume::Again).await.unwrap_err();
    let now = decided_too_late(&db, &mut first, &seen_first).await;
    assert_eq!(now, "there is now 01_calls.sql, statement 2 of 4, line 2: CALL one()");

    // A later one.
    let seen_again = seen(&mut first).await;
    resume(&mut other, Resume::SkipStatement).await.unwrap_err();
    let now = decided_too_late(&db, &mut first, &seen_again).await;
    assert_eq!(now, "there is now 01_calls.sql, statement 3 of 4, line 3: CALL two()");

    let seen_later = seen(&mut first).await;
    resume(&mut other, Resume::SkipStatement).await.unwrap();
    let now = decided_too_late(&db, &mut first, &seen_later).await;
    assert_eq!(now, "no file is unfinished any more");

    other.down(None).await.unwrap_err();
    let now = decided_too_late(&db, &mut first, &seen_first).await;
    assert_eq!(now, "there is now R01_calls.sql, statement 2 of 3, line 2: CALL two()");

    // Nobody came in between.
    mark_applied(&mut first).await.unwrap();
    assert_eq!(runs(&db).await, ["after"]);
}

#[tokio::test]
async fn a_decision_about_a_schema_that_was_changed_meanwhile_does_nothing() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE runs (what VARCHAR(20))").await;
    let files: Files = &[("01_a.sql", "SET @n = 1; CREATE TABLE a (id INT); DO 0")];
    let mut migrator = stopped_before(&db, files, 3).await;
    let unfinished = seen(&mut migrator).await;
    assert_eq!(unfinished.at.as_ref().map(|at| at.number), Some(3));
    execute(&db, "DROP TABLE a").await;
    let now = decided_too_late(&db, &mut migrator, &unfinished).await;
    assert_eq!(now, "there is now 01_a.sql, statement 2 of 3, line 1: CREATE TABLE a (id INT)");
}

#[tokio::test]
async fn a_file_that_an_older_version_has_begun_can_only_be_marked() {
    let db = DATABASES.take().await;
    let mut migrator = stopped_before(&db, CALLS, 4).await;
    execute(&db, "DROP TABLE schema_migrations_journal").await;
    let refusal = sentence(migrator.up(None).await);
    let expected = "01_calls.sql was begun and not finished: an older version of this program has begun it, and no journal \
                    says how far it came.\nLook at the database, then choose:\n\
                    - If you do the rest of the file by hand: `mark-applied --version 01`.\n";
    assert!(refusal.starts_with(expected), "{refusal}");
    assert_eq!(sentence(resume(&mut migrator, Resume::Again).await), refusal);
    mark_applied(&mut migrator).await.unwrap();
    assert_eq!(runs(&db).await, ["call"]);
}

#[tokio::test]
async fn a_file_that_is_gone_can_only_be_marked_as_undone() {
    let db = DATABASES.take().await;
    stopped_before(&db, CALLS, 4).await;
    let mut other = migrator(&db, &[("01_other.sql", "DO 0")]).await;
    let refusal = sentence(other.up(None).await);
    assert!(refusal.contains("was begun and not finished: its file is not there any more.\n"), "{refusal}");
    let refusal = sentence(mark_applied(&mut other).await);
    assert!(refusal.contains("its file is not there any more"), "{refusal}");
    mark_rolled_back(&mut other).await.unwrap();
    assert!(ledger(&db).await.is_empty());
}

#[tokio::test]
async fn objects_of_which_a_part_is_there_stop_the_run() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT); CREATE TABLE b (id INT)").await;
    let mut migrator = stopped_before(&db, &[("01_a.sql", "DROP TABLE a, b; DO 0")], 2).await;
    execute(&db, "CREATE TABLE b (id INT)").await;
    let refusal = sentence(migrator.up(None).await);
    assert!(
        refusal.contains("some of the objects of this statement are as after it and some as before"),
        "{refusal}"
    );
    execute(&db, "DROP TABLE b").await;
    migrator.up(None).await.unwrap();
}

#[tokio::test]
async fn an_object_that_is_older_than_the_statement_was_not_made_by_it() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "CREATE TABLE a (id INT); DO 0")];
    let mut migrator = stopped_before(&db, files, 2).await;
    execute(&db, "UPDATE schema_migrations_journal SET started_at = started_at + INTERVAL 1 HOUR").await;
    let refusal = sentence(migrator.up(None).await);
    assert!(refusal.contains("Table 'a' already exists"), "{refusal}");
}

#[tokio::test]
async fn a_transaction_with_a_table_that_knows_none_stops_the_run() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT) ENGINE=MyISAM; CREATE TABLE b (id INT)").await;
    let alone: Files = &[("01_a.sql", "INSERT INTO a VALUES (1);\nDO 0")];
    let refusal = sentence(stopped_before(&db, alone, 2).await.up(None).await);
    let expected = "01_a.sql was begun and not finished: this statement writes to a table without transactions, so a part of \
                    it may be done.\nstatement 1 of 2, line 1: INSERT INTO a VALUES (1)\n";
    assert!(refusal.starts_with(expected), "{refusal}");

    execute(&db, "DELETE FROM schema_migrations; DELETE FROM a").await;
    let behind_a_new_table: Files =
        &[("01_a.sql", "CREATE TABLE c (id INT) ENGINE=MyISAM;\nINSERT INTO c VALUES (1);\nDO 0")];
    let mut migrator = stopped_before(&db, behind_a_new_table, 3).await;
    let refusal = sentence(migrator.up(None).await);
    assert!(
        refusal.contains("so a part of it may be done.\nstatement 2 of 3, line 2: INSERT INTO c"),
        "{refusal}"
    );
    resume(&mut migrator, Resume::SkipStatement).await.unwrap();
    migrator.close().await;
    assert_eq!(rows::<u64>(&db, "SELECT id FROM c").await, [1]);

    execute(&db, "DELETE FROM schema_migrations; DELETE FROM schema_migrations_journal").await;
    let transaction: Files = &[(
        "01_a.sql",
        "START TRANSACTION;\nINSERT INTO b VALUES (1);\nINSERT INTO a VALUES (1);\nDO 0;\nCOMMIT",
    )];
    let mut migrator = stopped_before(&db, transaction, 4).await;
    let refusal = sentence(migrator.up(None).await);
    let expected = "01_a.sql was begun and not finished: a transaction begins here, and what it writes to a table without \
                    transactions is not rolled back: statement 3 of 5, line 3: INSERT INTO a VALUES (1).\n\
                    statement 1 of 5, line 1: START TRANSACTION\n\
                    Look at the database, then choose:\n\
                    - If no row of that is there, or you take them out by hand: `resume` runs the whole transaction again.\n\
                    - If you do the rest of the file by hand: `mark-applied --version 01`.\n\
                    - If you undo by hand what it did: `mark-rolled-back --version 01`.";
    assert_eq!(refusal, expected);
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a UNION ALL SELECT id FROM b").await, [1]);
    execute(&db, "DELETE FROM a").await;
    resume(&mut migrator, Resume::Again).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a UNION ALL SELECT id FROM b").await, [1, 1]);
}

#[tokio::test]
async fn from_a_lock_on_tables_on_nothing_is_known() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT)").await;
    let files: Files =
        &[("01_a.sql", "DO 0; LOCK TABLES a WRITE; INSERT INTO a VALUES (1); DO 1; UNLOCK TABLES; DO 2")];
    let mut migrator = stopped_before(&db, files, 4).await;
    let refusal = sentence(migrator.up(None).await);
    let expected = "01_a.sql was begun and not finished: tables were locked from this statement on, so that nothing could be \
                    written down.\nstatement 2 of 6, line 1: LOCK TABLES a WRITE\n";
    assert!(refusal.starts_with(expected), "{refusal}");
    execute(&db, "DELETE FROM a").await;
    resume(&mut migrator, Resume::Again).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a").await, [1]);
}
