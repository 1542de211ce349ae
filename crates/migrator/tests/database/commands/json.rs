//! Answers for programs.

use kseekers_migrator::cli::{self, Console};
use kseekers_migrator::exit;
use serde_json::{Value, json};

use super::{NOTES, run};
use crate::{DATABASES, execute};

#[tokio::test]
async fn an_answer_in_json_has_what_was_done_and_nothing_is_written_beside_it() {
    let db = DATABASES.take().await;
    let json = async |args: &[&str]| {
        let (_, out, err) = run(&db, NOTES, args).await;
        (serde_json::from_str::<Value>(&out).unwrap(), err)
    };
    let (plan, _) = json(&["plan", "--json", "--target", "1"]).await;
    assert_eq!(
        plan["statements"][1],
        json!({ "file": "01_notes.sql", "number": 2, "line": 1, "kind": "data", "text": "INSERT INTO notes VALUES (1)" })
    );
    let (up, progress) = json(&["up", "--json"]).await;
    assert_eq!(up["version"], "02");
    assert_eq!((&up["files"][0]["file"], &up["files"][0]["statements"]), (&json!("01_notes.sql"), &json!(2)));
    assert!(progress.starts_with("01_notes.sql          2 statements"), "{progress}");
    let (status, progress) = json(&["status", "--json"]).await;
    assert_eq!((&status["migrations"][1]["state"], progress.as_str()), (&json!("applied"), ""));

    execute(&db, "DROP TABLE notes; DELETE FROM schema_migrations").await;
    execute(&db, "CREATE TABLE notes (id INT PRIMARY KEY)").await;
    let (failed, _) = json(&["up", "--json"]).await;
    assert_eq!((&failed["exit_code"], &failed["outcome"]), (&json!(1), &json!("failed")));
    assert!(
        failed["message"].as_str().unwrap().starts_with("01_notes.sql, line 1, statement 1 of 2"),
        "{failed}"
    );
}

#[test]
fn a_wrong_usage_is_told_in_json_where_that_was_asked_for() {
    let mut out = Vec::new();
    let error = cli::parse(["upp", "--json"]).unwrap_err();
    assert_eq!(error.tell(&mut Console::new(&mut out, Vec::new())), exit::USAGE);
    let answer: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(answer["message"], "There is no command `upp`. See --help");
}
