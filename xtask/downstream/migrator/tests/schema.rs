//! The program as a deployment calls it, on a real database.

use std::process::Command;

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases = TestDatabases::empty();

/// The exit code and what was said.
fn schema(database: &TestDatabase, command: &str) -> (i32, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_notes-schema"));
    program.args([concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"), &database.url()]);
    let output = program.args(command.split(' ')).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

#[tokio::test]
async fn the_schema_goes_up_and_down_and_says_where_it_is() {
    let database = DATABASES.take().await;
    let says = |command: &str, words: &[&str]| {
        let (code, said) = schema(&database, command);
        assert_eq!(code, 0, "{command}: {said}");
        for word in words {
            assert!(said.contains(word), "{command} does not say {word}: {said}");
        }
    };
    says("status", &["2 pending"]);
    says("lint", &["Nothing was found in 4 files"]);
    says("up", &["Applied 2 migrations"]);
    says("up", &["Nothing to do"]);
    says("status", &["notes", "authors"]);
    says("down --target 01", &["Rolled back 1 migration"]);
    says("status", &["1 pending"]);
    says("down", &["Rolled back 1 migration"]);
    says("status", &["2 pending"]);
}

#[tokio::test]
async fn what_cannot_be_done_ends_with_another_exit_code() {
    let database = DATABASES.take().await;
    assert_eq!(schema(&database, "sideways").0, 2);
    let (code, said) = schema(&database, "up --target 07");
    assert_eq!(code, 2, "{said}");
}
