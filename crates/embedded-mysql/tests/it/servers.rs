//! One server from its start to its end.

use std::{net::TcpListener, path::Path, time::Instant};

use kseekers_embedded_mysql::{EmbeddedMysql, Engine, Error, Options, find_server};
use mysql_async::OptsBuilder;

use crate::support::{ask, has_the_trace, is_alive, leave_a_trace, run};

#[tokio::test]
async fn a_started_server_answers_on_its_port_and_its_socket() {
    let begin = Instant::now();
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    println!("start of {}: {:?}", server.engine(), begin.elapsed());
    assert_eq!(ask(server.opts(), "SELECT 'tcp'").await, ["tcp"]);
    let by_socket = OptsBuilder::default().socket(server.socket().to_str()).user(Some("root"));
    assert_eq!(ask(by_socket, "SELECT 'socket'").await, ["socket"]);
    let begin = Instant::now();
    drop(server);
    println!("stop: {:?}", begin.elapsed());
}

#[tokio::test]
async fn a_server_runs_in_utc_with_utf8mb4_and_without_a_binary_log() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    let sql =
        "SELECT CONCAT_WS(' ', @@time_zone, @@character_set_server, @@log_bin + 0, @@performance_schema + 0)";
    assert_eq!(ask(server.opts(), sql).await, ["+00:00 utf8mb4 0 0"]);
}

#[tokio::test]
async fn only_a_durable_server_waits_for_the_disk_at_each_commit() {
    let folder = tempfile::tempdir().unwrap();
    let durable =
        EmbeddedMysql::start(Options::default().data_dir(folder.path()).durable(true)).await.unwrap();
    let relaxed = EmbeddedMysql::start(Options::default()).await.unwrap();
    let sql = "SELECT CONCAT_WS(' ', @@innodb_flush_log_at_trx_commit, @@innodb_flush_method = 'nosync', \
               @@innodb_file_per_table + 0)";
    assert_eq!(ask(durable.opts(), sql).await, ["1 0 1"]);
    assert_eq!(ask(relaxed.opts(), sql).await, ["2 1 0"]);
}

#[tokio::test]
async fn nothing_is_left_of_a_dropped_throwaway_server() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    let (pid, socket) = (server.pid(), server.socket().to_path_buf());
    assert!(is_alive(pid) && socket.exists());
    drop(server);
    assert!(!is_alive(pid));
    assert!(!socket.parent().unwrap().exists());
}

#[tokio::test]
async fn a_killed_server_comes_back_with_its_data_on_the_same_port_and_socket() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    leave_a_trace(&server).await;
    let (pid, port, socket) = (server.pid(), server.port(), server.socket().to_path_buf());
    server.kill().await.unwrap();
    assert!(!is_alive(pid));
    assert!(mysql_async::Conn::new(server.opts()).await.is_err());
    server.restart().await.unwrap();
    assert_eq!((server.port(), server.socket()), (port, &*socket));
    assert_ne!(server.pid(), pid);
    assert!(has_the_trace(server.opts()).await);

    // Once more, without the kill, and then it still cleans up.
    let pid = server.pid();
    server.restart().await.unwrap();
    assert!(!is_alive(pid));
    assert!(has_the_trace(server.opts()).await);
    let pid = server.pid();
    drop(server);
    assert!(!is_alive(pid) && !socket.parent().unwrap().exists());
}

#[tokio::test]
async fn a_killed_server_that_nobody_restarts_leaves_nothing_either() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    let socket = server.socket().to_path_buf();
    server.kill().await.unwrap();
    server.kill().await.unwrap();
    drop(server);
    assert!(!socket.parent().unwrap().exists());
}

#[test]
fn a_server_can_be_started_without_an_async_runtime() {
    let server = EmbeddedMysql::start_blocking(&Options::default()).unwrap();
    assert!(is_alive(server.pid()));
    assert_eq!(server.engine(), &Engine::of(&find_server().unwrap()).unwrap());
}

#[tokio::test]
async fn a_taken_port_is_told_as_such() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let error = EmbeddedMysql::start(Options::default().port(port)).await.unwrap_err();
    assert!(matches!(error, Error::PortInUse { port: told } if told == port), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_start_is_told_with_its_own_words() {
    let options = Options::default().argument("--no-such-setting=1");
    let error = EmbeddedMysql::start(options).await.unwrap_err();
    assert!(matches!(error, Error::NotStarted { .. }));
    assert!(error.to_string().contains("no-such-setting"), "{error}");
}

#[tokio::test]
async fn a_missing_server_is_told_with_its_path() {
    let error = EmbeddedMysql::start(Options::default().server("/absent/mysqld")).await.unwrap_err();
    assert!(
        matches!(&error, Error::NotAServer { path, .. } if path == Path::new("/absent/mysqld")),
        "{error}"
    );
}

#[tokio::test]
async fn the_callers_arguments_win() {
    let server = EmbeddedMysql::start(Options::default().argument("--max-connections=17")).await.unwrap();
    assert_eq!(ask(server.opts(), "SELECT @@max_connections").await, ["17"]);
}

#[tokio::test]
async fn an_account_with_a_password_can_sign_in_over_tcp() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    run(server.opts(), "CREATE USER 'ann'@'localhost' IDENTIFIED BY 'secret'").await;
    let ann = server.opts().user(Some("ann")).pass(Some("secret"));
    assert_eq!(ask(ann, "SELECT CURRENT_USER()").await, ["ann@localhost"]);
}
