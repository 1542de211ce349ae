//! Statements that were in flight when a run ended, and what is looked at to find out what became of them.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Progress, Resume};

use crate::cut::up_until;
use crate::proxy::{Cut, Proxy};
use crate::waits::until_alone;
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
                assert!(at > 10, "{at}");
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

/// Lets a runner go away when it has run all but the last statement of this file, and has not written down that the one
/// before it is done.
async fn end_before_last(db: &TestDatabase, text: &str) {
    let is_last =
        |progress: Progress<'_>| matches!(progress, Progress::Statement { number, of, .. } if number == of);
    up_until(db, history([("01_a.sql", text)]), is_last).await;
}

async fn up(db: &TestDatabase, text: &str) -> Result<(), MigrateError> {
    Migrator::connect(db.opts(), history([("01_a.sql", text)])).await.unwrap().up(None).await.map(drop)
}

/// What the next run says after [`end_before_last`].
pub(crate) async fn next_run(db: &TestDatabase, text: &str) -> Result<(), MigrateError> {
    end_before_last(db, text).await;
    up(db, text).await
}

pub(crate) async fn is_mariadb(db: &TestDatabase) -> bool {
    rows::<String>(db, "SELECT VERSION()").await[0].contains("MariaDB")
}

/// Of all that is not the migrator's.
const COLUMNS: &str = "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
                       AND table_name NOT LIKE 'schema\\_migrations%'";

pub(crate) const UNKNOWN: &str = "nothing shows whether this statement took effect";

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
async fn a_database_that_is_gone_since_is_for_a_person_to_judge() {
    let db = DATABASES.take().await;
    let other = format!("{}_other", db.name());
    execute(&db, &format!("CREATE DATABASE {other}; CREATE TABLE {other}.a (id INT)")).await;
    let text = format!("USE {other}; ALTER TABLE a ADD b INT; DO 0");
    end_before_last(&db, &text).await;
    execute(&db, &format!("DROP DATABASE {other}")).await;
    let refusal = sentence(up(&db, &text).await);
    assert!(refusal.contains(UNKNOWN), "{refusal}");
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

const TABLES: &str = "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE a (id INT, c INT, d VARCHAR(20), KEY k (c)); \
                      CREATE TABLE r (id INT) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10))";

/// None of them can be run twice.
const CHANGES: [&str; 17] = [
    "ALTER TABLE a ADD COLUMN b INT, ADD UNIQUE KEY u (c, d(10)), ENGINE=InnoDB",
    "ALTER TABLE a ADD (x INT, y INT)",
    "ALTER TABLE a DROP COLUMN y, RENAME COLUMN x TO z, RENAME INDEX k TO l",
    "ALTER TABLE a ADD PRIMARY KEY (id)",
    "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (id, c)",
    "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES p (id)",
    "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES p (id)",
    "ALTER TABLE a ADD CONSTRAINT positive CHECK (b > 0), CHANGE d e VARCHAR(30)",
    "ALTER TABLE a DROP CONSTRAINT positive, DROP FOREIGN KEY f",
    "CREATE FULLTEXT INDEX i ON a (e)",
    "DROP INDEX i ON a",
    "CREATE INDEX i ON a (e(5), z)",
    "ALTER TABLE a DROP INDEX i, DROP CONSTRAINT u",
    "ALTER TABLE r ADD PARTITION (PARTITION q VALUES LESS THAN (20))",
    "ALTER TABLE r REORGANIZE PARTITION q INTO (PARTITION s VALUES LESS THAN (15), PARTITION q VALUES LESS THAN (20))",
    "ALTER TABLE r DROP PARTITION p",
    "ALTER TABLE a ADD KEY (z)",
];

#[tokio::test]
async fn a_change_of_a_table_that_took_effect_is_found_in_it() {
    let db = DATABASES.take().await;
    execute(&db, TABLES).await;
    let repeated = [
        "ALTER TABLE a MODIFY z BIGINT NOT NULL, COMMENT 'x'",
        "ALTER TABLE a CONVERT TO CHARACTER SET latin1",
    ];
    for change in CHANGES.iter().chain(&repeated) {
        let text = format!("{change}; DO 0");
        next_run(&db, &text).await.unwrap_or_else(|error| panic!("{change}: {error}"));
        execute(&db, "DELETE FROM schema_migrations").await;
    }
}

#[tokio::test]
async fn a_change_of_a_table_by_somebody_else_is_not_taken_for_ours() {
    let db = DATABASES.take().await;
    execute(&db, TABLES).await;
    for change in CHANGES {
        let table = if change.contains("TABLE r") { "r" } else { "a" };
        // It was written down that the statement begins, and it was not sent.
        end_before_last(&db, change).await;
        execute(&db, &format!("ALTER TABLE {table} ADD COLUMN by_hand INT")).await;
        let refusal = sentence(up(&db, change).await);
        assert!(refusal.contains(UNKNOWN), "{change}: {refusal}");
        let mut migrator = Migrator::connect(db.opts(), history([("01_a.sql", change)])).await.unwrap();
        let unfinished = migrator.unfinished().await.unwrap().unwrap();
        migrator.resume(&unfinished, Resume::Again).await.unwrap_or_else(|error| panic!("{change}: {error}"));
        execute(&db, &format!("ALTER TABLE {table} DROP COLUMN by_hand")).await;
        execute(&db, "DELETE FROM schema_migrations").await;
    }
}

#[tokio::test]
async fn rows_that_were_added_meanwhile_make_no_other_table_of_it() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY)").await;
    let change = "ALTER TABLE a ADD COLUMN b INT";
    // It was written down that the statement begins, and it was not sent.
    end_before_last(&db, change).await;
    execute(&db, "INSERT INTO a VALUES (), ()").await;
    up(&db, change).await.unwrap();
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a WHERE b IS NULL ORDER BY id").await, [1, 2]);
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
async fn a_table_that_was_made_again_since_is_not_dropped_by_itself() {
    let db = DATABASES.take().await;
    for drop in ["DROP TABLE a; DO 0", "DROP TABLE IF EXISTS a; DO 0"] {
        execute(&db, "CREATE TABLE a (id INT)").await;
        end_before_last(&db, drop).await;
        execute(&db, "CREATE TABLE a (id INT); INSERT INTO a VALUES (1)").await;
        execute(&db, "UPDATE schema_migrations_journal SET started_at = started_at - INTERVAL 1 HOUR").await;
        let refusal = sentence(up(&db, drop).await);
        assert!(refusal.contains(UNKNOWN), "{refusal}");
        execute(&db, "DELETE FROM schema_migrations; DROP TABLE a").await;
    }
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
