use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use kseekers_embedded_mysql::EmbeddedMysql;
use mysql_async::{Conn, OptsBuilder, prelude::Queryable};

/// Wide enough for a machine that does other things too.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn is_alive(pid: u32) -> bool {
    // Not the shell's own `kill`, which is not the same everywhere when it fails.
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -0 \"$0\"", &pid.to_string()])
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

pub(crate) fn send_signal(signal: &str, pid: u32) {
    let status =
        Command::new("/bin/sh").args(["-c", "kill -\"$0\" \"$1\"", signal, &pid.to_string()]).status();
    assert!(status.unwrap().success(), "kill -{signal} {pid}");
}

pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < deadline, "still not so: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) async fn run(opts: impl Into<mysql_async::Opts>, sql: &str) {
    let mut connection = Conn::new(opts.into()).await.unwrap();
    connection.query_drop(sql).await.unwrap();
    connection.disconnect().await.unwrap();
}

pub(crate) async fn ask(opts: impl Into<mysql_async::Opts>, sql: &str) -> Vec<String> {
    let mut connection = Conn::new(opts.into()).await.unwrap();
    let answer = connection.query(sql).await.unwrap();
    connection.disconnect().await.unwrap();
    answer
}

/// A table with one row, to find again later.
pub(crate) async fn leave_a_trace(server: &EmbeddedMysql) {
    run(server.opts(), "CREATE DATABASE d; CREATE TABLE d.t (x VARCHAR(9)); INSERT INTO d.t VALUES ('kept')")
        .await;
}

pub(crate) async fn has_the_trace(opts: OptsBuilder) -> bool {
    ask(opts, "SELECT x FROM d.t").await == ["kept"]
}
