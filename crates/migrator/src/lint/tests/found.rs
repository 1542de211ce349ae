use super::{BEFORE, each_is_fine, findings, rules};

#[test]
fn a_finding_names_file_line_of_the_clause_and_what_is_done_there() {
    let file = "-- what for\n\nALTER TABLE people\n    ADD COLUMN a INT,\n    DROP COLUMN nick;\nDELETE FROM `the people`";
    let found: Vec<String> = findings(&[("01_before.sql", BEFORE), ("02_file.sql", file)])
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "02_file.sql, line 5: drop-column: drops column `people`.`nick` with all that it holds",
        "02_file.sql, line 6: delete-without-where: deletes all rows of table `the people`",
    ];
    assert_eq!(found, expected);
}

#[test]
fn executable_comments_are_code_and_other_comments_and_texts_are_not() {
    assert_eq!(rules("/*!40000 DROP TABLE people */"), ["drop-table"]);
    assert_eq!(rules("ALTER TABLE people /*M!100000 DROP COLUMN nick */"), ["drop-column"]);
    assert_eq!(rules("DELETE FROM people -- WHERE id = 1"), ["delete-without-where"]);
    assert_eq!(rules("DELETE FROM people /*!50000 WHERE id = 1 */"), [""; 0]);
    each_is_fine(&[
        "SELECT 'DROP TABLE people' -- DROP TABLE people\n/* DROP TABLE people */",
        "INSERT INTO cities VALUES (1) # DELETE FROM people",
        "DO 0 /* ; DROP TABLE people; */",
    ]);
}

#[test]
fn what_a_stored_program_does_later_is_its_own_affair() {
    each_is_fine(&[
        "DELIMITER $$\nCREATE PROCEDURE p() BEGIN DELETE FROM people; DROP TABLE cities; END$$",
        "CREATE TRIGGER t AFTER DELETE ON people FOR EACH ROW DELETE FROM cities",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE cities",
    ]);
}

#[test]
fn ways_back_may_drop_and_lock_but_not_change_all_rows_or_make_poor_tables() {
    let of_way_back = |text| {
        let files = [("01_before.sql", BEFORE), ("02_a.sql", "DO 0"), ("R02_a.sql", text)];
        findings(&files).iter().map(|finding| finding.rule.name()).collect::<Vec<_>>()
    };
    for text in [
        "DROP TABLE people; DROP VIEW v; RENAME TABLE a TO b",
        "ALTER TABLE people DROP COLUMN nick, ADD KEY (name), ADD FOREIGN KEY (age) REFERENCES cities (id)",
        "ALTER TABLE people MODIFY COLUMN name VARCHAR(5) NOT NULL, CHANGE nick n VARCHAR(50) NOT NULL",
        "DELETE FROM people WHERE id = 1",
        // What the step has made of a table that others made so.
        "ALTER TABLE people DROP PRIMARY KEY, ENGINE=MyISAM, CONVERT TO CHARACTER SET latin1",
    ] {
        assert_eq!(of_way_back(text), [""; 0], "{text}");
    }
    assert_eq!(
        of_way_back("DELETE FROM people; UPDATE people SET age = 1"),
        ["delete-without-where", "update-without-where"]
    );
    assert_eq!(of_way_back("TRUNCATE people"), ["delete-without-where"]);
    let table = "CREATE TABLE t (a INT) ENGINE=MyISAM CHARSET=latin1";
    assert_eq!(of_way_back(table), ["not-innodb", "not-utf8mb4", "no-primary-key"]);
}

#[test]
fn a_way_back_does_not_make_a_table_new_for_later_files() {
    let files = [
        ("01_before.sql", BEFORE),
        ("02_a.sql", "DO 0"),
        ("R02_a.sql", "CREATE TABLE people (id INT PRIMARY KEY)"),
        ("03_b.sql", "ALTER TABLE people MODIFY name VARCHAR(5) NOT NULL"),
    ];
    assert_eq!(findings(&files).len(), 1);
}

#[test]
fn a_file_that_cannot_be_cut_or_has_nothing_is_an_error() {
    let error = |text| crate::lint(&super::history(&[("01_a.sql", text)])).unwrap_err().to_string();
    assert_eq!(error("SELECT 'x"), "01_a.sql, line 1: a ' is opened here and never closed");
    assert!(error("-- nothing").starts_with("01_a.sql has no statement"));
}

#[test]
fn a_word_in_a_way_back_that_nobody_reads_is_an_error() {
    let set = super::history(&[("01_a.sql", "DO 0"), ("R01_a.sql", "-- migrate: alow drop-table: x\nDO 0")]);
    let error = crate::lint(&set).unwrap_err().to_string();
    assert!(error.starts_with("R01_a.sql, line 1: `-- migrate: alow`"), "{error}");
}

#[test]
fn any_text_is_judged_without_a_panic() {
    for text in [
        "ALTER TABLE",
        "ALTER TABLE a",
        "ALTER TABLE a ADD",
        "ALTER TABLE a ADD (",
        "ALTER TABLE a ADD COLUMN",
        "ALTER TABLE a ADD KEY",
        "ALTER TABLE a DROP",
        "ALTER TABLE a MODIFY",
        "ALTER TABLE a CHANGE b",
        "ALTER TABLE a RENAME COLUMN b",
        "ALTER TABLE a,,,",
        "ALTER TABLE a ADD CONSTRAINT",
        "CREATE TABLE a (",
        "CREATE TABLE a ()",
        "CREATE TABLE a (,)",
        "CREATE TABLE a (b",
        "CREATE TABLE a (b DECIMAL(1,9))",
        "CREATE TABLE a (b INT(99999999999))",
        "CREATE TABLE a ENGINE",
        "CREATE INDEX i ON a",
        "DELETE",
        "UPDATE",
        "DELETE FROM",
        "UPDATE ()",
        "WITH",
        "DROP TABLE",
        "RENAME TABLE a TO",
        "SET STATEMENT",
        "*/ ) ) (",
        "CREATE TABLE a (b SET())",
        "CREATE TABLE a (b ENUM('",
        "ALTER TABLE a ADD b VARCHAR() )",
    ] {
        let _ = crate::lint(&super::history(&[("01_a.sql", text)]));
    }
}
