//! What is said where files and database differ.

use kseekers_migrator::{Migrator, exit};

use super::{NOTES, run};
use crate::{DATABASES, Files, execute, set};

#[tokio::test]
async fn a_step_that_comes_too_late_is_told_before_anybody_runs_it() {
    let db = DATABASES.take().await;
    let later = &[("02_two.sql", "DO 2"), ("R02_two.sql", "DO 0")];
    run(&db, later, &["up"]).await;
    let with_gap = &[
        ("01_one.sql", "DO 1"),
        ("R01_one.sql", "DO 0"),
        ("02_two.sql", "DO 2"),
        ("R02_two.sql", "DO 0"),
        ("03_three.sql", "DO 3"),
        ("R03_three.sql", "DO 0"),
    ];
    let (code, out, err) = run(&db, with_gap, &["status"]).await;
    assert_eq!(code, exit::DRIFT);
    assert!(out.ends_with("01       one    too late\n03       three  pending"), "{out}");
    assert_eq!(
        err,
        "Error: 01_one.sql comes too late: 02_two.sql is applied already. Numbers only grow: give it a number after 02."
    );
    assert_eq!(run(&db, with_gap, &["up"]).await.0, exit::DRIFT);
}

#[tokio::test]
async fn a_file_with_another_comment_is_warned_of_and_stops_nothing() {
    let db = DATABASES.take().await;
    run(&db, &[("01_one.sql", "DO 1;"), ("R01_one.sql", "DO 0;")], &["up"]).await;
    let commented = &[("01_one.sql", "-- One.\nDO 1;"), ("R01_one.sql", "DO 0;")];
    for args in [&["status"][..], &["plan"], &["up"]] {
        let (code, _, err) = run(&db, commented, args).await;
        assert_eq!(code, exit::DONE, "{err}");
        assert!(err.starts_with("Warning: 01_one.sql is written differently"), "{args:?}: {err}");
    }
    let mut migrator = Migrator::connect(db.opts(), set(commented)).await.unwrap();
    assert_eq!(migrator.up(None).await.unwrap().warnings, migrator.status().await.unwrap().warnings);
    // What is not applied any more may be written as it wants.
    assert_eq!(migrator.down(None).await.unwrap().warnings, []);
}

#[tokio::test]
async fn what_changed_in_an_applied_file_is_shown() {
    const CHANGED: Files = &[
        ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY);\nINSERT INTO notes VALUES (7)"),
        NOTES[1],
        NOTES[2],
        NOTES[3],
    ];
    let db = DATABASES.take().await;
    run(&db, NOTES, &["up"]).await;
    for args in [&["status"][..], &["plan"], &["up"], &["down", "--dry-run"]] {
        let (code, _, err) = run(&db, CHANGED, args).await;
        assert_eq!(code, exit::DRIFT, "{err}");
        let expected = "Error: 01_notes.sql is not the text that was applied to this database: statement 2 (line 2, \
                        `INSERT INTO notes VALUES (7)`) was another.";
        assert!(err.starts_with(expected) && !err.contains("too late"), "{args:?}: {err}");
    }
    // Without all rows of the journal nobody knows; to guess would mislead.
    execute(&db, "DELETE FROM schema_migrations_journal WHERE statement = 1").await;
    let (_, _, err) = run(&db, CHANGED, &["status"]).await;
    let expected = "Error: 01_notes.sql is not the text that was applied to this database: its checksum is ";
    assert!(err.starts_with(expected) && !err.contains("statement"), "{err}");
}
