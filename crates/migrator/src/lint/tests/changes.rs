use super::{each_breaks, each_is_fine, findings, rules};

#[test]
fn dropping_a_table_that_others_use_is_found() {
    each_breaks(
        "drop-table",
        &[
            "DROP TABLE people",
            "DROP TABLE IF EXISTS unknown CASCADE",
            "DROP DATABASE shop",
            "CREATE OR REPLACE TABLE people (id INT PRIMARY KEY)",
            // With its rows, although it comes again.
            "DROP TABLE people; CREATE TABLE people (id INT PRIMARY KEY)",
        ],
    );
    assert_eq!(rules("DROP TABLE people, cities"), ["drop-table", "drop-table"]);
    each_is_fine(&[
        "CREATE TABLE scratch (id INT); DROP TABLE scratch",
        "CREATE TABLE a (id INT PRIMARY KEY); RENAME TABLE a TO b; DROP TABLE B",
        "CREATE TEMPORARY TABLE t (id INT); DROP TEMPORARY TABLE t",
        "CREATE TEMPORARY TABLE IF NOT EXISTS t (id INT); DELETE FROM t; UPDATE t SET id = 1; TRUNCATE t; DROP TABLE t",
        "CREATE OR REPLACE TABLE another (id INT PRIMARY KEY)",
        "ALTER TABLE people DROP KEY k, DROP INDEX l, DROP FOREIGN KEY f, DROP CONSTRAINT c, DROP CHECK d",
        "DROP INDEX k ON people",
    ]);
}

#[test]
fn dropping_a_column_or_a_partition_that_others_use_is_found() {
    each_breaks(
        "drop-column",
        &[
            "ALTER TABLE people DROP COLUMN nick",
            "ALTER TABLE people DROP nick, ALGORITHM=INPLACE, LOCK=NONE",
            "ALTER TABLE people DROP COLUMN IF EXISTS `key`",
            "ALTER TABLE unknown DROP COLUMN a",
            "SET STATEMENT lock_wait_timeout = 1 FOR ALTER TABLE people DROP COLUMN nick",
        ],
    );
    each_breaks(
        "drop-partition",
        &["ALTER TABLE people DROP PARTITION p0, p1", "ALTER TABLE people TRUNCATE PARTITION p0"],
    );
    each_is_fine(&[
        "ALTER TABLE people ADD COLUMN helper INT; ALTER TABLE people DROP COLUMN helper",
        "ALTER TABLE people ADD COLUMN a INT; ALTER TABLE people CHANGE a b INT; ALTER TABLE people DROP b",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT); ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE people DROP SYSTEM VERSIONING",
        "ALTER TABLE people REORGANIZE PARTITION p0 INTO (PARTITION p1 VALUES LESS THAN (7))",
    ]);
}

#[test]
fn dropping_what_is_not_made_again_is_found() {
    each_breaks(
        "drop-object",
        &[
            "DROP VIEW v",
            "DROP TRIGGER t",
            "DROP PROCEDURE p",
            "DROP FUNCTION IF EXISTS f",
            "DROP EVENT e",
            "DROP SEQUENCE s",
            "DROP VIEW v; CREATE VIEW w AS SELECT 1",
        ],
    );
    each_is_fine(&[
        "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1",
        "DROP PROCEDURE p;\nDELIMITER $$\nCREATE PROCEDURE p() BEGIN DO 1; END$$",
        "DROP USER somebody",
    ]);
}

#[test]
fn another_name_for_what_others_use_is_found() {
    each_breaks(
        "rename-table",
        &[
            "RENAME TABLE people TO persons",
            "ALTER TABLE people RENAME persons",
            "ALTER TABLE people RENAME TO persons",
        ],
    );
    each_breaks(
        "rename-column",
        &["ALTER TABLE people RENAME COLUMN nick TO n", "ALTER TABLE people CHANGE nick n VARCHAR(50) NULL"],
    );
    each_is_fine(&[
        // Another table takes the name in the same moment, or a view does.
        "CREATE TABLE new (id INT PRIMARY KEY); RENAME TABLE people TO old, new TO people",
        "RENAME TABLE people TO persons; CREATE VIEW people AS SELECT * FROM persons",
        "CREATE TABLE a (id INT PRIMARY KEY, x INT); ALTER TABLE a RENAME b; ALTER TABLE b RENAME COLUMN x TO y",
        "ALTER TABLE people CHANGE nick nick VARCHAR(60) NULL",
        "ALTER TABLE people CHANGE nick Nick VARCHAR(60) NULL",
        "ALTER TABLE people RENAME INDEX a TO b, RENAME KEY c TO d",
    ]);
}

