//! What `lint` advises is what the server takes, and what it says of locks is so.

use kseekers_migrator::{Finding, MigrationSet, Rule, lint};
use mysql_async::Error;
use mysql_async::prelude::Queryable;

use crate::history::FOLDER;
use crate::{DATABASES, connect};

const TABLES: &str = "
    CREATE TABLE cities (id INT PRIMARY KEY);
    CREATE TABLE people (
        id INT NOT NULL, city_id INT NULL, name VARCHAR(50) NOT NULL, bio TEXT, place POINT NOT NULL, PRIMARY KEY (id)
    );
    CREATE TABLE keyless (a INT NOT NULL)";

/// Runs statements on fresh tables.
async fn refused(sql: &str) -> Option<Error> {
    let db = DATABASES.take().await;
    let mut conn = connect(&db).await;
    conn.query_drop(TABLES).await.unwrap();
    let refused = conn.query_drop(sql).await.err();
    conn.disconnect().await.unwrap();
    refused
}

fn found(sql: &str) -> Vec<Finding> {
    let files = [("01_a.sql", TABLES), ("R01_a.sql", "DO 0"), ("02_b.sql", sql), ("R02_b.sql", "DO 0")];
    let files = files.map(|(name, text)| (name, text.to_owned()));
    let mut found = lint(&MigrationSet::from_files(files).unwrap()).unwrap();
    found.retain(|finding| finding.file == "02_b.sql");
    found
}

#[tokio::test]
async fn the_server_takes_the_form_that_is_advised_instead_of_one_that_is_found() {
    const FREE: &str = "ALGORITHM=INPLACE, LOCK=NONE";
    let key =
        "ALTER TABLE people ADD CONSTRAINT f FOREIGN KEY (city_id) REFERENCES cities (id) ON DELETE SET NULL";
    let unchecked = format!("SET foreign_key_checks = 0; {key}, {FREE}; SET foreign_key_checks = 1");
    for (found_fault_with, advised) in [
        ("ALTER TABLE people ADD KEY (name)", format!("ALTER TABLE people ADD KEY (name), {FREE}")),
        (
            "ALTER TABLE people ADD UNIQUE KEY (name)",
            format!("ALTER TABLE people ADD UNIQUE KEY (name), {FREE}"),
        ),
        (
            "CREATE INDEX i ON people (name)",
            "CREATE INDEX i ON people (name) ALGORITHM=INPLACE LOCK=NONE".to_owned(),
        ),
        (
            "ALTER TABLE people ADD COLUMN a INT UNIQUE",
            format!("ALTER TABLE people ADD COLUMN a INT UNIQUE, {FREE}"),
        ),
        (
            "ALTER TABLE keyless ADD PRIMARY KEY (a)",
            format!("ALTER TABLE keyless ADD PRIMARY KEY (a), {FREE}"),
        ),
        (key, unchecked),
    ] {
        assert_eq!(found(found_fault_with).len(), 1, "{found_fault_with}");
        assert_eq!(found(&advised), [], "{advised}");
        assert!(refused(&advised).await.is_none(), "{advised}: {:?}", refused(&advised).await);
    }
    let drop = format!("ALTER TABLE people DROP COLUMN bio, {FREE}");
    assert!(refused(&drop).await.is_none());
}

#[tokio::test]
async fn what_is_said_to_keep_writers_out_the_server_refuses_to_do_beside_them() {
    for (statement, rule) in [
        ("ALTER TABLE people ADD FULLTEXT KEY (bio)", Rule::LockingIndex),
        ("ALTER TABLE people ADD SPATIAL KEY (place)", Rule::LockingIndex),
        ("ALTER TABLE keyless ADD COLUMN id INT AUTO_INCREMENT PRIMARY KEY", Rule::LockingIndex),
        ("ALTER TABLE people ADD FOREIGN KEY (city_id) REFERENCES cities (id)", Rule::LockingForeignKey),
        ("ALTER TABLE people ADD COLUMN c INT REFERENCES cities (id)", Rule::LockingForeignKey),
    ] {
        assert_eq!(
            found(statement).iter().map(|finding| finding.rule).collect::<Vec<_>>(),
            [rule],
            "{statement}"
        );
        let refusal = refused(&format!("{statement}, LOCK=NONE")).await.unwrap().to_string();
        assert!(refusal.contains("LOCK=NONE is not supported"), "{statement}: {refusal}");
        assert!(refused(&format!("{statement}, LOCK=SHARED")).await.is_none(), "{statement}");
    }
    // MariaDB has no such indexes.
    let expression = "CREATE INDEX i ON people ((id + 1))";
    assert!(found(expression)[0].sentence.ends_with("as it is over an expression"));
    let refusal = refused(&format!("{expression} LOCK=NONE")).await.unwrap().to_string();
    assert!(refusal.contains("LOCK=NONE is not supported") || refusal.contains("MariaDB"), "{refusal}");
}

