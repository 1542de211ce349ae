use super::findings;

/// Whether a change of a column from one type to the other is found.
fn narrows(from: &str, to: &str) -> bool {
    let table = format!("CREATE TABLE t (id INT PRIMARY KEY, a {from} NULL)");
    let change = format!("ALTER TABLE t MODIFY COLUMN a {to} NULL");
    let found = findings(&[("01_t.sql", table.as_str()), ("02_a.sql", change.as_str())]);
    assert!(found.len() < 2 && found.iter().all(|one| one.rule.name() == "narrowed-type"), "{found:#?}");
    !found.is_empty()
}

#[test]
fn a_type_that_cannot_hold_all_that_the_one_before_could_is_found() {
    for (from, to) in [
        ("BIGINT", "INT"),
        ("INT", "INT UNSIGNED"),
        ("INT UNSIGNED", "INT"),
        ("SMALLINT(5)", "TINYINT(5)"),
        ("INT", "BOOL"),
        ("INT", "DECIMAL(9,0)"),
        ("INT", "DECIMAL(12,4)"),
        ("INT", "FLOAT"),
        ("BIGINT", "DOUBLE"),
        ("INT", "VARCHAR(10)"),
        ("DECIMAL(10,2)", "DECIMAL(10,3)"),
        ("DECIMAL(10,2)", "DECIMAL(9,1)"),
        ("DECIMAL(10,2)", "BIGINT"),
        ("DECIMAL(10)", "INT"),
        ("DECIMAL(5,2)", "DECIMAL(5,2) UNSIGNED"),
        ("NUMERIC(16,2)", "DOUBLE"),
        ("DOUBLE", "FLOAT"),
        ("FLOAT", "INT"),
        ("REAL", "DECIMAL(65,30)"),
        ("VARCHAR(100)", "VARCHAR(99)"),
        ("VARCHAR(100)", "CHAR(50)"),
        ("CHAR(2)", "CHAR"),
        ("TEXT", "TINYTEXT"),
        ("LONGTEXT", "MEDIUMTEXT"),
        ("TEXT", "VARCHAR(1000)"),
        ("BLOB", "VARBINARY(255)"),
        ("VARCHAR(20)", "INT"),
        ("TEXT", "DATE"),
        ("VARCHAR(20)", "ENUM('a')"),
        ("ENUM('a','b')", "ENUM('a')"),
        ("SET('a','b')", "ENUM('a','b')"),
        ("ENUM('a','bcd')", "CHAR(2)"),
        ("SET('a','b')", "VARCHAR(2)"),
        ("DATETIME", "DATE"),
        ("DATETIME", "TIMESTAMP"),
        ("DATETIME(6)", "DATETIME"),
        ("TIMESTAMP", "TIME"),
        ("DATE", "YEAR"),
        ("DATETIME(3)", "VARCHAR(22)"),
        ("CHARACTER VARYING(9)", "VARCHAR(8)"),
        ("TIME(3)", "TIME"),
    ] {
        assert!(narrows(from, to), "{from} to {to}");
    }
}

