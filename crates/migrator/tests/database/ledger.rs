//! What the ledger promises: nothing is run that does not fit what was run before.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrationSet, Migrator, Readiness};

use crate::{DATABASES, Files, execute, ledger, migrator, ran, rows, sentence, set, tables};

const THREE: Files = &[
    ("01_one_table.sql", "CREATE TABLE one (id INT PRIMARY KEY)"),
    ("R01_one_table.sql", "DROP TABLE one"),
    ("02_two.sql", "CREATE TABLE two (id INT PRIMARY KEY); INSERT INTO two VALUES (2)"),
    ("R02_two.sql", "DROP TABLE two"),
    ("3_three.sql", "CREATE TABLE three (id INT PRIMARY KEY)"),
    ("R3_three.sql", "DROP TABLE three"),
];

/// The table as the Python system makes it.
const PYTHON_LEDGER: &str = "CREATE TABLE schema_migrations (id INT AUTO_INCREMENT PRIMARY KEY, \
     version VARCHAR(50) NOT NULL UNIQUE, name VARCHAR(255) NOT NULL, \
     applied_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP, checksum VARCHAR(64), INDEX idx_version (version));";

fn done(versions: &[&str]) -> Vec<(String, String)> {
    versions.iter().map(|version| ((*version).to_owned(), "done".to_owned())).collect()
}

async fn has_state(db: &TestDatabase) -> bool {
    !rows::<String>(
        db,
        "SELECT column_name FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name = 'schema_migrations' AND column_name = 'state'",
    )
    .await
    .is_empty()
}

#[tokio::test]
async fn up_goes_to_its_target_and_down_leaves_its_target() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, THREE).await;
    assert_eq!(ran(&migrator.up("2".parse().ok()).await.unwrap()), ["01_one_table.sql", "02_two.sql"]);
    assert_eq!(ledger(&db).await, done(&["01", "02"]));
    assert_eq!(tables(&db).await, ["one", "schema_migrations", "two"]);

    let report = migrator.up(None).await.unwrap();
    assert_eq!(ran(&report), ["3_three.sql"]);
    assert_eq!((report.files[0].statements, report.files[0].version), (1, "3".parse().ok()));
    assert!(migrator.up(None).await.unwrap().files.is_empty());

    assert_eq!(ran(&migrator.down("01".parse().ok()).await.unwrap()), ["R3_three.sql", "R02_two.sql"]);
    assert_eq!(ledger(&db).await, done(&["01"]));
    assert_eq!(ran(&migrator.down(None).await.unwrap()), ["R01_one_table.sql"]);
    assert_eq!(tables(&db).await, ["schema_migrations"]);
}

#[tokio::test]
async fn down_leaves_what_was_there_before() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, THREE).await;
    migrator.up("02".parse().ok()).await.unwrap();
    execute(&db, "UPDATE schema_migrations SET origin = 'baseline'").await;
    migrator.up(None).await.unwrap();
    let below = sentence(migrator.down("01".parse().ok()).await);
    assert!(below.contains("what 02_two.sql makes was in this database before"), "{below}");
    assert_eq!(ledger(&db).await, done(&["01", "02", "3"]));
    assert_eq!(ran(&migrator.down(None).await.unwrap()), ["R3_three.sql"]);
    assert!(migrator.down(None).await.unwrap().files.is_empty());
    assert_eq!(tables(&db).await, ["one", "schema_migrations", "two"]);
}

#[tokio::test]
async fn a_row_has_version_name_checksum_and_time_as_the_python_system_writes_them() {
    let db = DATABASES.take().await;
    migrator(&db, THREE).await.up("01".parse().ok()).await.unwrap();
    let row: Vec<(String, String, String, bool)> = rows(
        &db,
        "SELECT version, name, checksum, ABS(TIMESTAMPDIFF(SECOND, applied_at, NOW())) < 60 FROM schema_migrations",
    )
    .await;
    let checksum = set(THREE).iter().next().unwrap().up.checksum();
    assert_eq!(row, [("01".to_owned(), "one table".to_owned(), checksum, true)]);
}

#[tokio::test]
async fn a_row_has_a_digest_that_comments_and_blanks_do_not_change() {
    let digest = async |text: &'static str| {
        let db = DATABASES.take().await;
        let set = MigrationSet::from_files([("01_a.sql", text), ("R01_a.sql", "DO 0")]).unwrap();
        Migrator::connect(db.opts(), set).await.unwrap().up(None).await.unwrap();
        rows::<(String, String)>(&db, "SELECT digest, origin FROM schema_migrations").await.remove(0)
    };
    let (plain, origin) = digest("DO 1; SELECT ' 2'").await;
    assert_eq!((plain.len(), origin.as_str()), (64, "run"));
    assert_eq!(digest("-- two\r\nDO  1;\r\nSELECT ' 2'; # done").await.0, plain);
    assert_ne!(digest("DO 1; SELECT '2'").await.0, plain);
}