#[test]
fn a_new_column_that_older_programs_cannot_fill_is_found() {
    each_breaks(
        "not-null-without-default",
        &[
            "ALTER TABLE people ADD COLUMN a INT NOT NULL",
            "ALTER TABLE people ADD a INT NOT NULL COMMENT 'no DEFAULT' AFTER `default`",
            "ALTER TABLE people ADD COLUMN (a INT NULL, b VARCHAR(5) NOT NULL)",
            "ALTER TABLE people ADD COLUMN IF NOT EXISTS a TIMESTAMP NOT NULL",
            "ALTER TABLE people ADD COLUMN a INT PRIMARY KEY, LOCK=NONE",
            "ALTER TABLE people ADD a INT NOT NULL REFERENCES cities (id) ON DELETE SET DEFAULT, LOCK=NONE",
            "ALTER TABLE people MODIFY nick VARCHAR(50) NOT NULL",
            "ALTER TABLE people CHANGE age age INT NOT NULL",
            "ALTER TABLE people MODIFY seen TIMESTAMP NOT NULL",
            "UPDATE people SET nick = '' WHERE nick IS NULL; ALTER TABLE people MODIFY nick VARCHAR(50) NOT NULL",
        ],
    );
    each_is_fine(&[
        "ALTER TABLE people ADD COLUMN a INT NOT NULL DEFAULT 0",
        "ALTER TABLE people ADD COLUMN a INT DEFAULT -1 NOT NULL",
        "ALTER TABLE people ADD COLUMN a VARCHAR(36) NOT NULL DEFAULT (UUID())",
        "ALTER TABLE people ADD COLUMN a TIMESTAMP NOT NULL DEFAULT NOW() ON UPDATE NOW()",
        "ALTER TABLE people ADD COLUMN a INT, ADD b INT NULL, ADD c INT DEFAULT NULL",
        "ALTER TABLE people ADD COLUMN a INT AS (age + 1) STORED NOT NULL",
        "ALTER TABLE people ADD COLUMN a INT GENERATED ALWAYS AS (age + 1) VIRTUAL NOT NULL",
        "ALTER TABLE people ADD COLUMN a TIMESTAMP",
        "ALTER TABLE people ADD CONSTRAINT c CHECK (age IS NOT NULL), ADD CHECK (age > 0)",
        "ALTER TABLE people MODIFY name VARCHAR(120) NOT NULL",
        "ALTER TABLE pairs MODIFY a BIGINT NOT NULL, MODIFY b BIGINT NOT NULL",
        "ALTER TABLE cities MODIFY id BIGINT NOT NULL",
        "ALTER TABLE people MODIFY seen TIMESTAMP NOT NULL DEFAULT NOW(), MODIFY id BIGINT NOT NULL AUTO_INCREMENT",
        "ALTER TABLE people MODIFY nick VARCHAR(50) NOT NULL DEFAULT ''",
        "ALTER TABLE unknown MODIFY a INT NOT NULL",
        "CREATE TABLE t (id INT PRIMARY KEY); ALTER TABLE t ADD COLUMN a INT NOT NULL",
        "ALTER TABLE people ADD COLUMN a INT; ALTER TABLE people MODIFY a INT NOT NULL",
    ]);
}

