//! The log: in its file, on standard error, and what the envelope says of it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::harness::{Answer, SECRET, Server, command, until};

/// What the envelope says of the log of requests and of responses.
fn health(answer: &Answer) -> [&str; 2] {
    ["request_logging", "response_logging"].map(|which| answer.body[which].as_str().unwrap())
}

/// Stops the server, which writes what is queued, and gives the lines of the file.
pub(crate) fn stopped(mut server: Server, file: &Path) -> String {
    server.close_stdin();
    assert_eq!(server.ended(), Some(0));
    fs::read_to_string(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_in_the_log_file_with_its_id_and_nobodys_secrets_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made/by the server/app.log");
    // The most talkative level, where libraries say what they are sent.
    let server = Server::start(&[("logging_path", file.to_str().unwrap()), ("log_level", "trace")]).await;
    let code = server.new_code("admin", "admin");
    let wrong = json!({ "username_or_email": "admin", "otp_code": "not-the-code-4711" });
    assert_eq!(server.client().post("/auth/otp/verify", wrong).status, 400);
    let verified = json!({ "username_or_email": "admin", "otp_code": code });
    let verified = server.client().post("/auth/otp/verify", verified);
    let token = verified.payload()["access_token"].as_str().unwrap().to_owned();
    let authorization = format!("Bearer {token}");
    let headers = [("x-request-id", "find-me-again"), ("authorization", authorization.as_str())];
    let me = server.client().send("GET", "/auth/me?token=in-the-query", &headers);
    assert_eq!((me.status, health(&me)), (200, ["success", "success"]));

    let text = stopped(server, &file);
    let line =
        text.lines().find(|line| line.contains("GET /auth/me 200")).unwrap_or_else(|| panic!("{text}"));
    for part in ["Z ", " INFO ", "find-me-again", "kseekers::request", "front.rs:", " ms"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(text.contains(" stopped"), "the last line is written too:\n{text}");
    // A time may look like a code.
    let text: String = text.split_whitespace().filter(|word| !word.ends_with('Z')).collect();
    for secret in [SECRET, &code, &token, "not-the-code-4711", "in-the-query"] {
        assert!(!text.contains(secret), "{secret} in:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_begins_anew_at_its_size_and_keeps_as_many_files_as_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.log");
    let sizes = [("logging_file_size", "2048"), ("logging_backup_count", "2")];
    let settings = [&sizes[..], &[("logging_path", file.to_str().unwrap())]].concat();
    let server = Server::start(&settings).await;
    let client = server.client();
    for _ in 0..100 {
        assert_eq!(client.get("/healthCheck").status, 200);
    }
    stopped(server, &file);
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> =
        files.map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().len())).collect();
    files.sort();
    assert!(files.iter().all(|(_, size)| *size <= 2_048), "{files:?}");
    let names: Vec<_> = files.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["app.log", "app.log.1", "app.log.2"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_no_request_and_the_envelope_tells_it() {
    let server = Server::start(&[("logging_path", "/dev/full")]).await;
    let client = server.client();
    let told = until(&client, "/lookup/types", |answer| {
        assert_eq!(answer.status, 200);
        health(answer) == ["failed", "failed"]
    });
    assert_eq!(told.message(), "Lookup types retrieved successfully");
    let not_found = client.get("/nowhere");
    assert_eq!((not_found.status, health(&not_found)), (404, ["failed", "failed"]));
    server.wait_for("the log file cannot be written");
}

/// Takes the place of a full disk without anybody's leave to mount one: the file may have so many KiB. A write beyond
/// that is cut short, and the next one fails.
#[cfg(unix)]
fn with_room_for(kib: u32, server: &Command) -> Command {
    // The signal would end the process. `exec` keeps it ignored.
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    let mut limited = Command::new("bash");
    limited.arg("-c").arg(script).arg(server.get_program()).args(server.get_args()).env_clear();
    limited.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(server.get_current_dir().unwrap());
    limited
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_runs_full_costs_no_request_and_is_written_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logs/app.log");
    let database = Server::fresh_database().await;
    let mut server = command(folder.path(), &(&database).into(), &[]);
    server.arg("dev");
    // More than the lines that the server keeps for better times.
    let room = 128;
    let server = Server::run(with_room_for(room, &server), folder);
    let client = server.client();
    let answers = |state: &str| {
        until(&client, "/lookup/types", |answer| {
            assert_eq!(answer.gist(), (200, "Lookup types retrieved successfully"));
            health(answer) == [state; 2]
        });
    };
    answers("success");
    let long = format!("/{}", "x".repeat(6_000));
    for _ in 0..50 {
        assert_eq!(client.get(&long).gist(), (404, "Resource not found"));
    }
    answers("failed");
    server.wait_for("the log file cannot be written");
    assert!(fs::metadata(&file).unwrap().len() <= u64::from(room) * 1_024);

    File::options().write(true).open(&file).unwrap().set_len(0).unwrap();
    answers("success");
    let text = stopped(server, &file);
    assert!(text.contains("lines were lost") && text.contains("GET /lookup/types 200"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_file_that_cannot_be_made_is_told_and_the_lines_go_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("logs");
    fs::write(&in_the_way, "a file, not a folder").unwrap();
    let file = in_the_way.join("app.log");
    let database = Server::fresh_database().await;
    let server = production(&(&database).into(), &file);
    server.wait_for("the log file cannot be written");
    server.wait_for("app.log");
    let client = server.client();
    until(&client, "/lookup/types", |answer| health(answer) == ["failed", "failed"]);
    assert_eq!(client.get("/lookup/types").status, 200);
    server.wait_for("GET /lookup/types 200");

    fs::remove_file(&in_the_way).unwrap();
    until(&client, "/lookup/types", |answer| health(answer) == ["success", "success"]);
    let text = stopped(server, &file);
    assert!(text.contains("lines were lost"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_standard_error_gets_only_what_somebody_should_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.log");
    let database = Server::fresh_database().await;
    let server = production(&(&database).into(), &file);
    assert_eq!(server.client().get("/lookup/types").status, 200);
    server.wait_for("cors_origins is not set");
    let said = server.said();
    let text = stopped(server, &file);
    assert!(text.contains("GET /lookup/types 200") && text.contains("cors_origins is not set"), "{text}");
    assert!(!said.contains("GET /lookup/types"), "{said}");
}

fn production(database: &crate::harness::Database, file: &Path) -> Server {
    let mail = [("smtp_host", "127.0.0.1"), ("smtp_port", "1"), ("smtp_from", "codes@example.com")];
    let settings = [&mail[..], &[("logging_path", file.to_str().unwrap())]].concat();
    Server::start_as(&[], database, &settings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_error_that_nobody_reads_holds_no_request_up() {
    let folder = tempfile::tempdir().unwrap();
    let database = Server::fresh_database().await;
    let mut command = command(folder.path(), &(&database).into(), &[]);
    command.args(["dev", "--port", "0", "--exit-with-stdin"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let base = address.trim().strip_prefix("listening on ").unwrap();

    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent: ureq::Agent = config.timeout_global(Some(Duration::from_secs(20))).build().into();
    // Many times what a pipe holds.
    let path = "x".repeat(6_000);
    for number in 0..100 {
        let status = agent.get(format!("{base}/{path}")).call().map(|response| response.status().as_u16());
        assert_eq!(status.ok(), Some(404), "request {number}");
    }
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let text = fs::read_to_string(folder.path().join("logs/app.log")).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains(&path)).count(), 100);
}
