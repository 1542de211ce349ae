use super::{each_breaks, each_is_fine, rules};

#[test]
fn a_table_without_primary_key_is_found() {
    each_breaks(
        "no-primary-key",
        &[
            "CREATE TABLE t (a INT)",
            "CREATE TABLE t (a INT NOT NULL UNIQUE, KEY (a), comment VARCHAR(20) COMMENT 'PRIMARY KEY')",
            "CREATE TABLE t (a INT, b INT) PARTITION BY KEY (a) PARTITIONS 4",
            "CREATE TABLE t AS SELECT * FROM people",
            "CREATE TABLE t (SELECT * FROM people)",
            "ALTER TABLE people DROP PRIMARY KEY",
            "DROP INDEX `PRIMARY` ON people",
        ],
    );
    each_is_fine(&[
        "CREATE TABLE t (a INT PRIMARY KEY)",
        "CREATE TABLE t (a INT KEY)",
        "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))",
        "CREATE TABLE t (a INT, CONSTRAINT c PRIMARY KEY USING BTREE (a))",
        "CREATE TABLE t (a INT /*!50000 PRIMARY KEY */)",
        "CREATE TABLE t (a INT); ALTER TABLE t ADD PRIMARY KEY (a)",
        "CREATE TABLE t (a INT); ALTER TABLE t RENAME u; ALTER TABLE u ADD COLUMN id INT AUTO_INCREMENT PRIMARY KEY",
        "CREATE TABLE t (id INT PRIMARY KEY) SELECT id FROM people",
        "CREATE TABLE t LIKE people",
        "CREATE TABLE t (LIKE people)",
        "CREATE TEMPORARY TABLE t (a INT)",
        "CREATE TABLE IF NOT EXISTS t (a INT, b TEXT, PRIMARY KEY (a)) PARTITION BY HASH (a) PARTITIONS 4",
        "CREATE VIEW v AS SELECT 1",
        "CREATE SEQUENCE s",
    ]);
}

#[test]
fn a_table_of_another_engine_or_character_set_is_found() {
    each_breaks(
        "not-innodb",
        &[
            "CREATE TABLE t (id INT PRIMARY KEY) ENGINE=MyISAM",
            "CREATE TABLE t (id INT PRIMARY KEY) COMMENT 'x', engine 'Aria'",
            "ALTER TABLE people ENGINE = MEMORY",
        ],
    );
    each_breaks(
        "not-utf8mb4",
        &[
            "CREATE TABLE t (id INT PRIMARY KEY) DEFAULT CHARSET=latin1 COLLATE=latin1_bin",
            "CREATE TABLE t (id INT PRIMARY KEY) CHARACTER SET utf8",
            "CREATE TABLE t (id INT PRIMARY KEY) COLLATE utf8mb3_general_ci",
            "ALTER TABLE people CONVERT TO CHARACTER SET latin1",
            "ALTER TABLE people COMMENT='x', DEFAULT CHARSET = 'ascii'",
        ],
    );
    assert_eq!(
        rules("CREATE TABLE t (a INT PRIMARY KEY) ENGINE=CSV CHARSET=latin1"),
        ["not-innodb", "not-utf8mb4"]
    );
    each_is_fine(&[
        "CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        "CREATE TABLE t (id INT PRIMARY KEY) ENGINE='INNODB' CHARACTER SET = 'UTF8MB4'",
        "CREATE TABLE t (id INT PRIMARY KEY) COMMENT='ENGINE=MyISAM'",
        "CREATE TABLE t (id INT PRIMARY KEY) COLLATE=uca1400_ai_ci",
        "CREATE TABLE t (id INT PRIMARY KEY, hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin)",
        "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id) (PARTITION p ENGINE = InnoDB)",
        "CREATE TABLE t (id INT PRIMARY KEY) SELECT id FROM people ORDER BY name COLLATE latin1_bin",
        "ALTER TABLE people ENGINE=InnoDB, CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "ALTER TABLE people ADD COLUMN a VARCHAR(9) CHARACTER SET ascii, ALTER engine SET DEFAULT 1, ORDER BY charset",
        "ALTER TABLE people CONVERT TO CHARACTER SET DEFAULT",
    ]);
}