#[tokio::test]
async fn status_reads_and_changes_nothing() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, THREE).await;
    let status = migrator.status().await.unwrap();
    assert_eq!(status.lines.len(), 3);
    assert!(tables(&db).await.is_empty());

    migrator.up("02".parse().ok()).await.unwrap();
    let status = migrator.status().await.unwrap();
    assert_eq!(status.readiness, Readiness::Pending { next: "3_three.sql".to_owned(), count: 1 });
    assert!(status.lines[1].applied_at.is_some() && status.lines[2].applied_at.is_none());
    migrator.up(None).await.unwrap();
    assert_eq!(migrator.readiness().await.unwrap(), Readiness::Ready);
}

#[tokio::test]
async fn a_file_that_was_changed_after_it_was_applied_is_refused() {
    let db = DATABASES.take().await;
    migrator(&db, THREE).await.up(None).await.unwrap();
    let changed = THREE.iter().map(|(name, text)| (*name, text.replace("VALUES (2)", "VALUES (3)")));
    let changed = MigrationSet::from_files(changed).unwrap();
    let mut migrator = Migrator::connect(db.opts(), changed).await.unwrap();
    for refusal in [sentence(migrator.up(None).await), sentence(migrator.down(None).await)] {
        assert!(
            refusal.starts_with("02_two.sql is not the text that was applied to this database:"),
            "{refusal}"
        );
    }
    assert!(matches!(migrator.readiness().await.unwrap(), Readiness::Foreign(_)));
    assert_eq!(ledger(&db).await, done(&["01", "02", "3"]));
}

#[tokio::test]
async fn a_database_of_the_python_system_is_refused_and_left_as_it_is() {
    let db = DATABASES.take().await;
    execute(&db, PYTHON_LEDGER).await;
    execute(
        &db,
        "INSERT INTO schema_migrations (version, name, checksum) VALUES \
         ('01', 'initial schema', '62f6654e1c6de04527591255f8634de1'), \
         ('02', 'modify result display config structure', 'b28f9fa7a236a2c02ba92b888d89f3aa')",
    )
    .await;
    let ours = MigrationSet::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).unwrap();
    let files = ours.iter().count();
    let mut migrator = Migrator::connect(db.opts(), ours).await.unwrap();
    for refusal in [sentence(migrator.up(None).await), sentence(migrator.down(None).await)] {
        assert!(
            refusal.starts_with(
                "01_initial_schema.sql is not the text that was applied to this database: its checksum is"
            ),
            "{refusal}"
        );
        assert!(
            refusal.contains("that of the applied one is 62f6654e1c6de04527591255f8634de1."),
            "{refusal}"
        );
        assert!(refusal.contains("that was \"modify result display config structure\"."), "{refusal}");
    }
    assert!(!migrator.readiness().await.unwrap().is_ready());
    assert_eq!(migrator.status().await.unwrap().lines.len(), files);
    assert_eq!(tables(&db).await, ["schema_migrations"]);
    assert!(!has_state(&db).await);
}

#[tokio::test]
async fn a_ledger_of_the_python_system_whose_rows_are_ours_is_continued() {
    let db = DATABASES.take().await;
    execute(&db, PYTHON_LEDGER).await;
    let checksum = set(THREE).iter().next().unwrap().up.checksum();
    execute(
        &db,
        &format!(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ('01', 'one table', '{}')",
            checksum.to_uppercase()
        ),
    )
    .await;
    execute(&db, THREE[0].1).await;
    let mut migrator = migrator(&db, THREE).await;
    assert_eq!(
        migrator.readiness().await.unwrap(),
        Readiness::Pending { next: "02_two.sql".to_owned(), count: 2 }
    );
    assert!(!has_state(&db).await);
    migrator.up(None).await.unwrap();
    assert_eq!(ledger(&db).await, done(&["01", "02", "3"]));
}

#[tokio::test]
async fn a_version_that_we_do_not_have_stops_both_ways() {
    let db = DATABASES.take().await;
    migrator(&db, THREE).await.up(None).await.unwrap();
    let mut older = migrator(&db, &THREE[..4]).await;
    for refusal in [sentence(older.up(None).await), sentence(older.down(None).await)] {
        assert!(
            refusal.starts_with("Version 3 (three) is applied to this database, but we have no such file."),
            "{refusal}"
        );
    }
    // A server that is one release behind may go on working on it.
    assert!(older.readiness().await.unwrap().is_ready());
}
