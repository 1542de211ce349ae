//! A history for a database that was there before it.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{Migrator, Version};

use crate::{DATABASES, Files, execute, ledger, migrator, ran, rows, sentence, tables};

const SHOP: Files = &[
    (
        "01_notes.sql",
        "CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(20) DEFAULT 'x', KEY by_text (text))",
    ),
    ("R01_notes.sql", "DROP TABLE notes"),
    ("02_views.sql", "CREATE VIEW v AS SELECT id FROM notes WHERE id > 1"),
    ("R02_views.sql", "DROP VIEW v"),
    ("03_more.sql", "ALTER TABLE notes ADD COLUMN more INT"),
    ("R03_more.sql", "ALTER TABLE notes DROP COLUMN more"),
];

/// As somebody has made it by hand, in other words.
const BY_HAND: &str = "CREATE TABLE notes (text VARCHAR(20) NULL DEFAULT \"x\", id INT(11) NOT NULL, PRIMARY KEY (id), \
     KEY other (text)); CREATE VIEW v AS SELECT n.id FROM notes n WHERE n.id > 1; INSERT INTO notes VALUES ('a', 1); \
     CREATE TABLE theirs (id INT)";

const TWO: Version = Version::new(2);

async fn shop() -> (TestDatabase, Migrator) {
    let db = DATABASES.take().await;
    execute(&db, &BY_HAND.replace("n.id", "notes.id").replace("notes n", "notes")).await;
    let migrator = migrator(&db, SHOP).await;
    (db, migrator)
}

#[tokio::test]
async fn a_database_that_matches_gets_a_history_and_keeps_its_rows() {
    let (db, mut migrator) = shop().await;
    let report = migrator.baseline(TWO, None, &mut |_| {}).await.unwrap();
    assert_eq!(report.files, ["01_notes.sql", "02_views.sql"]);
    let foreign: Vec<String> = report.foreign.iter().map(ToString::to_string).collect();
    assert_eq!(foreign, ["table theirs is not ours"]);
    assert_eq!(report.leftovers, [""; 0]);
    assert_eq!(
        rows::<(String, String, bool, String)>(
            &db,
            "SELECT version, state, digest IS NOT NULL, origin FROM schema_migrations ORDER BY id"
        )
        .await,
        ["01", "02"].map(|version| (version.to_owned(), "done".to_owned(), true, "baseline".to_owned()))
    );
    assert_eq!(rows::<i32>(&db, "SELECT id FROM notes").await, [1]);

    assert_eq!(ran(&migrator.up(None).await.unwrap()), ["03_more.sql"]);
}

#[tokio::test]
async fn the_way_down_never_goes_below_it() {
    let (db, mut migrator) = shop().await;
    migrator.baseline(TWO, None, &mut |_| {}).await.unwrap();
    migrator.up(None).await.unwrap();
    assert_eq!(
        sentence(migrator.down("01".parse().ok()).await),
        "The way down cannot end at 01: what 02_views.sql makes was in this database before our history (its origin is \
         `baseline`). Nothing was rolled back. Choose a target from 02 on"
    );
    assert_eq!(ran(&migrator.down(None).await.unwrap()), ["R03_more.sql"]);
    assert!(migrator.down(None).await.unwrap().files.is_empty());
    assert_eq!(tables(&db).await, ["notes", "schema_migrations", "theirs", "v"]);
}

#[tokio::test]
async fn a_database_that_does_not_match_is_told_in_full_and_left_alone() {
    let (db, mut migrator) = shop().await;
    execute(
        &db,
        "DROP VIEW v; ALTER TABLE notes MODIFY text TEXT, DROP KEY other, ADD COLUMN place INT NOT NULL",
    )
    .await;
    let refusal = sentence(migrator.baseline(TWO, None, &mut |_| {}).await);
    assert_eq!(
        refusal,
        "The schema is not that of 02:\n  \
         notes.text is text without default, ours is varchar(20) default 'x'\n  \
         notes.place (int not null) is not ours\n  \
         notes has no key (text), we have\n  \
         view v is missing\n\
         Nothing was changed. Mend it, or choose the version that it is at"
    );
    assert_eq!(tables(&db).await, ["notes", "theirs"]);
}

#[tokio::test]
async fn a_column_that_nobody_else_notices_is_a_difference_all_the_same() {
    let (db, mut migrator) = shop().await;
    execute(&db, "ALTER TABLE notes ADD COLUMN more INT").await;
    let refusal = sentence(migrator.baseline(TWO, None, &mut |_| {}).await);
    assert!(refusal.contains("\n  notes.more (int null) is not ours\n"), "{refusal}");
    migrator.baseline(Version::new(3), None, &mut |_| {}).await.unwrap();
    assert!(migrator.readiness().await.unwrap().is_ready());
}

#[tokio::test]
async fn a_database_with_a_history_is_refused() {
    let (db, mut migrator) = shop().await;
    migrator.baseline(Version::new(1), None, &mut |_| {}).await.unwrap();
    let before = ledger(&db).await;
    assert_eq!(
        sentence(migrator.baseline(TWO, None, &mut |_| {}).await),
        "This database has a history already: 1 row in schema_migrations. A baseline is for one that has none. Nothing \
         was changed"
    );
    assert_eq!(ledger(&db).await, before);
}

#[tokio::test]
async fn a_file_that_fails_is_not_to_be_mended_in_a_scratch_database_that_is_gone() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "CREATE TABLE a (id INT); INSERT INTO nowhere VALUES (1)")];
    let refusal = sentence(migrator(&db, files).await.baseline(Version::new(1), None, &mut |_| {}).await);
    assert!(refusal.starts_with("01_a.sql, line 1, statement 2 of 2: "), "{refusal}");
    assert!(
        refusal.ends_with("\nThis was in a scratch database, which is gone: mend the file."),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_ledger_without_rows_is_no_history() {
    let (db, mut first) = shop().await;
    first.baseline(TWO, None, &mut |_| {}).await.unwrap();
    execute(&db, "DELETE FROM schema_migrations").await;
    migrator(&db, SHOP).await.baseline(TWO, None, &mut |_| {}).await.unwrap();
}

#[tokio::test]
async fn an_unknown_version_is_refused() {
    let (_db, mut migrator) = shop().await;
    let refusal = sentence(migrator.baseline(Version::new(7), None, &mut |_| {}).await);
    assert_eq!(refusal, "There is no migration 07. There are: 01, 02, 03");
}
