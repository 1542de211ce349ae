//! Statements that are easily taken for another kind; recovery after a crash would then go the wrong way.

use super::told;

fn check(statements: &[(&str, &str)]) {
    for (statement, expected) in statements {
        assert_eq!(told(statement), *expected, "{statement}");
    }
}

#[test]
fn a_statement_that_can_be_run_again_whatever_is_there_is_told_from_one_that_cannot() {
    check(&[
        ("CREATE OR REPLACE TABLE a (id INT)", "Create Table a tolerant"),
        ("CREATE OR REPLACE TABLE a LIKE b", "Create Table a tolerant"),
        ("CREATE OR REPLACE TABLE a AS SELECT 1", "Create Table a tolerant fills"),
        ("CREATE TABLE IF NOT EXISTS a LIKE d.b", "Create Table a tolerant"),
        ("CREATE TABLE IF NOT EXISTS a (id INT) SELECT 1 AS id", "Create Table a tolerant fills"),
        ("CREATE TABLE IF NOT EXISTS a IGNORE SELECT 1", "Create Table a tolerant fills"),
        ("CREATE TABLE a (id INT) /*!50000 SELECT 1 */", "Create Table a fills"),
        (
            "CREATE TABLE a (n INT) PARTITION BY LIST (n) (PARTITION p VALUES IN (1) COMMENT 'SELECT')",
            "Create Table a",
        ),
        ("CREATE OR REPLACE TEMPORARY TABLE a (id INT)", "Session(TemporaryTable)"),
        ("CREATE TEMPORARY TABLE a SELECT 1", "Session(TemporaryTable)"),
        ("DROP TABLE IF EXISTS a, d.b RESTRICT", "Drop Table a, d.b tolerant"),
        ("DROP TABLE /*!40000 IF EXISTS */ a, b", "Drop Table a, b tolerant"),
        ("DROP TABLE a, b WAIT 5", "Drop Table a, b"),
        ("DROP /*!40000 TEMPORARY */ TABLE IF EXISTS a", "Session(TemporaryTable)"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1 FOR UPDATE", "Create View v tolerant"),
        (
            "CREATE OR REPLACE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
            "Create Trigger x on t tolerant",
        ),
        (
            "CREATE TRIGGER IF NOT EXISTS x AFTER DELETE ON d.t FOR EACH ROW DELETE FROM u",
            "Create Trigger x on d.t tolerant",
        ),
        ("CREATE AGGREGATE FUNCTION f RETURNS REAL SONAME 'f.so'", "Create Other"),
        ("CREATE AGGREGATE FUNCTION f(x INT) RETURNS INT RETURN 1", "Create Function f"),
        ("CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')", "Create Other"),
        ("CREATE ROLE IF NOT EXISTS r", "Create Other tolerant"),
        ("CREATE UNDO TABLESPACE t ADD DATAFILE 'x.ibu'", "Create Other"),
    ]);
}

#[test]
fn what_gets_another_name_is_told_from_what_is_changed() {
    check(&[
        ("ALTER TABLE a RENAME = d.b", "Rename Table a to d.b"),
        ("ALTER TABLE a RENAME `to`", "Rename Table a to to"),
        ("ALTER TABLE a DROP COLUMN x, RENAME TO b, ADD COLUMN y INT", "Rename Table a to b"),
        ("ALTER TABLE a COMMENT = 'RENAME TO b'", "Alter Table a"),
        ("ALTER TABLE a ADD COLUMN `rename` INT", "Alter Table a"),
        ("ALTER TABLE a WAIT 5 RENAME COLUMN x TO y", "Alter Table a"),
        ("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b", "Alter Table a"),
        ("ALTER TABLE a TRUNCATE PARTITION p", "Alter Table a"),
        ("ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (5))", "Alter Table a"),
        ("ALTER TABLE a IMPORT TABLESPACE", "Alter Table a"),
        ("ALTER TABLESPACE t RENAME TO u", "Alter Other"),
        ("ALTER SERVER s OPTIONS (HOST 'h')", "Alter Other"),
        ("ALTER INSTANCE ROTATE INNODB MASTER KEY", "Alter Other"),
        ("ALTER SCHEMA d READ ONLY = 1", "Alter Database d"),
        ("ALTER DATABASE READ ONLY = 1", "Alter Database"),
        (
            "ALTER ALGORITHM = MERGE DEFINER = a@localhost SQL SECURITY INVOKER VIEW v AS SELECT 1",
            "Alter View v",
        ),
        (
            "ALTER DEFINER = CURRENT_USER EVENT e ON SCHEDULE EVERY 1 DAY RENAME TO f DO DELETE FROM t",
            "Rename Event e to f",
        ),
        ("RENAME TABLES a NOWAIT TO b, d.c TO c", "Rename Table a, d.c to b, c"),
        ("RENAME USER a TO b, c TO d", "Rename Other"),
        ("DROP SPATIAL REFERENCE SYSTEM 4120", "Drop Other"),
        ("SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE a RENAME TO b", "Rename Table a to b"),
    ]);
}

#[test]
fn a_change_of_rows_is_told_from_what_only_reads() {
    check(&[
        ("INSERT INTO a SELECT * FROM b FOR UPDATE", "Insert a"),
        ("INSERT INTO a TABLE b", "Insert a"),
        ("INSERT INTO a WITH x AS (SELECT 1) SELECT * FROM x", "Insert a"),
        ("INSERT INTO a (`into`) VALUES (1) ON DUPLICATE KEY UPDATE `into` = 2", "Insert a"),
        ("UPDATE a, (SELECT 1 AS y) AS b, LATERAL (SELECT 2) AS c SET a.x = b.y", "Update a"),
        ("UPDATE a JOIN JSON_TABLE('[1]', '$[*]' COLUMNS (y INT PATH '$')) AS j SET a.x = j.y", "Update a"),
        ("UPDATE a PARTITION (p) SET x = 1 WHERE y IN (SELECT y FROM b)", "Update a"),
        ("DELETE a.*, b FROM d.a NATURAL JOIN b", "Delete d.a, b"),
        ("DELETE FROM a.*, b.* USING a INNER JOIN b USING (id)", "Delete a, b"),
        ("DELETE FROM a PARTITION (p) WHERE x = 1", "Delete a"),
        ("DELETE FROM a FOR PORTION OF p FROM '2000-01-01' TO '2001-01-01'", "Delete a"),
        (
            "WITH RECURSIVE x (n) AS (SELECT 1 UNION SELECT n + 1 FROM x), y AS (SELECT 2) UPDATE a, x, y SET a.z = 1",
            "Update a",
        ),
        ("WITH x AS (SELECT 1) DELETE a FROM a JOIN x", "Delete a"),
        ("WITH x AS (SELECT 1) SELECT * FROM x FOR UPDATE", "Query"),
        ("WITH x AS (SELECT 1) SELECT * FROM x INTO @y", "Session(Variable)"),
        ("WITH x SELECT 1", "Opaque"),
        ("(SELECT 1 INTO @x)", "Session(Variable)"),
        ("((SELECT 1) UNION (TABLE a)) INTO OUTFILE 'x'", "Opaque"),
        ("TABLE a INTO DUMPFILE 'x'", "Opaque"),
        ("((VALUES ROW(1)))", "Query"),
        ("SELECT /*!40000 1 INTO */ @x", "Session(Variable)"),
        ("/*!50000 UPDATE a SET x = 1 */", "Update a"),
        ("/*M!100100 DELETE */ FROM a", "Delete a"),
        ("/* SELECT */ DELETE /* FROM b */ FROM a", "Delete a"),
        ("EXPLAIN DELETE FROM a", "Query"),
        ("EXPLAIN ANALYZE SELECT REPLACE(x, 'a', 'b') FROM a FOR UPDATE", "Query"),
        ("EXPLAIN ANALYZE FORMAT = TREE DELETE a FROM a JOIN b", "Opaque"),
        ("DESCRIBE ANALYZE WITH x AS (SELECT 1) UPDATE a, x SET a.y = 1", "Opaque"),
        ("ANALYZE FORMAT = JSON UPDATE a SET x = 1", "Opaque"),
        ("LOAD DATA INFILE 'x' INTO TABLE d.a PARTITION (p) (y, @z) SET z = @z", "Load d.a"),
        ("LOAD XML LOCAL INFILE 'x' INTO TABLE a", "Load a"),
        ("LOAD DATA FROM URL 'x' INTO TABLE a ALGORITHM = BULK", "Opaque"),
        ("LOAD INDEX INTO CACHE a", "Repeatable"),
        ("DO SLEEP(0), (SELECT COUNT(*) FROM a)", "Query"),
        ("DO @x := 1", "Session(Variable)"),
        ("DO RELEASE_ALL_LOCKS()", "Opaque"),
        ("SELECT IS_FREE_LOCK('a')", "Query"),
    ]);
}

#[test]
fn what_is_a_program_or_may_run_one_is_never_taken_for_a_single_statement() {
    check(&[
        ("CALL p(@x)", "Opaque"),
        ("BEGIN NOT ATOMIC SELECT 1; END", "Opaque"),
        ("BEGIN NOT ATOMIC END", "Opaque"),
        ("IF 1 THEN DELETE FROM a; END IF", "Opaque"),
        ("REPEAT DELETE FROM a; UNTIL 1 END REPEAT", "Opaque"),
        ("x: LOOP LEAVE x; END LOOP", "Opaque"),
        ("HANDLER a READ FIRST", "Opaque"),
        ("XA PREPARE 'a'", "Opaque"),
        ("EXECUTE IMMEDIATE 'DROP TABLE a'", "Opaque"),
        ("IMPORT TABLE FROM 'x.sdi'", "Opaque"),
        ("INSTALL PLUGIN x SONAME 'y'", "Opaque"),
        ("RESET PERSIST", "Opaque"),
        ("SET STATEMENT sql_mode = '' FOR SET STATEMENT sql_mode = '' FOR DELETE FROM a", "Opaque"),
        ("SET STATEMENT sql_mode = '' FOR SET @x = 1", "Opaque"),
        ("SET STATEMENT sql_mode = '' DELETE FROM a", "Opaque"),
        ("CREATE TABLE a (id INT); DROP TABLE a", "Opaque"),
        ("/*!50000 DROP TABLE a; */ SELECT 1", "Opaque"),
        ("DROP TABLE a /*!50000 ; SELECT 1 */", "Opaque"),
    ]);
}

#[test]
fn what_a_session_keeps_is_told_from_what_the_server_keeps() {
    check(&[
        ("SET @@GLOBAL.x = 1, @@persist.y = 2", "Repeatable"),
        ("SET GLOBAL x = 1, @y = 2", "Session(Variable)"),
        ("SET ROLE r", "Session(Variable)"),
        ("SET RESOURCE GROUP r", "Session(Variable)"),
        ("SET GLOBAL TRANSACTION ISOLATION LEVEL SERIALIZABLE", "Repeatable"),
        ("SET PASSWORD FOR a = 'x'", "Repeatable"),
        ("LOCK INSTANCE FOR BACKUP", "Session(Locks)"),
        ("FLUSH LOCAL TABLES a FOR EXPORT", "Session(Locks)"),
        ("GET DIAGNOSTICS @x = NUMBER", "Session(Variable)"),
        ("ROLLBACK WORK TO SAVEPOINT a", "Transaction(Savepoint)"),
        ("ROLLBACK AND CHAIN", "Opaque"),
        ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", "Transaction(Begin)"),
        ("START SLAVE", "Opaque"),
    ]);
}
