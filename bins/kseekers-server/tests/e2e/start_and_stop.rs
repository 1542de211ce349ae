//! How the process begins and ends.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mysql_async::prelude::Queryable;

use crate::harness::{Database, PATIENCE, SECRET, Server, command, connect, sql, until};

/// Requests that a test holds back with a lock of its own wait for it as long as the test needs.
const PATIENT: (&str, &str) = ("db_lock_timeout", "60");

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
async fn asked_to_stop_the_server_finishes_what_is_in_progress_and_begins_nothing() {
    let mut server = Server::start(&[PATIENT]).await;
    let mut lock = Lock::take(&server.database()).await;
    let slow = lock.hold_back(&server, 1).await;

    terminate(&server);
    until_new_clients_wait(&server);
    lock.release().await;
    assert_eq!(slow.join().unwrap(), Some(200));
    assert_eq!(server.ended(), Some(0));
}

/// A worker without requests ends at once. What it has opened must not break in the hands of another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_before_the_others_takes_nothing_from_them() {
    // Whichever of the two workers has opened the connections.
    for first in 0..2 {
        let settings = [("workers", "2"), ("DB_CONN_POOL", "4"), ("DB_CONN_POOL_MAX", "4"), PATIENT];
        let mut server = Server::start(&settings).await;
        until_counted(&server.database(), "id <> CONNECTION_ID()", 4).await;
        let mut lock = Lock::take(&server.database()).await;
        // Workers get clients in turns, so that one gets all slow requests and the other one those that are done.
        for _ in 0..first {
            assert!(answers(&server));
        }
        let mut slow = Vec::new();
        for number in 1..=4 {
            slow.push(lock.hold_back(&server, number).await);
            assert!(answers(&server));
        }

        terminate(&server);
        until_new_clients_wait(&server);
        lock.release().await;
        slow.into_iter().for_each(|request| assert_eq!(request.join().unwrap(), Some(200)));
        assert_eq!(server.ended(), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_take_longer_than_they_have_are_cut_off() {
    let mut server = Server::start(&[("shutdown_timeout", "4"), PATIENT]).await;
    let mut lock = Lock::take(&server.database()).await;
    let endless = lock.hold_back(&server, 1).await;
    let start = Instant::now();
    terminate(&server);
    assert_eq!(server.ended(), Some(0));
    let took = start.elapsed();
    assert!(took >= Duration::from_secs(4) && took < Duration::from_secs(10), "{took:?}");
    assert_eq!(endless.join().unwrap(), None, "no answer");
    server.wait_for("were cut off after 4 s");
    lock.release().await;
}

fn terminate(server: &Server) {
    let killed =
        Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", server.pid())]).status().unwrap();
    assert!(killed.success());
    server.wait_for("requests in progress are finished first");
}

fn until_new_clients_wait(server: &Server) {
    let deadline = Instant::now() + PATIENCE;
    while answers(server) {
        assert!(Instant::now() < deadline, "it goes on to answer new clients");
    }
}

/// Whether the server answers a new client.
fn answers(server: &Server) -> bool {
    let address = server.base.trim_start_matches("http://");
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let request = b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request).is_ok() && matches!(stream.read(&mut [0]), Ok(1))
}

/// Holds back requests for `/lookup/types`.
struct Lock {
    conn: mysql_async::Conn,
    database: Database,
}

impl Lock {
    async fn take(database: &Database) -> Self {
        let mut conn = connect(database).await;
        conn.query_drop("LOCK TABLES lookup_types WRITE").await.unwrap();
        Self { conn, database: database.clone() }
    }

    /// Starts a request and waits until so many are held back. It gives the status, if there is an answer.
    async fn hold_back(&self, server: &Server, count: usize) -> JoinHandle<Option<u16>> {
        let client = server.client();
        let request = thread::spawn(move || client.try_get("/lookup/types").ok().map(|answer| answer.status));
        until_counted(&self.database, "state LIKE 'Waiting for table%'", count).await;
        request
    }

    async fn release(&mut self) {
        self.conn.query_drop("UNLOCK TABLES").await.unwrap();
    }
}

/// Waits until the database has so many connections with this property.
async fn until_counted(database: &Database, property: &str, count: usize) {
    let counted =
        format!("SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND {property}");
    let mut conn = connect(database).await;
    let deadline = Instant::now() + PATIENCE;
    while conn.query_first::<usize, _>(&counted).await.unwrap() < Some(count) {
        assert!(Instant::now() < deadline, "waited in vain for {count} with {property}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    conn.disconnect().await.unwrap();
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
