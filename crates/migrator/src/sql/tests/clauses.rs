use crate::Kind;
use crate::sql::{Clause, are_in, are_seen, clauses};

const SHOWN: &str = "CREATE TABLE `a` (
  `id` int(11) NOT NULL COMMENT 'a, b',
  `Name` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`,`Name`),
  UNIQUE KEY `u` (`Name`(5)),
  KEY `k` (`id`,`Name` DESC),
  KEY `e` ((lower(`Name`))),
  FULLTEXT KEY `words` (`Name`),
  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `b` (`id`),
  CONSTRAINT `c` CHECK (`id` > 0)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='(PARTITION `x`)'
/*!50100 PARTITION BY RANGE (`id`)
SUBPARTITION BY HASH (`id`)
(PARTITION p0 VALUES LESS THAN (10)
 (SUBPARTITION s ENGINE = InnoDB),
 PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */";

fn read(statement: &str) -> Vec<Clause> {
    let Kind::Definition(definition) = Kind::of(statement) else { panic!("{statement}") };
    clauses(statement, &definition)
}

#[test]
fn what_a_change_adds_and_drops_is_found_in_the_table() {
    let there = [
        "ADD name INT",
        "ADD COLUMN (id INT, name INT) ",
        "ADD PRIMARY KEY (id, name)",
        "ADD CONSTRAINT x PRIMARY KEY USING BTREE (id ASC, name)",
        "ADD UNIQUE INDEX u (name(5))",
        "ADD CONSTRAINT u UNIQUE (name(5))",
        "ADD UNIQUE (name(5))",
        "ADD INDEX (id, name DESC)",
        "ADD KEY e ((LOWER(name)))",
        "ADD FULLTEXT words (name)",
        "ADD FOREIGN KEY (id) REFERENCES b (id)",
        "ADD CONSTRAINT f FOREIGN KEY i (id) REFERENCES b (id)",
        "ADD CONSTRAINT c CHECK (id > 0)",
        "ADD PARTITION (PARTITION p1 VALUES LESS THAN (5), PARTITION p0 VALUES LESS THAN (9))",
        "REORGANIZE PARTITION p INTO (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN (9))",
        "DROP x",
        "DROP KEY x, DROP COLUMN y, DROP FOREIGN KEY k, DROP CHECK u, DROP PARTITION x",
        "DROP PRIMARY KEY, ADD PRIMARY KEY (id, name)",
        "CHANGE x name INT",
        "RENAME COLUMN x TO id, RENAME INDEX y TO k, FORCE",
    ];
    let missing = [
        "ADD x INT",
        "ADD (id INT, x INT)",
        "ADD PRIMARY KEY (id)",
        "ADD KEY u (name(5))",
        "ADD KEY k (id, name)",
        "ADD UNIQUE (name)",
        "ADD FOREIGN KEY (name) REFERENCES b (id)",
        "ADD CONSTRAINT u CHECK (id > 0)",
        "ADD PARTITION (PARTITION p1 VALUES LESS THAN (5), PARTITION s VALUES LESS THAN (9))",
        "DROP name",
        "DROP PRIMARY KEY",
        "DROP KEY K",
        "DROP FOREIGN KEY f",
        "DROP CONSTRAINT c",
        "DROP CONSTRAINT u",
        "DROP PARTITION p0",
        "DROP PRIMARY KEY, ADD PRIMARY KEY (name)",
        "CHANGE id name INT",
        "RENAME INDEX k TO y",
        "ADD name INT, ADD x INT",
    ];
    for (clauses, expected) in
        there.map(|there| (there, true)).into_iter().chain(missing.map(|missing| (missing, false)))
    {
        let statement = format!("ALTER TABLE a {clauses}");
        assert_eq!(are_in(&read(&statement), SHOWN), Some(expected), "{statement}");
    }
    assert_eq!(are_in(&read("CREATE UNIQUE INDEX u USING BTREE ON a (name(5))"), SHOWN), Some(true));
    assert_eq!(are_in(&read("CREATE INDEX u ON a (name(5))"), SHOWN), Some(false));
    assert_eq!(are_in(&read("DROP INDEX `PRIMARY` ON a"), SHOWN), Some(false));
}

#[test]
fn what_can_be_said_again_is_told_from_what_nothing_shows() {
    for repeats in [
        "MODIFY id INT",
        "MODIFY id INT, ALTER name SET DEFAULT 'x', ORDER BY id",
        "CHANGE name NAME INT",
        "ENGINE=InnoDB COMMENT='x', CONVERT TO CHARACTER SET utf8mb4, AUTO_INCREMENT = 5, LOCK=NONE",
        "ADD COLUMN IF NOT EXISTS x INT, DROP INDEX IF EXISTS k",
    ] {
        let read = read(&format!("ALTER TABLE a {repeats}"));
        assert!(read.iter().all(|clause| *clause == Clause::Repeats), "{repeats}: {read:?}");
    }
    for hidden in [
        "COALESCE PARTITION 2",
        "ADD PARTITION PARTITIONS 2",
        "REMOVE PARTITIONING",
        "ENGINE=InnoDB REMOVE PARTITIONING",
        "ADD CHECK (id > 0)",
        "ADD INDEX ((LOWER(name)))",
        "ADD SYSTEM VERSIONING",
        "DROP SYSTEM VERSIONING",
        "DROP name, ADD name INT",
        "RENAME COLUMN id TO name, RENAME COLUMN name TO id",
        "WHATEVER",
    ] {
        let read = read(&format!("ALTER TABLE a {hidden}"));
        assert_eq!(are_in(&read, SHOWN), None, "{hidden}: {read:?}");
        assert!(read.iter().any(|clause| *clause != Clause::Repeats), "{hidden}: {read:?}");
    }
}

#[test]
fn a_change_that_every_table_shows_is_told_from_one_that_may_leave_it_as_it_was() {
    for seen in
        ["ADD x INT", "ADD x INT, MODIFY y INT, ENGINE=InnoDB", "ADD KEY (x)", "DROP x", "DROP x, DROP KEY k"]
    {
        assert!(are_seen(&read(&format!("ALTER TABLE a {seen}"))), "{seen}");
    }
    assert!(are_seen(&read("CREATE INDEX k ON a (x)")));
    assert!(are_seen(&read("DROP INDEX k ON a")));
    for unseen in [
        "MODIFY x INT",
        "ADD COLUMN IF NOT EXISTS x INT",
        "DROP KEY k, ADD KEY k (x)",
        "DROP KEY k, ADD KEY (x)",
        "DROP x, ADD x INT",
        "RENAME COLUMN x TO y, RENAME COLUMN y TO x",
        // Some engines ignore it.
        "ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (x)",
        "ADD SYSTEM VERSIONING",
    ] {
        assert!(!are_seen(&read(&format!("ALTER TABLE a {unseen}"))), "{unseen}");
    }
}
