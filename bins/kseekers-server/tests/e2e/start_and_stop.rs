//! How the process begins and ends.

use std::process::Command;

use crate::harness::{Database, SECRET, Server, command, sql, until};

/// A database server that nobody runs.
pub(crate) fn nowhere() -> Database {
    Database { port: 1, user: "root".to_owned(), password: "hunter2".to_owned(), name: "kseekers".to_owned() }
}

fn run(arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &nowhere(), settings).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn production_without_mail_or_secret_refuses_to_start_and_names_the_settings() {
    let told = |settings: &[(&str, &str)]| {
        let (code, text) = run(&[], settings);
        assert_eq!(code, Some(78), "{text}");
        text
    };
    let text = told(&[("secret", "changeme")]);
    assert!(text.contains("secret is a well-known example") && text.contains("\n  smtp_host "), "{text}");
    let text = told(&[("smtp_host", "mail.example.com")]);
    assert!(text.contains("\n  smtp_from "), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_serves_warns_of_missing_origins_and_prints_no_codes() {
    let database = Server::fresh_database().await;
    // Nobody answers there: what cannot be sent is told to the log, without the code.
    let settings = [("smtp_host", "127.0.0.1"), ("smtp_port", "1"), ("smtp_from", "codes@example.com")];
    let server = Server::start_as(&[], &(&database).into(), &settings);
    server.wait_for("cors_origins is not set");
    let client = server.client();
    assert_eq!(client.get("/health/ready").status, 200);
    let asked = client.post("/auth/otp/request", serde_json::json!({ "username_or_email": "admin" }));
    assert_eq!(asked.status, 200);
    let foreign = client.send("GET", "/lookup/types", &[("origin", "https://app.example.com")]);
    assert_eq!((foreign.status, foreign.header("access-control-allow-origin")), (200, None));
    assert!(!server.said().contains("One-time code"), "{}", server.said());
}

#[test]
fn what_would_stop_the_server_later_is_told_by_check_config() {
    for (setting, value) in [("migrations_dir", "nowhere"), ("smtp_from", "@"), ("cors_origins", "https://[")]
    {
        let (code, text) =
            run(&["dev", "--check-config"], &[("smtp_host", "x"), ("smtp_from", "a@b.c"), (setting, value)]);
        assert_eq!(code, Some(78), "{setting}: {text}");
        assert!(text.contains(setting) || text.contains(value), "{setting}: {text}");
    }
}

#[test]
fn check_config_tells_all_problems_at_once_and_no_secret() {
    let (code, text) =
        run(&["dev", "--check-config"], &[("db_port", "many"), ("jwt_expiry", "-1"), ("algorithm", "none")]);
    assert_eq!(code, Some(78), "{text}");
    for setting in ["db_port", "jwt_expiry", "algorithm"] {
        assert!(text.contains(setting), "{setting} in:\n{text}");
    }
    let (code, text) = run(&["dev", "--check-config"], &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains(SECRET) && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_wrong_command_line_says_how_it_is_used() {
    let (code, text) = run(&["serve", "--fast"], &[]);
    assert_eq!(code, Some(2));
    assert!(text.contains("Usage: kseekers-server"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_with_the_way_out() {
    let server = Server::start(&[]).await;
    let port = server.base.rsplit(':').next().unwrap().to_owned();
    let (code, text) = run(&["dev", "--port", &port], &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("--port"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_the_server_finishes_what_is_in_progress() {
    let mut server = Server::start(&[]).await;
    let database = server.database();
    // Holds the request back for as long as the lock is held.
    let mut lock = crate::harness::connect(&database).await;
    mysql_async::prelude::Queryable::query_drop(&mut lock, "LOCK TABLES lookup_types WRITE").await.unwrap();
    let client = server.client();
    let request = std::thread::spawn(move || client.get("/lookup/types").status);
    wait_until_blocked(&database).await;

    let killed = Command::new("kill").args(["-TERM", &server.pid().to_string()]).status().unwrap();
    assert!(killed.success());
    server.wait_for("requests in progress are finished first");
    mysql_async::prelude::Queryable::query_drop(&mut lock, "UNLOCK TABLES").await.unwrap();

    assert_eq!(request.join().unwrap(), 200);
    assert_eq!(server.ended(), Some(0));
    lock.disconnect().await.unwrap();
}

async fn wait_until_blocked(database: &Database) {
    let waiting = "SELECT COUNT(*) FROM information_schema.processlist \
                   WHERE state LIKE 'Waiting for table%' AND db = DATABASE()";
    let mut conn = crate::harness::connect(database).await;
    for _ in 0..500 {
        let count: Option<u32> =
            mysql_async::prelude::Queryable::query_first(&mut conn, waiting).await.unwrap();
        if count > Some(0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no statement came to wait for the lock");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_standard_input_ends_the_server_if_asked_for() {
    let mut server = Server::start(&[]).await;
    server.close_stdin();
    assert_eq!(server.ended(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_tells_whether_the_schema_is_the_one_that_is_needed() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let ready = client.get("/health/ready");
    assert_eq!(ready.status, 200, "{ready:?}");
    let states = |name: &str| ready.payload()[name].as_str().unwrap().to_owned();
    assert_eq!(
        (states("database"), states("schema"), states("s3")),
        ("ok".into(), "ok".into(), "off".into())
    );

    let database = server.database();
    sql(&database, "DELETE FROM schema_migrations WHERE version = '04'").await;
    let behind = until(&client, "/health/ready", |answer| answer.status == 503);
    assert!(behind.error_stack().iter().any(|line| line.starts_with("schema: down, 04_")), "{behind:?}");
    assert_eq!(client.get("/health/live").status, 200);
    assert_eq!(*client.get("/healthCheck").payload(), serde_json::json!({ "status": "ok" }));
}
