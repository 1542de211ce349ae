//! `cargo xtask dev` as a person uses it: started, killed, started again, stopped, begun afresh.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::{Value, json};

/// The running system. By then the process is the server itself.
struct Dev {
    process: Child,
    url: String,
}

impl Dev {
    fn start(folder: &Path, further: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["dev", "--port", "0", "--data"]).arg(folder).args(further);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut said = String::new();
        let url = loop {
            let Some(Ok(line)) = lines.next() else { panic!("it ended after:\n{said}") };
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
            said = said + &line + "\n";
        };
        for word in [url.as_str(), "Sign in", "terminal", "Ctrl-C"] {
            assert!(said.contains(word), "the banner lacks {word}:\n{said}");
        }
        // Codes are printed there; nobody may block on them.
        thread::spawn(move || lines.for_each(drop));
        Self { process, url }
    }

    fn ask(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{path}", self.url);
        let mut answer = match body {
            Some(body) => agent.post(&url).send_json(body),
            None => agent.get(&url).call(),
        }
        .unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
    }

    fn register(&self) -> u16 {
        self.ask("/auth/register", Some(json!({ "username": "ada", "email": "ada@example.com" }))).0
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_system_runs_survives_being_killed_stops_when_asked_and_begins_afresh_when_told() {
    let folder = tempfile::tempdir().unwrap();

    let mut first = Dev::start(folder.path(), &[]);
    assert_eq!(first.ask("/health/ready", None).0, 200);
    let (status, types) = first.ask("/lookup/types", None);
    assert_eq!((status, &types["row_count"]), (200, &json!(4)), "with sample data");
    assert_eq!(first.register(), 201);
    first.signal("-KILL");

    // It waits until the database of the first has stopped.
    let mut second = Dev::start(folder.path(), &[]);
    assert_eq!(second.register(), 409, "what was acknowledged is still there");
    assert_eq!(second.signal("-INT"), Some(0), "Ctrl-C ends it in good order");

    let third = Dev::start(folder.path(), &["--fresh"]);
    assert_eq!(third.register(), 201, "an empty database");
}

#[test]
fn migrations_end_with_the_exit_code_of_the_program_behind_them() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).env("db_host", "127.0.0.1").env("db_port", "1").output().unwrap()
    };
    assert_eq!(run(&["migrate", "--help"]).status.code(), Some(0));
    let unreachable = run(&["migrate", "status"]);
    assert_eq!(unreachable.status.code(), Some(1), "{unreachable:?}");
    assert!(String::from_utf8_lossy(&unreachable.stderr).contains("127.0.0.1:1"), "{unreachable:?}");
    assert_eq!(run(&["migrate", "sideways"]).status.code(), Some(2));
}