#[test]
fn an_index_that_may_keep_writers_out_is_found() {
    each_breaks(
        "locking-index",
        &[
            "CREATE INDEX i ON people (name)",
            "CREATE UNIQUE INDEX i USING BTREE ON people (name) COMMENT 'LOCK=NONE'",
            "ALTER TABLE people ADD KEY (name)",
            "ALTER TABLE people ADD UNIQUE (name), ALGORITHM=INPLACE",
            "ALTER TABLE people ADD CONSTRAINT u UNIQUE KEY (name), LOCK=SHARED",
            "ALTER TABLE people ADD COLUMN a INT UNIQUE",
            "ALTER TABLE people ADD VECTOR INDEX (name)",
            "ALTER TABLE people DROP PRIMARY KEY, ADD PRIMARY KEY (name)",
            "ALTER TABLE people ADD FULLTEXT KEY (bio), LOCK=SHARED",
        ],
    );
    each_is_fine(&[
        "CREATE INDEX i ON people (name) ALGORITHM=INPLACE LOCK=NONE",
        "CREATE INDEX i ON people (name) LOCK NONE",
        "ALTER TABLE people ADD KEY (name), ALGORITHM=INPLACE, LOCK=NONE",
        "ALTER TABLE people ADD vector INT, ADD period INT, ADD system INT",
        "ALTER TABLE people LOCK = none, ADD KEY (name)",
        "ALTER ONLINE TABLE people ADD KEY (name)",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, KEY (a)); CREATE INDEX i ON t (id); ALTER TABLE T ADD KEY (id)",
        "ALTER TABLE people DROP KEY i, ALTER INDEX k INVISIBLE",
        "ALTER TABLE people ADD COLUMN a INT NULL PARTITION BY KEY (id) PARTITIONS 4",
        "ALTER TABLE people ADD COLUMN a INT COMMENT 'UNIQUE', ADD b INT CHECK (b > 0), ALGORITHM=INSTANT",
    ]);
}

#[test]
fn an_index_that_no_server_builds_beside_writers_is_told_with_the_reason() {
    for (file, reason) in [
        ("ALTER TABLE people ADD FULLTEXT KEY (bio)", "as it is a FULLTEXT index"),
        ("CREATE SPATIAL INDEX i ON people (place)", "as it is a SPATIAL index"),
        ("CREATE INDEX i ON people ((age + 1))", "as it is over an expression"),
        ("ALTER TABLE t ADD n INT AUTO_INCREMENT UNIQUE", "as a column that counts by itself is added"),
    ] {
        let found = findings(&[("01_a.sql", file)]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].sentence.ends_with(reason), "{found:#?}");
    }
}

#[test]
fn a_foreign_key_that_keeps_writers_out_is_found() {
    each_breaks(
        "locking-foreign-key",
        &[
            "ALTER TABLE people ADD FOREIGN KEY (age) REFERENCES cities (id)",
            "ALTER TABLE people ADD KEY (age), ADD CONSTRAINT f FOREIGN KEY (age) REFERENCES cities (id) ON DELETE SET NULL",
            "ALTER TABLE people ADD COLUMN city INT REFERENCES cities (id) ON DELETE SET NULL",
        ],
    );
    each_is_fine(&[
        "SET foreign_key_checks = 0;
         ALTER TABLE people ADD FOREIGN KEY (age) REFERENCES cities (id), ALGORITHM=INPLACE, LOCK=NONE",
        "CREATE TABLE t (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES cities (id))",
        "CREATE TABLE t (id INT PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES cities (id)",
        "ALTER TABLE people DROP FOREIGN KEY f",
    ]);
}

#[test]
fn a_change_of_all_rows_is_found() {
    each_breaks(
        "update-without-where",
        &[
            "UPDATE people SET age = 1",
            "UPDATE people SET age = (SELECT MAX(id) FROM cities WHERE id < 5) LIMIT 10",
            "UPDATE people, cities SET age = 1",
            "UPDATE people JOIN cities SET age = 1",
            "UPDATE people LEFT JOIN cities ON cities.id = age SET age = NULL",
            "UPDATE people SET age = (@n := @n + 1)",
        ],
    );
    each_breaks(
        "delete-without-where",
        &[
            "DELETE FROM people",
            "DELETE FROM people ORDER BY (SELECT id FROM cities WHERE id = 1) LIMIT 5",
            "TRUNCATE TABLE people",
            "TRUNCATE people",
            "SET STATEMENT max_statement_time = 60 FOR DELETE FROM people",
        ],
    );
    each_is_fine(&[
        "UPDATE people SET age = 1 WHERE id = 1",
        "DELETE FROM people WHERE TRUE",
        "UPDATE people JOIN cities ON cities.id = age SET age = NULL",
        "DELETE people FROM people INNER JOIN cities USING (id)",
        "WITH c AS (SELECT 1 AS id) DELETE FROM people WHERE id IN (SELECT id FROM c)",
        "EXPLAIN DELETE FROM people",
        "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1); UPDATE t SET id = 2; DELETE FROM t; TRUNCATE t",
        "INSERT INTO cities VALUES (1) ON DUPLICATE KEY UPDATE id = 1",
        "DELETE HISTORY FROM people BEFORE SYSTEM_TIME NOW()",
    ]);
}
