//! What a person sees.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::cli::{self, Command, Place};
use kseekers_migrator::{Options, SqlFile};

use crate::{DATABASES, Files, execute, set, tables};

const NOTES: Files = &[
    ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY); INSERT INTO notes VALUES (1)"),
    ("R01_notes.sql", "DROP TABLE notes"),
    ("02_more_notes.sql", "INSERT INTO notes VALUES (2)"),
    ("R02_more_notes.sql", "DELETE FROM notes WHERE id = 2"),
];

/// Exit code, output and errors; times replaced, as no two runs have the same.
async fn run(db: &TestDatabase, files: Files, args: &[&str]) -> (u8, String, String) {
    let place = Place {
        opts: db.opts(),
        set: set(files),
        sample: vec![SqlFile::new("sample.sql", "INSERT IGNORE INTO notes VALUES (3)")],
        options: Options::default(),
    };
    let Ok(Command::Database(operation)) = cli::parse(args.iter().copied()) else { panic!("{args:?}") };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(operation, place, &mut out, &mut err).await;
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
async fn an_error_ends_with_code_one_and_a_next_step() {
    let db = DATABASES.take().await;
    run(&db, NOTES, &["up"]).await;
    let (code, out, err) = run(&db, &NOTES[..2], &["status"]).await;
    assert_eq!(code, 1);
    assert!(out.ends_with("02       more notes  not ours  TTTT TTTT"), "{out}");
    assert_eq!(err, "Version 02 (more notes) is applied to this database, but we have no such file.");

    let (code, out, err) = run(&db, NOTES, &["up", "--target", "07"]).await;
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (1, "", "Error: There is no migration 07. There are: 01, 02")
    );

    execute(&db, "DROP TABLE notes; DELETE FROM schema_migrations WHERE version = '02'").await;
    let (code, out, err) = run(&db, NOTES, &["up"]).await;
    assert_eq!((code, out.as_str()), (1, "02_more_notes.sql     1 statement    failed"));
    assert!(err.starts_with("Error: 02_more_notes.sql, line 1, statement 1 of 1: Table '"), "{err}");

    execute(&db, "UPDATE schema_migrations SET state = 'running'").await;
    let (code, _, err) = run(&db, NOTES, &["status"]).await;
    assert_eq!(code, 1);
    assert!(err.starts_with("Version 01 was begun and not finished"), "{err}");
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
    assert_eq!(crate::rows::<i32>(&db, "SELECT id FROM notes ORDER BY id").await, [1, 2, 3]);
    assert_eq!(tables(&db).await, ["notes", "schema_migrations"]);
}

#[test]
fn create_tells_the_number_and_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(cli::create(dir.path(), "add notes", &mut out, &mut err), 0);
    let folder = dir.path().display();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        format!(
            "Created migration 01:\n  {folder}/01_add_notes.sql\n  {folder}/R01_add_notes.sql\n\
             Write the statements into both, then run `up`.\n"
        )
    );
    assert_eq!(cli::create(dir.path(), "a/b", &mut Vec::new(), &mut err), 1);
    assert!(String::from_utf8(err).unwrap().starts_with("Error: `a/b` cannot name a migration"));
}
