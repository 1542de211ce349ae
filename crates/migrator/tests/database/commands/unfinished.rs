//! The commands for a file that was begun and not finished.

use serde_json::{Value, json};

use super::run;
use crate::{DATABASES, Files, execute, ledger, rows};

const CALLS: Files = &[
    ("01_a.sql", "CREATE TABLE a (id INT);\nCALL fill();\nINSERT INTO a VALUES (2)"),
    ("R01_a.sql", "DROP TABLE a"),
];

#[tokio::test]
async fn a_run_that_cannot_tell_how_to_go_on_names_the_statement_and_is_resumed_once_confirmed() {
    let db = DATABASES.take().await;
    run(&db, CALLS, &["up"]).await;
    let (code, out, _) = run(&db, CALLS, &["up", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["outcome"]), (12, &json!("dirty")));
    let stopped = json!({
        "file": "01_a.sql", "version": "01", "direction": "up", "number": 2, "of": 3, "line": 2, "text": "CALL fill()"
    });
    assert_eq!(answer["stopped_at"], stopped);

    let (code, _, err) = run(&db, CALLS, &["resume"]).await;
    let question = "Error: 01_a.sql was begun and not finished: nothing shows whether this statement took effect.\n\
                    statement 2 of 3, line 2: CALL fill()\nRun it, and the rest after it? Nobody can be asked here: \
                    confirm it with --yes. Nothing was changed";
    assert_eq!((code, err.as_str()), (2, question));

    execute(&db, "CREATE PROCEDURE fill() INSERT INTO a VALUES (1)").await;
    let (code, out, _) = run(&db, CALLS, &["resume", "--yes"]).await;
    assert_eq!(code, 0);
    assert!(out.starts_with("Going on with 01_a.sql: 1 of 3 statements are done.\n01_a.sql "), "{out}");
    assert!(out.ends_with("\nApplied 1 migration: the schema is at 01."), "{out}");
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a ORDER BY id").await, [1, 2]);
}

#[tokio::test]
async fn a_statement_is_left_out_once_confirmed() {
    let db = DATABASES.take().await;
    run(&db, CALLS, &["up"]).await;
    let (_, _, err) = run(&db, CALLS, &["resume", "--skip-statement"]).await;
    assert!(err.contains("Leave it out, and run the rest after it? Nobody can be asked"), "{err}");
    assert_eq!(run(&db, CALLS, &["resume", "--skip-statement", "--yes"]).await.0, 0);
    assert_eq!(rows::<u64>(&db, "SELECT id FROM a").await, [2]);
}

#[tokio::test]
async fn no_password_of_a_statement_is_shown() {
    let db = DATABASES.take().await;
    let files: Files =
        &[("01_a.sql", "CALL nowhere('for'); ALTER USER nobody_here IDENTIFIED BY 'wonderful'")];
    for args in [&["plan"][..], &["plan", "--json"], &["up"]] {
        let (_, out, err) = run(&db, files, args).await;
        assert!(!(out + &err).contains("wonderful"), "{args:?}");
    }
    // What an earlier run has begun.
    run(&db, files, &["resume", "--skip-statement", "--yes"]).await;
    execute(&db, "UPDATE schema_migrations_journal SET state = 'started' WHERE statement = 2").await;
    for args in [&["up"][..], &["up", "--json"]] {
        let (code, out, err) = run(&db, files, args).await;
        assert_eq!(code, 12);
        let said = out + &err;
        assert!(said.contains("ALTER USER nobody_here IDENTIFIED BY '…'"), "{said}");
        assert!(!said.contains("wonderful"), "{said}");
    }
}

#[tokio::test]
async fn a_begun_file_is_marked_once_confirmed() {
    let db = DATABASES.take().await;
    for (mark, message, left) in [
        ("mark-applied", "Migration 01 counts as applied: the schema is at 01.", 1),
        ("mark-rolled-back", "Migration 01 counts as not applied: nothing is applied.", 0),
    ] {
        execute(&db, "DROP TABLE IF EXISTS a, schema_migrations, schema_migrations_journal").await;
        run(&db, CALLS, &["up"]).await;
        let (code, _, err) = run(&db, CALLS, &[mark, "--version", "01"]).await;
        assert_eq!(code, 2);
        assert!(err.contains("Nothing is run. Is the schema so? Nobody can be asked here"), "{err}");
        let marked = run(&db, CALLS, &[mark, "--version", "01", "--yes"]).await;
        assert_eq!(marked, (0, message.to_owned(), String::new()));
        assert_eq!(ledger(&db).await.len(), left);
    }
}
