use proptest::prelude::*;

use super::told;
use crate::split::tests::anything;
use crate::{Action, DataAction, Definition, Kind, SessionChange, TransactionStep};

fn all(kind: &Kind, statements: &[&str]) {
    for statement in statements {
        assert_eq!(&Kind::of(statement), kind, "{statement}");
    }
}

#[test]
fn what_is_created_is_known_with_its_name() {
    for (statement, expected) in [
        ("CREATE TABLE a (id INT)", "Create Table a"),
        ("create table if not exists `shop`.`a b` (id INT)", "Create Table shop.a b tolerant"),
        ("CREATE OR REPLACE TABLE shop . a (id INT)", "Create Table shop.a tolerant"),
        ("CREATE TABLE a LIKE b", "Create Table a"),
        ("CREATE TABLE a (LIKE b)", "Create Table a"),
        ("CREATE TABLE a SELECT 1 AS x", "Create Table a fills"),
        ("CREATE TABLE a (id INT) ENGINE=InnoDB AS (SELECT 1)", "Create Table a fills"),
        ("CREATE TABLE a AS WITH x AS (SELECT 1) SELECT * FROM x", "Create Table a fills"),
        ("CREATE TABLE a TABLE b", "Create Table a fills"),
        ("CREATE TABLE a AS VALUES ROW(1)", "Create Table a fills"),
        ("CREATE TABLE a (id INT, text VARCHAR(9) DEFAULT 'SELECT', `select` INT)", "Create Table a"),
        (
            "CREATE TABLE a (id INT) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (5))",
            "Create Table a",
        ),
        ("CREATE VIEW v AS SELECT 1", "Create View v"),
        (
            "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY INVOKER VIEW v AS SELECT 1",
            "Create View v tolerant",
        ),
        ("CREATE UNIQUE INDEX i ON t (x)", "Create Index i on t"),
        ("CREATE INDEX IF NOT EXISTS i USING BTREE ON shop.t (x)", "Create Index i on shop.t tolerant"),
        (
            "CREATE DEFINER=CURRENT_USER() TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
            "Create Trigger x on t",
        ),
        ("CREATE DEFINER = admin@db-1.example.org PROCEDURE p() DO 1", "Create Procedure p"),
        (
            "CREATE DEFINER='a'@'b' FUNCTION IF NOT EXISTS f() RETURNS INT RETURN 1",
            "Create Function f tolerant",
        ),
        ("CREATE FUNCTION f RETURNS STRING SONAME 'f.so'", "Create Other"),
        ("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t", "Create Event e"),
        ("CREATE SEQUENCE s START WITH 5", "Create Sequence s"),
        ("CREATE SCHEMA IF NOT EXISTS d", "Create Database d tolerant"),
        ("CREATE USER 'a'@'b' IDENTIFIED BY 'c'", "Create Other"),
        ("CREATE SPATIAL REFERENCE SYSTEM 4120 NAME 'x'", "Create Other"),
    ] {
        assert_eq!(told(statement), expected, "{statement}");
    }
}

#[test]
fn what_is_altered_dropped_renamed_or_emptied_is_known_with_its_names() {
    for (statement, expected) in [
        ("ALTER TABLE a ADD COLUMN rename_me INT", "Alter Table a"),
        ("ALTER ONLINE IGNORE TABLE a ADD UNIQUE (x)", "Alter Table a"),
        ("ALTER TABLE IF EXISTS a.b DROP COLUMN x", "Alter Table a.b"),
        ("ALTER TABLE a RENAME COLUMN x TO y, RENAME INDEX i TO j", "Alter Table a"),
        ("ALTER TABLE a RENAME TO b", "Rename Table a to b"),
        ("ALTER TABLE a ADD COLUMN x INT, RENAME d.b", "Rename Table a to d.b"),
        ("ALTER TABLE a RENAME KEY i TO j, RENAME AS b", "Rename Table a to b"),
        ("ALTER EVENT e RENAME TO f", "Rename Event e to f"),
        ("ALTER EVENT e DO RENAME TABLE a TO b", "Alter Event e"),
        ("ALTER DEFINER=a@b VIEW v AS SELECT 1", "Alter View v"),
        ("ALTER DATABASE CHARACTER SET utf8mb4", "Alter Database"),
        ("ALTER DATABASE d COLLATE utf8mb4_bin", "Alter Database d"),
        ("ALTER USER a IDENTIFIED BY 'b'", "Alter Other"),
        ("DROP TABLE a, `b`, c.d", "Drop Table a, b, c.d"),
        ("DROP TABLES IF EXISTS a CASCADE", "Drop Table a tolerant"),
        ("DROP VIEW a, b", "Drop View a, b"),
        ("DROP INDEX i ON t", "Drop Index i on t"),
        ("DROP TRIGGER IF EXISTS d.x", "Drop Trigger d.x tolerant"),
        ("DROP PROCEDURE p", "Drop Procedure p"),
        ("DROP DATABASE d", "Drop Database d"),
        ("DROP USER a, b", "Drop Other"),
        ("RENAME TABLE a TO b, c.d TO `e f`", "Rename Table a, c.d to b, e f"),
        ("RENAME TABLE IF EXISTS a WAIT 5 TO b", "Rename Table a to b"),
        ("RENAME USER a TO b", "Rename Other"),
        ("TRUNCATE TABLE a", "Truncate Table a"),
        ("TRUNCATE a.b", "Truncate Table a.b"),
    ] {
        assert_eq!(told(statement), expected, "{statement}");
    }
}

