//! What the real client executes, as the server's log tells it, and what we make of the same files.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail in the shortest way")]

mod client;

use std::fs;
use std::path::{Path, PathBuf};

use client::{Client, Comments, Sent};
use kseekers_migrator::{Statement, split};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty());
    files
}

/// What we would send, with the `\n` that the client makes of every line end.
fn ours(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let statements = split(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    statements.iter().map(|statement| statement.text.replace("\r\n", "\n")).collect()
}

fn digest(text: &str) -> String {
    // The server takes semicolons off the end before it writes its log.
    Statement { text: text.trim_end_matches(';'), line: 1 }.digest()
}

fn assert_same(file: &Path, mut sent: Sent) {
    assert!(sent.success, "{}: {}", file.display(), sent.said);
    // The client sends comments that stand alone, too. Semicolons within end nothing: each is one statement.
    sent.statements.retain(|sent| !split(&format!("DELIMITER §§\n{sent}")).unwrap().is_empty());
    let ours = ours(file);
    for (ours, theirs) in ours.iter().zip(&sent.statements) {
        assert_eq!(digest(ours), digest(theirs), "{}\nwe: {ours}\nthe client: {theirs}", file.display());
    }
    assert_eq!(ours.len(), sent.statements.len(), "{}", file.display());
}

#[tokio::test]
async fn every_file_is_cut_as_the_client_cuts_it() {
    let client = Client::start().await;
    for file in files("") {
        assert_same(&file, client.run(&file, Comments::Kept).await);
    }
}

#[tokio::test]
async fn what_the_client_takes_for_a_comment_does_not_count_for_us() {
    let client = Client::start().await;
    // MariaDB's client takes hints for comments; to the server they are none.
    for file in files("").iter().filter(|file| !file.ends_with("hints.sql")) {
        assert_same(file, client.run(file, Comments::TakenOut).await);
    }
}

#[tokio::test]
async fn a_file_that_we_refuse_is_not_executed_to_its_end_by_the_client_either() {
    let client = Client::start().await;
    for file in files("refused") {
        assert!(split(&fs::read_to_string(&file).unwrap()).is_err(), "{}", file.display());
        for comments in [Comments::Kept, Comments::TakenOut] {
            let sent = client.run(&file, comments).await.statements;
            assert!(sent.contains(&"SELECT 1".to_owned()), "{}: {sent:?}", file.display());
            assert!(!sent.contains(&"SELECT 'not sent'".to_owned()), "{}: {sent:?}", file.display());
        }
    }
}
