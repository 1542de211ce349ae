//! The repository's own history and sample data.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrationSet, Migrator, SqlFile};

use crate::{DATABASES, ran, rows, tables};

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");

async fn migrated(db: &TestDatabase) -> Migrator {
    let mut migrator = Migrator::connect(db.opts(), MigrationSet::from_dir(FOLDER).unwrap()).await.unwrap();
    migrator.up(None).await.unwrap();
    migrator
}

#[tokio::test]
async fn up_and_down_and_up_gives_the_same_schema() {
    let db = DATABASES.take().await;
    let mut migrator = migrated(&db).await;
    let first = migrator.dump().await.unwrap();
    assert!(first.contains("KEY `idx_user_purpose` (`user_id`"), "{first}");

    let report = migrator.down("01".parse().ok()).await.unwrap();
    assert!(ran(&report).ends_with(&["R03_one_display_id_per_grid.sql", "R02_one_time_codes.sql"]));
    assert_eq!(report.files.len() + 1, MigrationSet::from_dir(FOLDER).unwrap().iter().count());
    let (text, guide) = (migrator.dump().await.unwrap(), migrator.schema().await.unwrap());
    assert!(text.contains("KEY `idx_user_id` (`user_id`"), "{text}");

    migrator.down(None).await.unwrap();
    assert_eq!(tables(&db).await, ["schema_migrations"]);

    migrator.up("01".parse().ok()).await.unwrap();
    assert_eq!(migrator.schema().await.unwrap().compare(&guide), []);
    migrator.up(None).await.unwrap();
    assert_eq!(migrator.dump().await.unwrap(), first);
}

#[tokio::test]
async fn a_display_id_that_stands_twice_in_a_grid_stops_the_history_and_nothing_is_changed() {
    let db = DATABASES.take().await;
    let mut migrator = Migrator::connect(db.opts(), MigrationSet::from_dir(FOLDER).unwrap()).await.unwrap();
    migrator.up("02".parse().ok()).await.unwrap();
    crate::execute(
        &db,
        "INSERT INTO grid_metadata (gridName, gridNameId) VALUES ('g', 'g'); \
         INSERT INTO result_display_config (gridNameId, displayId, title, sortIndex) \
         VALUES ('g', 'total', 'Total', 1), ('g', 'TOTAL', 'Twice', 2)",
    )
    .await;
    let before = migrator.dump().await.unwrap();
    let refusal = crate::sentence(migrator.up(None).await);
    assert!(refusal.contains("Duplicate entry"), "{refusal}");
    assert_eq!(migrator.dump().await.unwrap(), before);
}

#[tokio::test]
async fn every_table_is_innodb_and_compares_names_without_regard_to_case() {
    let db = DATABASES.take().await;
    migrated(&db).await;
    let kinds: Vec<(String, String)> = rows(
        &db,
        "SELECT DISTINCT engine, table_collation FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    .await;
    assert_eq!(kinds, [("InnoDB".to_owned(), "utf8mb4_unicode_ci".to_owned())]);
}

#[tokio::test]
async fn a_code_does_not_prolong_its_own_life() {
    let db = DATABASES.take().await;
    migrated(&db).await;
    let automatic: Vec<String> = rows(
        &db,
        "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND extra LIKE '%on update%'",
    )
    .await;
    assert!(automatic.contains(&"users.updated_at".to_owned()), "{automatic:?}");
    assert!(!automatic.iter().any(|column| column.starts_with("otps.")), "{automatic:?}");
}

#[tokio::test]
async fn the_way_back_deletes_only_the_codes_that_the_old_shape_cannot_hold() {
    let db = DATABASES.take().await;
    let mut migrator = migrated(&db).await;
    crate::execute(
        &db,
        "INSERT INTO users (id, username, email) VALUES (1, 'ann', 'ann@example.com'); \
         INSERT INTO otps (user_id, code, expires_at) VALUES (1, '123456', NOW()), (1, NULL, NOW()), (NULL, NULL, NOW())",
    )
    .await;
    migrator.down("01".parse().ok()).await.unwrap();
    assert_eq!(rows::<String>(&db, "SELECT code FROM otps").await, ["123456"]);
}

#[tokio::test]
async fn sample_data_loaded_again_changes_nothing_and_keeps_edits() {
    async fn contents(db: &TestDatabase) -> Vec<String> {
        let mut contents = Vec::new();
        for query in [
            "SELECT CONCAT_WS('|', id, username, email, phone, is_active, is_admin, updated_at) FROM users ORDER BY id",
            "SELECT CONCAT_WS('|', id, name, description) FROM lookup_types ORDER BY id",
            "SELECT CONCAT_WS('|', id, lookup_type_id, code, value, description, is_active, sort_order) \
             FROM lookup_values ORDER BY id",
            "SELECT CONCAT_WS('|', id, gridName, gridNameId, description, updated_at) FROM grid_metadata ORDER BY id",
            "SELECT CONCAT_WS('|', id, gridNameId, displayId, title, width, sortIndex, updated_at) \
             FROM result_display_config ORDER BY id",
        ] {
            contents.extend(rows::<String>(db, query).await);
        }
        contents
    }

    let db = DATABASES.take().await;
    let mut migrator = migrated(&db).await;
    let files = SqlFile::read_dir(format!("{FOLDER}/sample")).unwrap();
    migrator.load(&files, &mut |_| {}).await.unwrap();
    assert_eq!(
        rows::<(String, String, bool)>(&db, "SELECT username, email, is_admin FROM users").await,
        [("admin".to_owned(), "admin@example.com".to_owned(), true)]
    );
    assert_eq!(rows::<u64>(&db, "SELECT COUNT(*) FROM lookup_values").await, [14]);
    assert_eq!(
        rows::<(String, u64)>(
            &db,
            "SELECT gridNameId, COUNT(*) FROM result_display_config GROUP BY gridNameId"
        )
        .await,
        [("users_grid_001".to_owned(), 7)]
    );

    crate::execute(
        &db,
        "UPDATE users SET phone = NULL, is_admin = 0; UPDATE lookup_values SET value = 'Hot' WHERE code = 'urgent'; \
         DELETE FROM result_display_config WHERE displayId = 'amount'; UPDATE grid_metadata SET description = NULL",
    )
    .await;
    let edited = contents(&db).await;
    migrator.load(&files, &mut |_| {}).await.unwrap();
    assert_eq!(contents(&db).await, edited);
}
