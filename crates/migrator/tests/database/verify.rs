//! A history that is tried there, back, and there again.

use kseekers_migrator::{Flaw, MigrationSet, Options, VerifyReport, verify};

use crate::{DATABASES, Files, sentence, set};

async fn tried(set: MigrationSet) -> VerifyReport {
    let db = DATABASES.take().await;
    verify(db.opts(), None, set, Options::default(), &mut |_| {}).await.unwrap()
}

async fn flaw(files: Files) -> String {
    tried(set(files)).await.flaw.unwrap().to_string()
}

#[tokio::test]
async fn our_own_history_leads_back_at_every_step_and_there_again() {
    let set = MigrationSet::from_dir(crate::history::FOLDER).unwrap();
    let report = tried(set.clone()).await;
    assert_eq!(report.flaw, None);
    assert_eq!(report.irreversible, [""; 0]);
    assert_eq!(report.files.len(), set.iter().count());
}

#[tokio::test]
async fn everything_that_a_database_can_hold_is_compared() {
    assert_eq!(tried(set(crate::schema::EVERYTHING)).await.flaw, None);
}

#[tokio::test]
async fn a_way_back_that_leaves_something_is_named_also_where_the_one_below_it_takes_it_away() {
    let files: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY)"),
        ("R01_notes.sql", "DROP TABLE notes"),
        (
            "02_texts.sql",
            "ALTER TABLE notes ADD COLUMN text VARCHAR(9), ADD COLUMN place INT, ADD KEY (place)",
        ),
        ("R02_texts.sql", "ALTER TABLE notes DROP COLUMN text"),
        ("03_more.sql", "CREATE TABLE more (id INT PRIMARY KEY)"),
        ("R03_more.sql", "DROP TABLE more"),
    ];
    assert_eq!(
        flaw(files).await,
        "After R02_texts.sql the schema is not what it was before 02_texts.sql. Lost (-) or left (+) is:\n  \
         + table notes InnoDB place int null\n  \
         + table notes InnoDB key (place)"
    );
}

#[tokio::test]
async fn a_way_back_that_loses_something_is_named() {
    let files: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(9) NOT NULL)"),
        ("R01_notes.sql", "DROP TABLE notes"),
        ("02_none.sql", "DROP TABLE notes"),
        ("R02_none.sql", "CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(9))"),
    ];
    assert_eq!(
        flaw(files).await,
        "After R02_none.sql the schema is not what it was before 02_none.sql. Lost (-) or left (+) is:\n  \
         - table notes InnoDB text varchar(9) not null\n  \
         + table notes InnoDB text varchar(9) null"
    );
}

#[tokio::test]
async fn another_order_of_columns_is_a_flaw_only_if_it_shows_on_the_second_way() {
    let there_again: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (a INT, b INT)"),
        ("R01_notes.sql", "DROP TABLE notes"),
        ("02_less.sql", "ALTER TABLE notes DROP COLUMN a"),
        ("R02_less.sql", "ALTER TABLE notes ADD COLUMN a INT"),
    ];
    assert_eq!(tried(set(there_again)).await.flaw, None);
    let files: Files = &[
        ("01_notes.sql", "-- migrate: irreversible\nCREATE TABLE notes (a DATE, b DATE)"),
        ("02_c.sql", "ALTER TABLE notes ADD COLUMN c DATE"),
        ("R02_c.sql", "ALTER TABLE notes DROP COLUMN c, MODIFY COLUMN a DATE AFTER b"),
    ];
    assert_eq!(
        flaw(files).await,
        "Run again after the way back, 02_c.sql did not make (-), or made instead (+):\n  \
         the order is another from here on: `a` date DEFAULT NULL,"
    );
}

#[tokio::test]
async fn what_a_statement_does_not_notice_is_a_flaw_if_the_second_way_makes_it_differently() {
    let files: Files = &[
        ("01_notes.sql", "-- migrate: irreversible\nCREATE TABLE notes (a INT) COMMENT='before'"),
        ("02_b.sql", "ALTER TABLE notes ADD COLUMN b INT"),
        ("R02_b.sql", "ALTER TABLE notes DROP COLUMN b, COMMENT='after'"),
        ("03_c.sql", "ALTER TABLE notes ADD COLUMN c INT"),
        ("R03_c.sql", "ALTER TABLE notes DROP COLUMN c"),
    ];
    let report = tried(set(files)).await;
    let Some(Flaw::Again { from, to, lines }) = report.flaw else { panic!("{report:?}") };
    assert_eq!((from.as_str(), to.as_str()), ("02_b.sql", "03_c.sql"));
    assert!(lines[0].contains("COMMENT='before'") && lines[1].contains("COMMENT='after'"), "{lines:#?}");
}

#[tokio::test]
async fn steps_that_cannot_be_taken_back_divide_the_history() {
    let files: Files = &[
        ("01_a.sql", "CREATE TABLE a (id INT)"),
        ("R01_a.sql", "DROP TABLE a"),
        ("02_b.sql", "-- migrate: irreversible\nALTER TABLE a ADD COLUMN b INT"),
        ("03_c.sql", "CREATE TABLE c (id INT)"),
        ("R03_c.sql", "DROP TABLE c"),
        ("04_d.sql", "-- migrate: irreversible\nDROP TABLE c"),
    ];
    let report = tried(set(files)).await;
    assert_eq!(report.flaw, None);
    assert_eq!(report.files, ["01_a.sql", "02_b.sql", "03_c.sql", "04_d.sql"]);
    assert_eq!(report.irreversible, ["02_b.sql", "04_d.sql"]);

    let flawed: Files = &[
        ("01_a.sql", "CREATE TABLE a (id INT)"),
        ("R01_a.sql", "DO 0"),
        ("02_b.sql", "-- migrate: irreversible\nALTER TABLE a ADD COLUMN b INT"),
    ];
    let report = tried(set(flawed)).await;
    assert!(matches!(&report.flaw, Some(Flaw::Back { file, .. }) if file == "R01_a.sql"), "{report:?}");
    assert_eq!(report.files, ["01_a.sql"]);
}

#[tokio::test]
async fn a_way_there_that_fails_the_second_time_is_told_with_the_file() {
    let db = DATABASES.take().await;
    let files: Files = &[
        ("01_a.sql", "-- migrate: irreversible\nCREATE TABLE a (id INT PRIMARY KEY)"),
        ("02_b.sql", "INSERT INTO a VALUES (1)"),
        ("R02_b.sql", "DO 0"),
    ];
    let refusal = sentence(verify(db.opts(), None, set(files), Options::default(), &mut |_| {}).await);
    assert!(refusal.starts_with("02_b.sql, line 1, statement 1 of 1: Duplicate entry"), "{refusal}");
}