#[test]
fn a_change_of_rows_is_known_with_its_tables() {
    for (statement, expected) in [
        ("INSERT INTO a VALUES (1)", "Insert a"),
        ("INSERT IGNORE `d`.a (x) SELECT x FROM b", "Insert d.a"),
        ("REPLACE LOW_PRIORITY INTO a SET x = 1", "Replace a"),
        ("UPDATE a SET x = 1", "Update a"),
        (
            "UPDATE LOW_PRIORITY IGNORE a AS one, d.b two JOIN (c, e) ON (one.x IN (1, 2)) SET one.x = 1",
            "Update a, d.b, c, e",
        ),
        ("UPDATE a LEFT JOIN (SELECT 1 AS x FROM b, c) AS y USING (x), a AS again SET a.x = 1", "Update a"),
        ("DELETE FROM a WHERE x = 1", "Delete a"),
        ("DELETE QUICK a, b FROM first AS a INNER JOIN second AS b ON a.x = b.x", "Delete first, second"),
        ("DELETE FROM x USING first AS x JOIN second USING (id)", "Delete first, second"),
        ("WITH x AS (SELECT 1) UPDATE a JOIN x SET a.y = 1", "Update a"),
        (
            "WITH RECURSIVE x (n) AS (SELECT 1 UNION SELECT n + 1 FROM x) DELETE FROM a WHERE y IN (SELECT n FROM x)",
            "Delete a",
        ),
        ("LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE a (y)", "Load a"),
        ("/*!40000 INSERT */ INTO a VALUES (1)", "Insert a"),
        ("SET STATEMENT max_statement_time = 5 FOR UPDATE a SET x = 1", "Update a"),
    ] {
        assert_eq!(told(statement), expected, "{statement}");
    }
}

#[test]
fn a_query_only_reads() {
    all(
        &Kind::Query,
        &[
            "SELECT 1",
            "(SELECT 1) UNION (SELECT 2)",
            "SELECT 'INTO', get_locker FROM a FOR UPDATE",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "SHOW CREATE TABLE a",
            "DO SLEEP(1)",
            "EXPLAIN INSERT INTO a SELECT 1",
            "VALUES ROW(1)",
            "-- first\n/* second */ SELECT /*+ MAX_EXECUTION_TIME(5) */ 1",
        ],
    );
}

#[test]
fn what_stays_in_the_session_is_known() {
    let session = |change, statements: &[&str]| all(&Kind::Session(change), statements);
    session(
        SessionChange::Variable,
        &[
            "SET @x = 1",
            "SET x = 1",
            "SET SESSION x = 1, GLOBAL y = 2",
            "SET @@session.x = 1",
            "SET GLOBAL x = 1, y = 2",
            "SET NAMES utf8mb4",
            "SET autocommit = 0",
            "SET TRANSACTION READ ONLY",
            "/*!40101 SET NAMES utf8mb4 */",
            "SELECT 1 INTO @x",
            "SELECT @n := 1",
            "EXPLAIN FORMAT=JSON INTO @x SELECT 1",
        ],
    );
    session(SessionChange::Prepared, &["PREPARE p FROM 'DO 1'", "DEALLOCATE PREPARE p", "DROP PREPARE p"]);
    session(SessionChange::TemporaryTable, &["CREATE TEMPORARY TABLE a (x INT)", "DROP TEMPORARY TABLE a"]);
    session(SessionChange::Locks, &["LOCK TABLES a WRITE", "UNLOCK TABLES", "FLUSH TABLES a WITH READ LOCK"]);
    session(SessionChange::Database, &["USE d"]);
}

#[test]
fn steps_of_a_transaction_are_known() {
    let step = |step, statements: &[&str]| all(&Kind::Transaction(step), statements);
    step(
        TransactionStep::Begin,
        &["START TRANSACTION", "BEGIN", "BEGIN WORK", "START TRANSACTION READ WRITE"],
    );
    step(TransactionStep::Commit, &["COMMIT", "commit work", "COMMIT AND NO CHAIN NO RELEASE"]);
    step(TransactionStep::Rollback, &["ROLLBACK", "ROLLBACK WORK"]);
    step(
        TransactionStep::Savepoint,
        &["SAVEPOINT a", "ROLLBACK TO SAVEPOINT a", "ROLLBACK TO a", "RELEASE SAVEPOINT a"],
    );
}

#[test]
fn what_can_be_run_again_is_known() {
    all(
        &Kind::Repeatable,
        &[
            "GRANT SELECT ON *.* TO a",
            "ANALYZE TABLE a",
            "OPTIMIZE NO_WRITE_TO_BINLOG TABLE a",
            "FLUSH PRIVILEGES",
            "SET GLOBAL x = 1",
            "SET PERSIST x = (1 + 2), @@global.y = 2",
            "SET DEFAULT ROLE ALL TO a",
        ],
    );
}

