//! `verify`, `dump` and `baseline`.

use kseekers_migrator::exit;
use serde_json::Value;

use super::{NOTES, run};
use crate::{DATABASES, Files, execute, rows, tables};

#[tokio::test]
async fn verify_tells_that_the_history_leads_back_and_there_again() {
    let db = DATABASES.take().await;
    let (code, out, err) = run(&db, NOTES, &["verify"]).await;
    let expected = "01_notes.sql          2 statements     TTTT s\n\
                    02_more_notes.sql     1 statement      TTTT s\n\
                    R02_more_notes.sql    1 statement      TTTT s\n\
                    R01_notes.sql         1 statement      TTTT s\n\
                    01_notes.sql          2 statements     TTTT s\n\
                    02_more_notes.sql     1 statement      TTTT s\n\
                    2 migrations tried out in a scratch database: down and up again gives the same schema.";
    assert_eq!((code, out.as_str(), err.as_str()), (exit::DONE, expected, ""));
    assert_eq!(tables(&db).await, [""; 0]);

    const ONE_WAY: Files = &[NOTES[0], NOTES[2]];
    let (_, out, _) = run(&db, ONE_WAY, &["verify"]).await;
    let end = " Not taken back, as they say themselves: 01_notes.sql, 02_more_notes.sql.";
    assert!(out.ends_with(end), "{out}");
}

#[tokio::test]
async fn verify_ends_with_an_exit_code_of_its_own_where_a_way_back_leads_elsewhere() {
    let db = DATABASES.take().await;
    const FILES: Files = &[NOTES[0], ("R01_notes.sql", "DELETE FROM notes"), NOTES[2], NOTES[3]];
    let (code, _, err) = run(&db, FILES, &["verify"]).await;
    assert_eq!(code, exit::DRIFT);
    assert_eq!(
        err,
        "Error: After R01_notes.sql the schema is not what it was before 01_notes.sql. Lost (-) or left (+) is:\n  \
         + CREATE TABLE `notes`\n\
         Mend the way back, then run `verify` again."
    );

    let (code, out, _) = run(&db, FILES, &["verify", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["outcome"]), (exit::DRIFT, &Value::from("drift")));
    assert_eq!(answer["files"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn verify_warns_of_what_an_earlier_trial_left() {
    let db = DATABASES.take().await;
    let left = format!("{}_scratch_0123456789abcdef", db.name());
    execute(&db, &format!("CREATE DATABASE {left}")).await;
    let (code, _, err) = run(&db, NOTES, &["verify"]).await;
    let expected = format!(
        "Warning: {left} was left behind by a run that was cut off, and nobody on this server uses it: DROP DATABASE `{left}`;"
    );
    assert_eq!((code, err), (exit::DONE, expected));
    execute(&db, &format!("DROP DATABASE {left}")).await;
}

#[tokio::test]
async fn a_dump_is_the_answer_or_a_file() {
    let db = DATABASES.take().await;
    run(&db, NOTES, &["up"]).await;
    let (code, dump, err) = run(&db, NOTES, &["dump"]).await;
    assert_eq!((code, err.as_str()), (exit::DONE, ""));
    assert!(dump.contains("CREATE TABLE `notes`") && !dump.contains("schema_migrations"), "{dump}");

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("schema.sql");
    let path = file.to_str().unwrap();
    let expected = format!("  {path}\nThe schema is written, without rows.");
    assert_eq!(run(&db, NOTES, &["dump", "--output", path]).await, (exit::DONE, expected, String::new()));
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim_end(), dump);

    let (_, out, _) = run(&db, NOTES, &["dump", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["schema"].as_str().unwrap().trim_end(), dump);

    let nowhere = dir.path().join("nowhere/schema.sql");
    let (code, _, err) = run(&db, NOTES, &["dump", "--output", nowhere.to_str().unwrap()]).await;
    assert_eq!(code, exit::FAILED);
    assert!(err.starts_with(&format!("Error: Cannot write {}: ", nowhere.display())), "{err}");
}

#[tokio::test]
async fn a_baseline_is_confirmed_and_then_up_goes_on_from_there() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE notes (id INT PRIMARY KEY); CREATE TABLE theirs (id INT)").await;
    let question = format!(
        "Error: If its schema is that of 01, database {} counts as migrated up to there from now on, and `down` will \
         never go below. Shall it? Nobody can be asked here: confirm it with --yes. Nothing was changed",
        db.name()
    );
    let baseline = ["baseline", "--target", "1"];
    assert_eq!(run(&db, NOTES, &baseline).await, (exit::USAGE, String::new(), question));
    assert_eq!(tables(&db).await, ["notes", "theirs"]);

    let (code, out, err) = run(&db, NOTES, &[&baseline[..], &["--yes"]].concat()).await;
    let expected = "01_notes.sql          2 statements     TTTT s\n\
                    1 migration tried out in a scratch database, taken as applied here: the schema is at 01.";
    assert_eq!((code, out.as_str()), (exit::DONE, expected));
    assert_eq!(err, "Warning: table theirs is not ours. It was left as it is.");

    assert_eq!(run(&db, NOTES, &["up"]).await.0, exit::DONE);
    assert_eq!(rows::<i32>(&db, "SELECT id FROM notes").await, [2]);
}

#[tokio::test]
async fn a_baseline_of_another_schema_is_drift() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE notes (id BIGINT PRIMARY KEY)").await;
    let (code, _, err) = run(&db, NOTES, &["baseline", "--yes"]).await;
    assert_eq!(code, exit::DRIFT);
    assert!(
        err.starts_with("Error: The schema is not that of 02:\n  notes.id is bigint, ours is int\n"),
        "{err}"
    );
    run(&db, &[], &["baseline", "--yes"]).await;
    assert_eq!(tables(&db).await, ["notes"]);
}