#[test]
fn a_type_that_holds_the_same_or_more_is_left_alone() {
    for (from, to) in [
        ("INT", "INT"),
        ("INT", "BIGINT"),
        ("INT(11)", "INT"),
        ("INT(11)", "INTEGER(5)"),
        ("INT UNSIGNED", "BIGINT"),
        ("TINYINT(1)", "BOOLEAN"),
        ("INT", "DECIMAL(10,0)"),
        ("INT", "DOUBLE"),
        ("SMALLINT", "FLOAT"),
        ("INT", "VARCHAR(11)"),
        ("DECIMAL(10,2)", "DECIMAL(12,2)"),
        ("DECIMAL(10,2)", "DECIMAL(12,4)"),
        ("DECIMAL(9)", "INT"),
        ("DEC(10,2)", "DOUBLE"),
        ("FLOAT", "DOUBLE"),
        ("FLOAT(30)", "DOUBLE"),
        ("VARCHAR(50)", "VARCHAR(51)"),
        ("CHAR(5)", "VARCHAR(5)"),
        ("VARCHAR(200)", "TEXT"),
        ("TINYTEXT", "VARCHAR(255)"),
        ("TEXT", "LONGTEXT"),
        ("BINARY(16)", "VARBINARY(16)"),
        ("NATIONAL VARCHAR(10)", "VARCHAR(10)"),
        ("ENUM('a','b')", "ENUM('b','a','c')"),
        ("ENUM('a','b')", "SET('a','b')"),
        ("ENUM('it''s', 'x)')", "ENUM('it''s', 'x)', 'y')"),
        ("SET('a','b')", "VARCHAR(3)"),
        ("DATE", "DATETIME"),
        ("TIMESTAMP", "DATETIME"),
        ("DATETIME", "DATETIME(6)"),
        ("DATE", "CHAR(10)"),
        ("DATETIME(3)", "VARCHAR(23)"),
        ("YEAR", "INT"),
        // What is not judged.
        ("JSON", "LONGTEXT"),
        ("TEXT", "JSON"),
        ("POINT", "GEOMETRY"),
        ("CHAR(36)", "UUID"),
        ("BIT(8)", "INT"),
        ("TEXT(100)", "TEXT"),
    ] {
        assert!(!narrows(from, to), "{from} to {to}");
    }
}

#[test]
fn the_type_before_is_that_of_the_history() {
    let narrowed =
        |files: &[(&str, &str)]| findings(files).iter().any(|one| one.rule.name() == "narrowed-type");
    let t = ("01_t.sql", "CREATE TABLE t (id INT PRIMARY KEY, a INT)");
    let to_int = "ALTER TABLE t MODIFY A INT";
    assert!(!narrowed(&[t, ("02_a.sql", to_int)]));
    assert!(narrowed(&[t, ("02_a.sql", "ALTER TABLE t CHANGE a a BIGINT"), ("03_b.sql", to_int)]));
    assert!(narrowed(&[
        t,
        ("02_a.sql", "ALTER TABLE t ADD b BIGINT"),
        ("03_b.sql", "ALTER TABLE t CHANGE b a INT")
    ]));
    assert!(narrowed(&[
        t,
        ("02_a.sql", "RENAME TABLE t TO u"),
        ("03_b.sql", "ALTER TABLE u MODIFY a SMALLINT")
    ]));
    assert!(narrowed(&[
        t,
        ("02_a.sql", "CREATE TABLE u LIKE t"),
        ("03_b.sql", "ALTER TABLE u MODIFY a SMALLINT")
    ]));
    assert!(narrowed(&[
        t,
        ("02_a.sql", "ALTER TABLE t RENAME COLUMN a TO b"),
        ("03_b.sql", "ALTER TABLE t MODIFY b SMALLINT")
    ]));
    assert!(narrowed(&[
        ("01_t.sql", "ALTER TABLE unknown ADD a INT"),
        ("02_a.sql", "ALTER TABLE unknown MODIFY a SMALLINT")
    ]));
    // Nothing is known of the column, or it is another one by now.
    assert!(!narrowed(&[("01_t.sql", "ALTER TABLE unknown MODIFY a TINYINT")]));
    let again = "DROP TABLE t; CREATE TABLE t (id INT PRIMARY KEY, a SMALLINT)";
    assert!(!narrowed(&[t, ("02_a.sql", again), ("03_b.sql", "ALTER TABLE t MODIFY a SMALLINT")]));
    // Nobody has filled it yet.
    assert!(!narrowed(&[(
        "01_t.sql",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT); ALTER TABLE t MODIFY a SMALLINT"
    )]));
    let sentence = &findings(&[t, ("02_a.sql", "ALTER TABLE t MODIFY a SMALLINT UNSIGNED")])[0].sentence;
    assert_eq!(sentence, "column `t`.`a` becomes SMALLINT UNSIGNED, which cannot hold all that INT could");
}
