//! What a person, or a program, is told.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::cli::{self, Command, Connecting, Console, Invocation, Place};
use kseekers_migrator::{Migrator, Options, SqlFile, exit};
use mysql_async::prelude::Queryable;
use mysql_async::{Opts, OptsBuilder};

use crate::waits::until_shown;
use crate::{DATABASES, Files, connect, execute, rows, set, tables};

mod create;
mod drift;
mod json;
mod plan;
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
async fn a_statement_that_takes_long_is_shown_while_it_runs() {
    let db = DATABASES.take().await;
    let (code, out, err) = run(&db, &[("01_a.sql", "DO SLEEP(12)")], &["up"]).await;
    assert_eq!(code, exit::DONE, "{out}{err}");
    // After ten seconds; it is not shown where it is quick.
    let shown = out.lines().filter(|line| line.contains("DO SLEEP(12)")).count();
    assert_eq!(shown, 1, "{out}{err}");
}

#[tokio::test]
async fn a_connection_that_was_begun_while_the_files_were_read_is_that_of_the_run() {
    let db = DATABASES.take().await;
    // Nobody is there.
    let elsewhere: Opts = OptsBuilder::from_opts(db.opts()).ip_or_hostname("127.0.0.1").tcp_port(1).into();
    for (args, expected) in [(["up"], 0), (["status"], 1)] {
        let Invocation { command: Command::Database(operation), common, .. } = cli::parse(args).unwrap()
        else {
            panic!("{args:?}")
        };
        let connecting = Connecting::begin(&operation, &db.opts(), Options::default(), &common);
        let place = Place::new(elsewhere.clone(), set(NOTES));
        let mut console = Console::new(Vec::new(), Vec::new());
        let code = cli::run_connecting(connecting, operation, place, &common, &mut console).await;
        assert_eq!(code, expected, "{args:?}");
    }
    assert_eq!(rows::<u32>(&db, "SELECT COUNT(*) FROM notes").await, [2]);
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
