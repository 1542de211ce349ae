//! The example, as its text and the guide say to run it.

use kseekers_migrator::MigrationSet;

use crate::history::FOLDER;
use crate::{DATABASES, tables};

#[path = "../../examples/migrate_folder.rs"]
#[allow(dead_code, reason = "its `main` reads the command line")]
mod migrate_folder;

#[tokio::test]
async fn the_example_migrates_a_folder_on_a_server_of_its_own_and_on_one_that_is_named() {
    let files = MigrationSet::from_dir(FOLDER).unwrap().iter().count();
    assert_eq!(migrate_folder::migrate(FOLDER, None).await.unwrap(), files);

    let db = DATABASES.take().await;
    let url = format!("mysql://{}@{}:{}/{}", db.user(), db.host(), db.port(), db.name());
    assert_eq!(migrate_folder::migrate(FOLDER, Some(url.clone())).await.unwrap(), files);
    assert_eq!(migrate_folder::migrate(FOLDER, Some(url)).await.unwrap(), 0);
}

#[tokio::test]
async fn the_example_migrates_the_folder_of_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("1000_boats.sql", "CREATE TABLE boats (id INT PRIMARY KEY)"),
        ("R1000_boats.sql", "DROP TABLE boats"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let db = DATABASES.take().await;
    let url = format!("mysql://{}@{}:{}/{}", db.user(), db.host(), db.port(), db.name());
    assert_eq!(migrate_folder::migrate(folder.path().to_str().unwrap(), Some(url)).await.unwrap(), 1);
    assert_eq!(tables(&db).await, ["boats", "schema_migrations"]);
}
