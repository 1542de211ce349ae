//! The end of the history is the sum of what the crates say their tables are.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::{fs, path::PathBuf};

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use kseekers_migrator::{MigrationSet, Migrator};
use mysql_async::{Conn, prelude::Queryable};

/// What every crate that has tables says of them. Which of them points to which is no matter.
static CRATES: TestDatabases = TestDatabases::filled_by(|opts| {
    Box::pin(async move {
        let mut conn = Conn::new(opts).await?;
        conn.query_drop("SET foreign_key_checks = 0").await?;
        for entry in fs::read_dir(root().join("crates"))? {
            let schema = entry?.path().join("schema.sql");
            if schema.exists() {
                conn.query_drop(fs::read_to_string(schema)?).await?;
            }
        }
        conn.disconnect().await?;
        Ok(())
    })
});

static HISTORY: TestDatabases = TestDatabases::filled_by(|opts| {
    Box::pin(async move {
        let set = MigrationSet::from_dir(root().join("migrations"))?;
        let mut migrator = Migrator::connect(opts, set).await?;
        migrator.up(None).await?;
        migrator.close().await;
        Ok(())
    })
});

fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

/// One line for each column, index and foreign key, in a form that both engines print alike. The ledger is the
/// migrator's own.
const SCHEMA: [&str; 4] = [
    "SELECT CONCAT_WS(' ', table_name, engine, table_collation) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_migrations%'",
    "SELECT CONCAT_WS(' ', table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra,
                      collation_name)
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_migrations%'",
    "SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name, sub_part)
     FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_migrations%'",
    "SELECT CONCAT_WS(' ', k.table_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
                      r.delete_rule, r.update_rule)
     FROM information_schema.key_column_usage k
     JOIN information_schema.referential_constraints r
       ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
     WHERE k.table_schema = DATABASE()",
];

async fn schema(database: &TestDatabase) -> Vec<String> {
    let mut conn = Conn::new(database.opts()).await.unwrap();
    let mut lines = Vec::new();
    for query in SCHEMA {
        let mut part: Vec<String> = conn.query(query).await.unwrap();
        part.sort();
        lines.append(&mut part);
    }
    conn.disconnect().await.unwrap();
    lines
}

#[tokio::test]
async fn the_crates_say_what_the_history_makes() {
    let history = schema(&HISTORY.take().await).await;
    let crates = schema(&CRATES.take().await).await;
    assert!(history.len() > 60, "{history:#?}");
    assert_eq!(history, crates);
}
