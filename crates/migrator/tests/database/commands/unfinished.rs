//! The commands for a file that was begun and not finished.

use std::io::{self, BufReader, Read};

use kseekers_migrator::cli::{self, Command, Common, Console, Place};
use kseekers_migrator::{Migrator, Resume};
use serde_json::{Value, json};

use super::run;
use crate::{DATABASES, Files, execute, ledger, rows, set};

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

#[tokio::test]
async fn only_what_was_begun_and_not_finished_can_be_decided_about() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "DO 0")];
    for _ in 0..2 {
        let nothing = "Error: There is nothing to resume: no file was begun and not finished";
        assert_eq!(run(&db, files, &["resume", "--yes"]).await, (2, String::new(), nothing.to_owned()));
        for mark in ["mark-applied", "mark-rolled-back"] {
            let (code, _, err) = run(&db, files, &[mark, "--version", "01", "--yes"]).await;
            let refusal = "Error: Migration 01 is not one that was begun and not finished";
            assert!(code == 2 && err.starts_with(refusal), "{err}");
        }
        run(&db, files, &["up"]).await;
    }
    run(&db, CALLS, &["up"]).await;
    let (code, _, err) = run(&db, CALLS, &["mark-applied", "--version", "02", "--yes"]).await;
    assert!(code == 2 && err.starts_with("Error: Migration 02 is not one"), "{err}");
}

/// Says yes, but only when another run has gone on.
struct SlowToAnswer(Option<Box<dyn FnOnce() + Send>>);

impl Read for SlowToAnswer {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(meanwhile) = self.0.take() else { return Ok(0) };
        std::thread::spawn(meanwhile).join().unwrap();
        to[..2].copy_from_slice(b"y\n");
        Ok(2)
    }
}

#[tokio::test]
async fn a_yes_to_what_is_not_so_any_more_does_nothing() {
    for args in [
        &["resume"] as &[_],
        &["resume", "--skip-statement"],
        &["mark-applied", "--version", "01"],
        &["mark-rolled-back", "--version", "01"],
    ] {
        let db = DATABASES.take().await;
        run(&db, CALLS, &["up"]).await;
        let opts = db.opts();
        let meanwhile = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut other = Migrator::connect(opts, set(CALLS)).await.unwrap();
                let unfinished = other.unfinished().await.unwrap().unwrap();
                other.resume(&unfinished, Resume::SkipStatement).await.unwrap();
                other.close().await;
            });
        };
        let Command::Database(operation) = cli::parse(args.iter().copied()).unwrap().command else {
            panic!("{args:?}")
        };
        let mut err = Vec::new();
        let slow = BufReader::new(SlowToAnswer(Some(Box::new(meanwhile))));
        let mut console = Console::new(Vec::new(), &mut err).with_input(slow);
        let place = Place::new(db.opts(), set(CALLS));
        assert_eq!(cli::run(operation, place, &Common::default(), &mut console).await, 2, "{args:?}");
        drop(console);
        let err = String::from_utf8(err).unwrap();
        let refusal = "Error: 01_a.sql is not as it was when this was decided: no file is unfinished any more. Nothing was \
                       done. Look at the database, then decide anew\n";
        assert!(err.ends_with(refusal), "{args:?}: {err}");
        assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
    }
}