#[test]
fn our_own_history_has_nothing_but_what_is_waived_with_a_reason() {
    let set = MigrationSet::from_dir(FOLDER).unwrap();
    assert_eq!(lint(&set).unwrap(), []);
    let ways_back = set.iter().flat_map(|migration| &migration.down).map(|file| file.file().unwrap());
    let unwaived = set.iter().map(|migration| &migration.up).chain(ways_back);
    let unwaived =
        unwaived.map(|file| (file.name().to_owned(), file.text().replace("-- migrate: allow", "--")));
    let found = lint(&MigrationSet::from_files(unwaived).unwrap()).unwrap();
    let found: Vec<_> = found.iter().map(|finding| (&*finding.file, finding.rule)).collect();
    let expected = [
        ("02_one_time_codes.sql", Rule::LockingIndex),
        ("03_one_display_id_per_grid.sql", Rule::LockingForeignKey),
    ];
    assert_eq!(found, expected);
}

#[cfg(feature = "cli")]
mod command {
    use kseekers_migrator::cli::{self, Command, Console};
    use kseekers_migrator::{MigrationSet, exit};
    use serde_json::{Value, json};

    fn run(files: &[(&'static str, &'static str)], args: &[&str]) -> (u8, String, String) {
        let invocation = cli::parse(args.iter().copied()).unwrap();
        assert_eq!(invocation.command, Command::Lint);
        let set = MigrationSet::from_files(files.iter().copied()).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = cli::lint(&set, &invocation.common, &mut Console::new(&mut out, &mut err));
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    const FILES: &[(&str, &str)] = &[
        ("01_a.sql", "CREATE TABLE a (id INT);\n"),
        ("R01_a.sql", "DROP TABLE a"),
        ("1000_more.sql", "DO 0;\nDROP TABLE a, b;"),
        ("R1000_more.sql", "DO 0"),
    ];

    #[test]
    fn findings_stand_in_columns_with_advice_once_for_each_rule_and_end_with_an_error() {
        let (code, out, err) = run(FILES, &["lint"]);
        assert_eq!(code, exit::FAILED);
        let expected = "01_a.sql, line 1:      no-primary-key: table `a` has no primary key\n\
             1000_more.sql, line 2: drop-table:     drops table `a` with all that it holds\n\
             1000_more.sql, line 2: drop-table:     drops table `b` with all that it holds\n\
             \n\
             drop-table: First deploy programs that do not use it. No way back brings its rows back.\n\
             no-primary-key: Add a PRIMARY KEY: replication finds rows by it, and Galera needs it.\n";
        assert_eq!(out, expected);
        let expected = "Error: 3 findings in 2 files. What is right all the same is waived with its rule and the reason, \
             by a comment in the file or, if it is applied already, in its way back:\n\
             -- migrate: allow RULE: why it is right here\n";
        assert_eq!(err, expected);
    }

    #[test]
    fn nothing_found_is_told_and_ends_well() {
        let clean = [FILES[0], FILES[1]].map(|(name, text)| (name, text));
        let clean = [
            (clean[0].0, "-- migrate: allow no-primary-key: for the test\nCREATE TABLE a (id INT)"),
            clean[1],
        ];
        assert_eq!(
            run(&clean, &["lint"]),
            (exit::DONE, "Nothing was found in 2 files.\n".to_owned(), String::new())
        );
    }

    #[test]
    fn in_json_each_finding_has_its_advice() {
        let (code, out, err) = run(&FILES[..2], &["--json", "lint"]);
        assert_eq!((code, err.as_str()), (exit::FAILED, ""));
        crate::answers::assert_described(out.as_bytes());
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            (&answer["command"], &answer["exit_code"], &answer["outcome"]),
            (&json!("lint"), &json!(1), &json!("failed"))
        );
        let finding = json!([{
            "file": "01_a.sql",
            "line": 1,
            "rule": "no-primary-key",
            "sentence": "table `a` has no primary key",
            "advice": "Add a PRIMARY KEY: replication finds rows by it, and Galera needs it.",
        }]);
        assert_eq!(answer["findings"], finding);
    }
}
