//! What a person, or a program, is told.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::cli::{self, Command, Common, Console, Invocation, Place};
use kseekers_migrator::{Migrator, SqlFile, exit};
use mysql_async::OptsBuilder;
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};

use crate::waits::until_shown;
use crate::{DATABASES, Files, connect, execute, rows, set, tables};

mod schema;
mod unfinished;

pub(crate) const NOTES: Files = &[
    ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY); INSERT INTO notes VALUES (1)"),
    ("R01_notes.sql", "DROP TABLE notes"),
    ("02_more_notes.sql", "INSERT INTO notes VALUES (2)"),
    ("R02_more_notes.sql", "DELETE FROM notes WHERE id = 2"),
];

/// Exit code, output and errors; times replaced, as no two runs have the same.
pub(crate) async fn run(db: &TestDatabase, files: Files, args: &[&str]) -> (u8, String, String) {
    let sample = vec![SqlFile::new("sample.sql", "INSERT IGNORE INTO notes VALUES (3)")];
    run_in(Place::new(db.opts(), set(files)).with_sample(sample), args).await
}

pub(crate) async fn run_in(place: Place, args: &[&str]) -> (u8, String, String) {
    let Invocation { command: Command::Database(operation), common, .. } =
        cli::parse(args.iter().copied()).unwrap()
    else {
        panic!("{args:?}")
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(operation, place, &common, &mut Console::new(&mut out, &mut err)).await;
    if common.json {
        crate::answers::assert_described(&out);
    }
    (code, timeless(&out), timeless(&err))
}

fn timeless(output: &[u8]) -> String {
    let text = String::from_utf8(output.to_vec()).unwrap();
    let word = |word: &str| {
        let is_time =
            word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_digit() || b".-:".contains(&byte));
        if is_time { "T".repeat(word.len().min(4)) } else { word.to_owned() }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn up_status_and_down_tell_what_they_did() {
    let db = DATABASES.take().await;
    let status = "Version  Name        State    Applied (UTC)\n\
                  01       notes       pending\n\
                  02       more notes  pending\n\
                  Nothing is applied, 2 pending: run `up`.";
    assert_eq!(run(&db, NOTES, &["status"]).await, (0, status.to_owned(), String::new()));

    let up = "01_notes.sql          2 statements     TTTT s\n\
              02_more_notes.sql     1 statement      TTTT s\n\
              Applied 2 migrations: the schema is at 02.";
    assert_eq!(run(&db, NOTES, &["up"]).await, (0, up.to_owned(), String::new()));
    let nothing = "Nothing to do: the schema is at 02.";
    assert_eq!(run(&db, NOTES, &[]).await, (0, nothing.to_owned(), String::new()));

    let status = "Version  Name        State    Applied (UTC)\n\
                  01       notes       applied  TTTT TTTT\n\
                  02       more notes  applied  TTTT TTTT\n\
                  The schema is at 02.";
    assert_eq!(run(&db, NOTES, &["status"]).await, (0, status.to_owned(), String::new()));

    let down = "R02_more_notes.sql    1 statement      TTTT s\nRolled back 1 migration: the schema is at 01.";
    assert_eq!(run(&db, NOTES, &["down", "--target", "01"]).await, (0, down.to_owned(), String::new()));
    let down = "R01_notes.sql         1 statement      TTTT s\nRolled back 1 migration: nothing is applied.";
    assert_eq!(run(&db, NOTES, &["down"]).await, (0, down.to_owned(), String::new()));
}

#[tokio::test]
async fn each_kind_of_error_has_an_exit_code_and_a_next_step() {
    let db = DATABASES.take().await;
    run(&db, NOTES, &["up"]).await;
    let (code, out, err) = run(&db, &NOTES[..2], &["status"]).await;
    assert_eq!(code, exit::DRIFT);
    assert!(out.ends_with("02       more notes  not ours  TTTT TTTT"), "{out}");
    assert_eq!(err, "Error: Version 02 (more notes) is applied to this database, but we have no such file.");

    let (code, out, err) = run(&db, NOTES, &["up", "--target", "07"]).await;
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (exit::USAGE, "", "Error: There is no migration 07. There are: 01, 02")
    );

    execute(&db, "DROP TABLE notes; DELETE FROM schema_migrations WHERE version = '02'").await;
    let (code, out, err) = run(&db, NOTES, &["up"]).await;
    assert_eq!((code, out.as_str()), (exit::FAILED, "02_more_notes.sql     1 statement     failed"));
    assert!(err.starts_with("Error: 02_more_notes.sql, line 1, statement 1 of 1: Table '"), "{err}");

    execute(&db, "UPDATE schema_migrations SET state = 'running'").await;
    let (code, _, err) = run(&db, NOTES, &["status"]).await;
    assert_eq!(code, exit::DIRTY);
    assert!(err.starts_with("Error: Version 01 was begun and not finished"), "{err}");
}

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
async fn a_database_that_answers_is_not_waited_for() {
    let db = DATABASES.take().await;
    let answers = "The database answers.".to_owned();
    assert_eq!(run(&db, NOTES, &["wait"]).await, (exit::DONE, answers, String::new()));
    let place = |opts: OptsBuilder| Place::new(opts, set(NOTES));
    let to_be_made = OptsBuilder::from_opts(db.opts()).db_name(Some("not_there"));
    let (code, out, _) = run_in(place(to_be_made), &["wait"]).await;
    assert_eq!(
        (code, out.as_str()),
        (exit::DONE, "The server answers; it has no database not_there: `setup` creates it.")
    );
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = OptsBuilder::from_opts(db.opts()).tcp_port(free);
    let (code, out, err) = run_in(place(nobody), &["wait", "--timeout", "1"]).await;
    assert_eq!(code, exit::FAILED);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("Not yet: Cannot connect"), "{out}");
    assert!(err.starts_with("Error: The database did not answer within 1 s."), "{err}");
}

