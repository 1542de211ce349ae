//! Statements that were in flight when a run ended, and what is looked at to find out what became of them.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Progress};

use crate::cut::{until_alone, up_until};
use crate::proxy::{Cut, Proxy};
use crate::{DATABASES, execute, history, rows, sentence};

/// Runs `text` in databases in which `prepared` was run. Each run is cut before or after another request, and the next one
/// goes on. Then `look` finds what `expected` says.
async fn with_any_cut(prepared: &str, text: &str, look: &str, expected: &[&str]) {
    for at in 1.. {
        for cut in [Cut::Before(at), Cut::After(at)] {
            let db = DATABASES.take().await;
            let named = |sql: &str| sql.replace("OTHER", &format!("{}_other", db.name()));
            execute(&db, &named(prepared)).await;
            let set = || history([("01_a.sql", named(text))]);
            let is_cut = cut_up(&db, set(), cut).await.is_err();
            if is_cut {
                let mut migrator = Migrator::connect(db.opts(), set()).await.unwrap();
                migrator.up(None).await.unwrap_or_else(|error| panic!("{cut:?}: {error}"));
            }
            assert_eq!(rows::<String>(&db, &named(look)).await, expected, "{cut:?}");
            execute(&db, &named("DROP DATABASE IF EXISTS OTHER")).await;
            if !is_cut {
                return;
            }
        }
    }
}

async fn cut_up(db: &TestDatabase, set: MigrationSet, cut: Cut) -> Result<(), MigrateError> {
    let proxy = Proxy::to(&db.opts(), cut).await;
    let ran = async {
        let mut migrator = Migrator::connect(proxy.opts(db.opts()), set).await?;
        let ran = migrator.up(None).await.map(drop);
        migrator.close().await;
        ran
    };
    let ran = ran.await;
    until_alone(db).await;
    ran
}

/// What the next run says of a file whose runner went away when all but the last of its statements had been run, and
/// only the last two of these were not written down as done.
async fn next_run(db: &TestDatabase, text: &str) -> Result<(), MigrateError> {
    let set = || history([("01_a.sql", text)]);
    let is_last =
        |progress: Progress<'_>| matches!(progress, Progress::Statement { number, of, .. } if number == of);
    up_until(db, set(), is_last).await;
    Migrator::connect(db.opts(), set()).await.unwrap().up(None).await.map(drop)
}

async fn is_mariadb(db: &TestDatabase) -> bool {
    rows::<String>(db, "SELECT VERSION()").await[0].contains("MariaDB")
}

/// Of all that is not the migrator's.
const COLUMNS: &str = "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
                       AND table_name NOT LIKE 'schema\\_migrations%'";

const UNKNOWN: &str = "nothing shows whether this statement took effect";

#[tokio::test]
async fn after_use_objects_are_looked_for_in_the_database_that_is_used() {
    with_any_cut(
        "CREATE TABLE kept (id INT, more INT); CREATE DATABASE OTHER; \
         CREATE TABLE OTHER.old (id INT); CREATE TABLE OTHER.kept (id INT)",
        "USE OTHER; DROP TABLE old; CREATE TABLE made (id INT); ALTER TABLE kept ADD more INT; INSERT INTO made VALUES (1);
         RENAME TABLE made TO moved; USE information_schema; DO 0",
        "SELECT CONCAT_WS(' ', table_name, column_name) FROM information_schema.columns WHERE table_schema = 'OTHER' \
         ORDER BY 1",
        &["kept id", "kept more", "moved id"],
    )
    .await;
}

#[tokio::test]
async fn after_use_tables_without_transactions_are_those_of_the_database_that_is_used() {
    let db = DATABASES.take().await;
    let other = format!("{}_other", db.name());
    execute(&db, &format!("CREATE DATABASE {other}; CREATE TABLE {other}.a (id INT) ENGINE=MyISAM")).await;
    let refusal = sentence(next_run(&db, &format!("USE {other}; INSERT INTO a VALUES (1); DO 0")).await);
    assert!(refusal.contains("a table without transactions"), "{refusal}");
    execute(&db, &format!("DROP DATABASE {other}")).await;
}

#[tokio::test]
async fn databases_are_made_and_dropped_once() {
    with_any_cut(
        "DO 0",
        "CREATE DATABASE OTHER; CREATE TABLE OTHER.a (id INT); DROP DATABASE OTHER; CREATE DATABASE OTHER; DO 0",
        "SELECT 'empty' FROM information_schema.schemata WHERE schema_name = 'OTHER' AND NOT EXISTS \
         (SELECT 1 FROM information_schema.tables WHERE table_schema = 'OTHER')",
        &["empty"],
    )
    .await;
}

#[tokio::test]
async fn a_partition_is_not_emptied_again() {
    let db = DATABASES.take().await;
    let text = "CREATE TABLE a (id INT) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10)); \
                ALTER TABLE a TRUNCATE PARTITION p; DO 0";
    let refusal = sentence(next_run(&db, text).await);
    assert!(refusal.contains(UNKNOWN), "{refusal}");
}

#[tokio::test]
async fn a_table_that_was_replaced_is_not_replaced_again() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT)").await;
    if !is_mariadb(&db).await {
        let refusal = sentence(
            crate::migrator(&db, &[("01_a.sql", "CREATE OR REPLACE TABLE a (b INT)")]).await.up(None).await,
        );
        assert!(refusal.contains("You have an error in your SQL syntax"), "{refusal}");
        return;
    }
    let text = "CREATE OR REPLACE TABLE a (b INT); DO 0";
    next_run(&db, text).await.unwrap();
    assert_eq!(rows::<String>(&db, COLUMNS).await, ["b"]);
    // Another one of the same shape cannot be told from it.
    execute(&db, "DELETE FROM schema_migrations").await;
    let refusal = sentence(next_run(&db, text).await);
    assert!(refusal.contains(UNKNOWN), "{refusal}");
}

#[tokio::test]
async fn a_versioned_table_may_know_no_transactions_either() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT) ENGINE=MyISAM /*M! WITH SYSTEM VERSIONING */").await;
    let refusal = sentence(next_run(&db, "INSERT INTO a VALUES (1); DO 0").await);
    assert!(refusal.contains("a table without transactions"), "{refusal}");
}

#[tokio::test]
async fn a_view_that_was_there_before_is_not_taken_for_ours() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE VIEW v AS SELECT 1 AS old").await;
    let set = || history([("01_a.sql", "CREATE VIEW v AS SELECT 2 AS new")]);
    for at in 1.. {
        let is_cut = cut_up(&db, set(), Cut::After(at)).await;
        let refusal = sentence(Migrator::connect(db.opts(), set()).await.unwrap().up(None).await);
        assert!(refusal.contains("'v' already exists"), "{at}: {refusal}");
        if is_cut.is_err_and(|error| error.to_string() == refusal) {
            break;
        }
    }
    with_any_cut("DO 0", "CREATE VIEW v AS SELECT 2 AS new; DO 0", COLUMNS, &["new"]).await;
}
