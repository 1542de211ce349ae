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
        ("01_notes.sql", "CREATE TABLE notes (id DATE)"),
        ("R01_notes.sql", "DROP TABLE notes"),
        ("02_texts.sql", "ALTER TABLE notes ADD COLUMN text DATE, ADD COLUMN place DATE, ADD KEY (place)"),
        ("R02_texts.sql", "ALTER TABLE notes DROP COLUMN text"),
        ("03_more.sql", "CREATE TABLE more (id DATE)"),
        ("R03_more.sql", "DROP TABLE more"),
    ];
    assert_eq!(
        flaw(files).await,
        "After R02_texts.sql the schema is not what it was before 02_texts.sql. Lost (-) or left (+) is:\n  \
         + CREATE TABLE `notes`: `place` date DEFAULT NULL\n  \
         + CREATE TABLE `notes`: KEY `place` (`place`)"
    );
}

#[tokio::test]
async fn a_way_back_that_loses_something_is_named() {
    let files: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (id DATE NOT NULL COMMENT 'when')"),
        ("R01_notes.sql", "DROP TABLE notes"),
        ("02_later.sql", "ALTER TABLE notes MODIFY COLUMN id DATETIME"),
        ("R02_later.sql", "ALTER TABLE notes MODIFY COLUMN id DATE NOT NULL"),
    ];
    assert_eq!(
        flaw(files).await,
        "After R02_later.sql the schema is not what it was before 02_later.sql. Lost (-) or left (+) is:\n  \
         - CREATE TABLE `notes`: `id` date NOT NULL COMMENT 'when'\n  \
         + CREATE TABLE `notes`: `id` date NOT NULL"
    );
}

#[tokio::test]
async fn another_name_of_a_key_is_a_flaw_since_later_steps_name_it() {
    let files: Files = &[
        ("01_notes.sql", "-- migrate: irreversible\nCREATE TABLE notes (id DATE, KEY by_id (id))"),
        ("02_none.sql", "ALTER TABLE notes DROP KEY by_id"),
        ("R02_none.sql", "ALTER TABLE notes ADD KEY (id)"),
    ];
    let flaw = flaw(files).await;
    assert!(flaw.ends_with("KEY `by_id` (`id`)\n  + CREATE TABLE `notes`: KEY `id` (`id`)"), "{flaw}");
}

#[tokio::test]
async fn another_order_of_columns_is_a_flaw_only_if_it_shows_on_the_second_way() {
    let there_again: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (a DATE, b DATE)"),
        ("R01_notes.sql", "DROP TABLE notes"),
        ("02_less.sql", "ALTER TABLE notes DROP COLUMN a"),
        ("R02_less.sql", "ALTER TABLE notes ADD COLUMN a DATE"),
    ];
    assert_eq!(tried(set(there_again)).await.flaw, None);
    let files: Files = &[
        ("01_notes.sql", "-- migrate: irreversible\nCREATE TABLE notes (a DATE, b DATE)"),
        ("02_c.sql", "ALTER TABLE notes ADD COLUMN c DATE"),
        ("R02_c.sql", "ALTER TABLE notes DROP COLUMN c, MODIFY COLUMN a DATE AFTER b"),
        ("03_d.sql", "CREATE TABLE d (a DATE)"),
        ("R03_d.sql", "DROP TABLE d"),
    ];
    assert_eq!(
        flaw(files).await,
        "Run again after the way back, 02_c.sql to 03_d.sql did not make (-), or made instead (+):\n  \
         CREATE TABLE `notes`: `a` date DEFAULT NULL, in another order"
    );
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
