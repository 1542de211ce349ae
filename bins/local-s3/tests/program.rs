//! The program, as `cargo xtask dev` uses it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_local-s3"))
}

/// The running program, and its address.
fn start(dir: &Path) -> (Child, String) {
    let mut command = program();
    command.arg("--dir").arg(dir).args(["--bucket", "one", "--bucket", "two"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("ready endpoint=http://").unwrap().to_owned();
    TcpStream::connect(&address).unwrap();
    (child, address)
}

#[test]
fn it_makes_its_buckets_and_ends_when_its_input_does() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, address) = start(&dir.path().join("new"));
    assert!(dir.path().join("new/one").is_dir() && dir.path().join("new/two").is_dir());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn it_ends_in_good_order_when_told() {
    for signal in ["-TERM", "-INT"] {
        let dir = tempfile::tempdir().unwrap();
        let (mut child, _) = start(dir.path());
        let pid = child.id().to_string();
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill \"$0\" \"$1\"", signal, &pid]);
        assert!(kill.status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn what_it_cannot_use_it_says() {
    let run =
        |arguments: &[&str]| -> Output { program().args(arguments).stdin(Stdio::null()).output().unwrap() };
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--bucket"));
    let wrong: [(&[&str], &str); 5] = [
        (&[], "--dir is missing"),
        (&["--dir"], "--dir needs a value"),
        (&["--dir", "x", "--port", "many"], "many is not a port"),
        (&["--dir", "x", "--access-key", "k"], "--access-key and --secret go together"),
        (&["--drive", "x"], "unknown argument --drive"),
    ];
    for (arguments, problem) in wrong {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(problem), "{output:?}");
    }
}