#[tokio::test]
async fn another_runner_has_an_exit_code_of_its_own() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "INSERT INTO gate VALUES (1)")];
    execute(&db, "CREATE TABLE gate (id INT PRIMARY KEY)").await;
    let mut gate = connect(&db).await;
    gate.query_drop("LOCK TABLES gate WRITE").await.unwrap();
    let place = Place::new(db.opts(), set(files));
    let first = tokio::spawn(async move { run_in(place, &["up", "--lock-wait-timeout", "60"]).await });
    until_shown(&db, "INSERT INTO gate%").await;
    let (code, _, err) = run(&db, files, &["up", "--lock-timeout", "1"]).await;
    assert_eq!(code, exit::LOCKED, "{err}");
    let (code, out, err) = run(&db, files, &["status"]).await;
    assert_eq!(code, exit::LOCKED, "{err}");
    assert!(out.contains("01       a     unfinished"), "{out}");
    assert!(err.starts_with("Error: A run is at version 01 just now: connection "), "{err}");
    gate.query_drop("UNLOCK TABLES").await.unwrap();
    assert_eq!(first.await.unwrap().0, exit::DONE);
}

#[tokio::test]
async fn what_is_pending_can_be_asked_by_exit_code() {
    let db = DATABASES.take().await;
    assert_eq!(run(&db, NOTES, &["status"]).await.0, exit::DONE);
    assert_eq!(run(&db, NOTES, &["status", "--exit-code"]).await.0, exit::PENDING);
    run(&db, NOTES, &["up"]).await;
    assert_eq!(run(&db, NOTES, &["status", "--exit-code"]).await.0, exit::DONE);
}

