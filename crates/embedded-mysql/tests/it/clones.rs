//! A copy is like the template.

use kseekers_embedded_mysql::{Error, TestDatabases};
use mysql_async::{Conn, prelude::Queryable};

use crate::support::{ask, run};

static DATABASES: TestDatabases = TestDatabases::from_sql(
    "CREATE TABLE parents (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL UNIQUE);
     INSERT INTO parents (name) VALUES ('Ann'), ('Bob'), ('Cid');
     DELETE FROM parents WHERE name = 'Cid';
     -- Sorts before its parent.
     CREATE TABLE children (
         id INT AUTO_INCREMENT PRIMARY KEY, parent_id INT NOT NULL, first VARCHAR(9) DEFAULT (UPPER('x')),
         whole VARCHAR(20) GENERATED ALWAYS AS (CONCAT(first, '!')) STORED,
         CONSTRAINT child_of FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE);
     INSERT INTO children (parent_id, first) VALUES (1, 'Dan');
     CREATE TABLE odd (`select``it` INT) COMMENT 'it''s; odd';
     SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
     INSERT INTO parents (id, name) VALUES (0, 'Zero');
     CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(50)) AUTO_INCREMENT = 100;
     CREATE TRIGGER told AFTER INSERT ON parents FOR EACH ROW BEGIN
         INSERT INTO log (line) VALUES (NEW.name);
         INSERT INTO log (line) VALUES (';');
     END;
     CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN 2 * n;
     CREATE PROCEDURE forget() DELETE FROM parents;
     CREATE FUNCTION parents_left() RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM parents);
     CREATE VIEW mixed AS SELECT name FROM parents JOIN information_schema.SCHEMATA ON SCHEMA_NAME = 'mysql';
     CREATE VIEW numbers AS SELECT parents_left() AS parents;
     CREATE VIEW z_names AS SELECT name, twice(id) AS doubled FROM parents;
     CREATE VIEW a_names AS SELECT name FROM z_names WHERE doubled > 0;",
);

#[tokio::test]
async fn foreign_keys_survive_and_stay_in_their_database() {
    let (one, two) = (DATABASES.take().await, DATABASES.take().await);
    let mut connection = Conn::new(one.opts()).await.unwrap();
    let orphan = connection.query_drop("INSERT INTO children (parent_id) VALUES (77)").await;
    assert!(orphan.unwrap_err().to_string().contains("child_of"));
    run(one.opts(), "DELETE FROM parents WHERE name = 'Ann'").await;
    assert_eq!(ask(one.opts(), "SELECT COUNT(*) FROM children").await, ["0"]);
    assert_eq!(ask(two.opts(), "SELECT whole FROM children").await, ["Dan!"]);
}

#[tokio::test]
async fn rows_and_counters_are_those_of_the_template() {
    let database = DATABASES.take().await;
    let sql = "SELECT CONCAT(id, name) FROM parents ORDER BY id";
    assert_eq!(ask(database.opts(), sql).await, ["0Zero", "1Ann", "2Bob"]);
    run(database.opts(), "INSERT INTO parents (name) VALUES ('Eve')").await;
    assert_eq!(ask(database.opts(), "SELECT id FROM parents WHERE name = 'Eve'").await, ["4"]);
}

#[tokio::test]
async fn triggers_work_in_the_copy_and_have_not_seen_the_copying() {
    let (one, two) = (DATABASES.take().await, DATABASES.take().await);
    run(one.opts(), "INSERT INTO parents (name) VALUES ('Eve')").await;
    let sql = "SELECT CONCAT(id, line) FROM log ORDER BY id";
    assert_eq!(ask(one.opts(), sql).await, ["100Eve", "101;"]);
    assert!(ask(two.opts(), sql).await.is_empty());
}

#[tokio::test]
async fn views_and_routines_look_into_their_own_database() {
    let (one, two) = (DATABASES.take().await, DATABASES.take().await);
    assert_eq!(ask(one.opts(), "SELECT name FROM a_names ORDER BY name").await, ["Ann", "Bob"]);
    run(one.opts(), "CALL forget()").await;
    assert!(ask(one.opts(), "SELECT name FROM a_names").await.is_empty());
    assert_eq!(ask(one.opts(), "SELECT parents FROM numbers").await, ["0"]);
    assert!(ask(one.opts(), "SELECT name FROM mixed").await.is_empty());
    assert_eq!(ask(two.opts(), "SELECT doubled FROM z_names ORDER BY doubled").await, ["0", "2", "4"]);
}

#[tokio::test]
async fn definitions_and_character_set_are_those_of_the_template() {
    static GERMAN: TestDatabases = TestDatabases::filled_by(|opts| {
        Box::pin(async move {
            let alter = format!(
                "ALTER DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_german2_ci; CREATE TABLE t (s VARCHAR(9))",
                opts.db_name().unwrap_or_default()
            );
            Conn::new(opts).await?.query_drop(alter).await?;
            Ok(())
        })
    });
    let database = GERMAN.take().await;
    assert_eq!(ask(database.opts(), "SELECT @@collation_database").await, ["utf8mb4_german2_ci"]);
    run(database.opts(), "INSERT INTO t VALUES ('Öl')").await;
    assert_eq!(ask(database.opts(), "SELECT s FROM t WHERE s = 'oel'").await, ["Öl"]);
    let database = DATABASES.take().await;
    let comment = "SELECT TABLE_COMMENT FROM information_schema.TABLES \
                   WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'odd'";
    assert_eq!(ask(database.opts(), comment).await, ["it's; odd"]);
}

#[tokio::test]
async fn a_template_that_cannot_be_cloned_is_told() {
    static WITH_EVENT: TestDatabases =
        TestDatabases::from_sql("CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO SET @x = 1");
    let Err(Error::Shared(error)) = WITH_EVENT.try_take().await else { panic!("no error") };
    assert!(matches!(&*error, Error::NotClonable { what } if what.contains("nightly")), "{error}");
}

#[tokio::test]
async fn tables_that_need_files_of_their_own_can_be_cloned() {
    static SPECIAL: TestDatabases = TestDatabases::from_sql(
        "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
         INSERT INTO parts VALUES (1), (2);
         CREATE TABLE texts (id INT PRIMARY KEY, body TEXT, FULLTEXT KEY words (body));
         INSERT INTO texts VALUES (1, 'one fine day');",
    );
    let database = SPECIAL.take().await;
    assert_eq!(ask(database.opts(), "SELECT id FROM parts ORDER BY id").await, ["1", "2"]);
    let sql = "SELECT id FROM texts WHERE MATCH (body) AGAINST ('fine')";
    assert_eq!(ask(database.opts(), sql).await, ["1"]);
}