#[test]
fn of_what_is_not_understood_nothing_is_claimed() {
    all(
        &Kind::Opaque,
        &[
            "",
            "-- only a comment",
            "CALL p()",
            "EXECUTE p",
            "EXECUTE IMMEDIATE 'DO 1'",
            "HANDLER a OPEN",
            "XA START 'a'",
            "BEGIN NOT ATOMIC DO 1; END",
            "COMMIT AND CHAIN",
            "ROLLBACK RELEASE",
            "SELECT 1; SELECT 2",
            "DROP TABLE a; DROP TABLE b",
            "SELECT 1 INTO OUTFILE '/x'",
            "SELECT GET_LOCK('a', 1)",
            "INSERT INTO a VALUES (RELEASE_LOCK('a'))",
            "UPDATE a SET x = (@n := @n + 1)",
            "ANALYZE UPDATE a SET x = 1",
            "SET GLOBAL x = @@global.x + 1",
            "REVOKE SELECT ON *.* FROM a",
            "KILL 5",
            "SELEC 1",
            "ALTER TABLE",
            "DROP TABLE `a",
            "RENAME TABLE a",
            "; SELECT 1",
            "'text'",
        ],
    );
}

#[test]
fn semicolons_in_a_stored_program_do_not_end_it() {
    for program in [
        "CREATE PROCEDURE p(IN a INT) BEGIN SELECT 1; SELECT 2; END",
        "CREATE PROCEDURE p() COMMENT 'x' BEGIN END;",
        "CREATE FUNCTION f(a INT) RETURNS SET('a','b') CHARACTER SET utf8mb4 DETERMINISTIC BEGIN RETURN IF(a, 1, 2); END",
        "CREATE FUNCTION f(a INT) RETURNS INT RETURN CASE a WHEN 1 THEN 2 END",
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW FOLLOWS y IF NEW.a THEN SET NEW.b = 1; ELSE SET NEW.b = 2; END IF",
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW CASE NEW.a WHEN 1 THEN SET NEW.b = 1; ELSE BEGIN END; END CASE",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; END",
        "CREATE PROCEDURE p() one: BEGIN two: LOOP SELECT end FROM t; LEAVE two; END LOOP two; REPEAT SET @a = 1; UNTIL @a END REPEAT; END one",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR NOT FOUND BEGIN ROLLBACK; END; WHILE IF(1, 2, 3) DO SELECT CASE WHEN 1 THEN IF(1, 2, 3) ELSE 4 END; END WHILE; END",
        "CREATE PROCEDURE p() BEGIN DROP TABLE IF EXISTS a; IF NOT EXISTS (SELECT 1) THEN SELECT 2; ELSEIF 3 THEN SELECT 4; END IF; END",
        "CREATE PROCEDURE p() BEGIN FOR i IN 1..5 DO SELECT i; END FOR; END",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1; SET @b = GET_LOCK('x', 1); END */",
    ] {
        assert!(
            matches!(Kind::of(program), Kind::Definition(Definition { action: Action::Create, .. })),
            "{program}"
        );
        // Whatever follows the end is another statement.
        assert_eq!(Kind::of(&format!("{program}; DROP TABLE a")), Kind::Opaque, "{program}");
    }
}

#[test]
fn a_program_of_one_statement_ends_with_it() {
    for program in [
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE PROCEDURE p() SET @a = IF(1, 2, 3)",
        "CREATE PROCEDURE p() DETERMINISTIC DROP TABLE IF EXISTS a",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO UPDATE t SET a = CASE b WHEN 1 THEN 2 END",
    ] {
        assert!(matches!(Kind::of(program), Kind::Definition(_)), "{program}");
        assert_eq!(Kind::of(&format!("{program}; SELECT 1")), Kind::Opaque, "{program}");
    }
}

#[test]
fn a_text_as_deep_as_it_is_long_has_a_kind() {
    for deep in ["WITH a AS () ", "(", "/*! ", "EXPLAIN ", "SET STATEMENT a = 1 FOR ", "BEGIN "] {
        Kind::of(&deep.repeat(200_000));
    }
}

proptest! {
    #[test]
    fn any_text_has_a_kind_and_blanks_and_comments_do_not_change_it(text in anything()) {
        let kind = Kind::of(&text);
        prop_assert_eq!(&kind, &Kind::of(&format!(" /* x */\n{text}")));
    }

    #[test]
    fn a_table_is_found_under_any_name(name in "[^`\0]{1,20}", database in "[a-z`]{1,5}") {
        let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
        let Kind::Data(change) = Kind::of(&format!("DELETE FROM {}.{} WHERE 1", quoted(&database), quoted(&name))) else {
            return Err(TestCaseError::fail("no change of rows"));
        };
        prop_assert_eq!(change.action, DataAction::Delete);
        prop_assert_eq!(change.tables, [crate::Name { database: Some(database), name }]);
    }
}