#[tokio::test]
async fn a_plan_shows_each_statement_to_a_user_who_may_only_read() {
    let db = DATABASES.take().await;
    let user = format!("reader_{}", db.name());
    let user = &user[..user.len().min(32)];
    execute(
        &db,
        &format!("CREATE USER '{user}' IDENTIFIED BY 'pw'; GRANT SELECT ON `{}`.* TO '{user}'", db.name()),
    )
    .await;
    let as_reader = || {
        let opts = OptsBuilder::from_opts(db.opts()).user(Some(user)).pass(Some("pw"));
        Place::new(opts, set(NOTES))
    };
    let plan = "01_notes.sql\n  line 1, schema\n    CREATE TABLE notes (id INT PRIMARY KEY)\n  line 1, data\n    \
                INSERT INTO notes VALUES (1)\n02_more_notes.sql\n  line 1, data\n    INSERT INTO notes VALUES (2)\n\
                2 migrations would be applied.";
    for args in [&["plan"][..], &["up", "--dry-run"]] {
        assert_eq!(run_in(as_reader(), args).await, (exit::PENDING, plan.to_owned(), String::new()));
    }
    assert!(tables(&db).await.is_empty());

    run(&db, NOTES, &["up"]).await;
    let nothing = "Nothing to do: the schema is at 02.";
    assert_eq!(run_in(as_reader(), &["plan"]).await, (exit::DONE, nothing.to_owned(), String::new()));
    let (code, out, _) = run_in(as_reader(), &["down", "--dry-run", "--target", "1"]).await;
    assert_eq!(code, exit::PENDING);
    assert!(out.starts_with("R02_more_notes.sql\n  line 1, data\n    DELETE FROM notes"), "{out}");
    assert_eq!(tables(&db).await, ["notes", "schema_migrations"]);
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
async fn a_run_knows_the_version_that_it_leaves() {
    let db = DATABASES.take().await;
    let mut migrator = Migrator::connect(db.opts(), set(NOTES)).await.unwrap();
    let target = |version: &str| version.parse().ok();
    assert_eq!(migrator.down(None).await.unwrap().version, None);
    assert_eq!(migrator.up(target("1")).await.unwrap().version.as_deref(), Some("01"));
    assert_eq!(migrator.up(None).await.unwrap().version.as_deref(), Some("02"));
    assert_eq!(migrator.up(target("1")).await.unwrap().version.as_deref(), Some("02"));
    assert_eq!(migrator.down(target("1")).await.unwrap().version.as_deref(), Some("01"));
    assert_eq!(migrator.down(None).await.unwrap().version, None);
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

#[tokio::test]
async fn down_in_production_wants_the_name_of_the_database() {
    let db = DATABASES.take().await;
    let place = || Place::new(db.opts(), set(NOTES)).with_production(true);
    run_in(place(), &["up"]).await;
    let expected = format!(
        "Error: `down` takes tables back with all that they hold. To confirm it, name the database: --confirm {}. \
         Nothing was changed",
        db.name()
    );
    for args in [&["down"][..], &["down", "--confirm", "another"]] {
        assert_eq!(run_in(place(), args).await, (exit::USAGE, String::new(), expected.clone()));
    }
    // A wrong name is no confirmation anywhere.
    assert_eq!(run(&db, NOTES, &["down", "--confirm", "another"]).await.0, exit::USAGE);
    assert_eq!(tables(&db).await, ["notes", "schema_migrations"]);
    assert_eq!(run_in(place(), &["down", "--confirm", db.name()]).await.0, exit::DONE);
    assert_eq!(tables(&db).await, ["schema_migrations"]);
}

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

#[tokio::test]
async fn setup_can_load_sample_data() {
    let db = DATABASES.take().await;
    let expected = format!(
        "01_notes.sql          2 statements     TTTT s\n\
         02_more_notes.sql     1 statement      TTTT s\n\
         sample.sql            1 statement      TTTT s\n\
         Database {} was there already. Applied 2 migrations: the schema is at 02. Sample data is loaded.",
        db.name()
    );
    assert_eq!(run(&db, NOTES, &["setup", "--sample"]).await, (0, expected, String::new()));
    assert_eq!(rows::<i32>(&db, "SELECT id FROM notes ORDER BY id").await, [1, 2, 3]);
    assert_eq!(tables(&db).await, ["notes", "schema_migrations"]);
}

#[test]
fn create_tells_the_number_and_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let create = |name: &str, common: &Common| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = cli::create(dir.path(), name, common, &mut Console::new(&mut out, &mut err));
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    let folder = dir.path().display();
    let expected = format!(
        "  {folder}/01_add_notes.sql\n  {folder}/R01_add_notes.sql\n\
         Created migration 01. Write the statements into both files, then run `up`.\n"
    );
    assert_eq!(create("add notes", &Common::default()), (0, expected, String::new()));
    let (code, _, err) = create("a/b", &Common::default());
    assert_eq!(code, exit::USAGE);
    assert!(err.starts_with("Error: `a/b` cannot name a migration"), "{err}");

    let json = cli::parse(["create", "--name", "more", "--json"]).unwrap().common;
    let answer: Value = serde_json::from_str(&create("more", &json).1).unwrap();
    assert_eq!(answer["written"], json!([format!("{folder}/02_more.sql"), format!("{folder}/R02_more.sql")]));
}

#[test]
fn a_wrong_usage_is_told_in_json_where_that_was_asked_for() {
    let mut out = Vec::new();
    let error = cli::parse(["upp", "--json"]).unwrap_err();
    assert_eq!(error.tell(&mut Console::new(&mut out, Vec::new())), exit::USAGE);
    let answer: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(answer["message"], "There is no command `upp`. See --help");
}
