//! `cargo xtask dev` as a person uses it: started, killed, started again, stopped, begun afresh.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::{Value, json};

/// The running system. By then the process is the server itself.
struct Dev {
    process: Child,
    url: String,
    /// What it prints, line by line.
    prints: mpsc::Receiver<String>,
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
        for word in [url.as_str(), "Sign in", "terminal", "S3", "Ctrl-C"] {
            assert!(said.contains(word), "the banner lacks {word}:\n{said}");
        }
        // Read at once: nobody may block on what is printed.
        let (sender, prints) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, url, prints }
    }

    fn ask(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.url);
        read(match body {
            Some(body) => agent().post(&url).send_json(body),
            None => agent().get(&url).call(),
        })
    }

    /// As the sample administrator, by the code in the terminal.
    fn sign_in(&self) -> String {
        self.ask("/auth/otp/request", Some(json!({ "username_or_email": "admin" })));
        let code = |line: String| Some(line.split_once("One-time code for admin: ")?.1.trim().to_owned());
        let code = self.prints.iter().find_map(code).unwrap();
        let body = json!({ "username_or_email": "admin", "otp_code": code });
        let (status, answer) = self.ask("/auth/otp/verify", Some(body));
        assert_eq!(status, 200, "{answer}");
        text(&answer, "access_token")
    }

    /// Uploads a file; the answer is its key.
    fn upload(&self, token: &str, content: &str) -> String {
        let head = "content-disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\ncontent-type: text/plain";
        let form = format!("--XyZ\r\n{head}\r\n\r\n{content}\r\n--XyZ--\r\n");
        let request = agent().post(format!("{}/files/upload", self.url));
        let request = request.header("authorization", format!("Bearer {token}"));
        let (status, answer) =
            read(request.header("content-type", "multipart/form-data; boundary=XyZ").send(form));
        assert_eq!(status, 201, "{answer}");
        text(&answer, "key")
    }

    /// Reads a file by a link to it; nothing when there is none.
    fn download(&self, token: &str, key: &str) -> Option<String> {
        let request = agent().post(format!("{}/files/presign-download", self.url));
        let request = request.header("authorization", format!("Bearer {token}"));
        let (status, answer) = read(request.send_json(json!({ "key": key })));
        match status {
            404 => None,
            200 => {
                Some(agent().get(text(&answer, "url")).call().unwrap().body_mut().read_to_string().unwrap())
            }
            other => panic!("{other} {answer}"),
        }
    }

    fn register(&self) -> u16 {
        self.ask("/auth/register", Some(json!({ "username": "ada", "email": "ada@example.com" }))).0
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill \"$0\" \"$1\"", signal, &pid]);
        assert!(kill.status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Value) {
    let mut answer = answer.unwrap();
    (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
}

fn text(answer: &Value, name: &str) -> String {
    answer["result"]["payload"][name].as_str().unwrap().to_owned()
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
    let token = first.sign_in();
    let key = first.upload(&token, "remember me");
    assert_eq!(first.download(&token, &key).unwrap(), "remember me");
    first.signal("-KILL");

    // It waits until the database and the S3 server of the first have stopped.
    let mut second = Dev::start(folder.path(), &[]);
    assert_eq!(second.register(), 409, "what was acknowledged is still there");
    assert_eq!(second.download(&token, &key).unwrap(), "remember me");
    assert_eq!(second.signal("-INT"), Some(0), "Ctrl-C ends it in good order");

    let third = Dev::start(folder.path(), &["--fresh"]);
    assert_eq!(third.register(), 201, "an empty database");
    assert_eq!(third.download(&third.sign_in(), &key), None);
    let files = std::fs::read_dir(folder.path().join("s3/files")).unwrap();
    assert_eq!(files.count(), 0, "an empty bucket");
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
