//! No process outlives its owner, however that ends.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::support::{ask, is_alive, run, send_signal, wait_until};

/// A process of its own with a server in it, and what its one line of output says.
struct Owner {
    process: Child,
    told: HashMap<String, String>,
}

impl Owner {
    fn spawn(command: &mut Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = line.split_whitespace().filter_map(|word| word.split_once('='));
        let told = told.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { process, told }
    }

    fn throwaway() -> Self {
        Self::spawn(&mut embedded_mysql())
    }

    fn kept(data_dir: &Path) -> Self {
        Self::spawn(embedded_mysql().arg("--data-dir").arg(data_dir))
    }

    fn socket(&self) -> PathBuf {
        self.told.get("socket").unwrap().into()
    }

    fn opts(&self) -> mysql_async::OptsBuilder {
        let port = self.told.get("port").unwrap().parse().unwrap();
        mysql_async::OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(port).user(Some("root"))
    }

    /// The server writes its process id next to its socket.
    fn server_pid(&self) -> u32 {
        fs::read_to_string(self.socket().with_file_name("server.pid")).unwrap().trim().parse().unwrap()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn embedded_mysql() -> Command {
    Command::new(env!("CARGO_BIN_EXE_embedded-mysql"))
}

#[test]
fn nothing_is_left_of_a_throwaway_server_whose_owner_was_killed() {
    let mut owner = Owner::throwaway();
    let (pid, folder) = (owner.server_pid(), owner.socket().parent().unwrap().to_path_buf());
    assert!(is_alive(pid));
    owner.process.kill().unwrap();
    wait_until("the server is gone", || !is_alive(pid));
    wait_until("its folder is gone", || !folder.exists());
}

#[cfg(unix)]
#[test]
fn an_owner_that_finds_hardly_any_programs_can_have_a_server_too() {
    // A server that was unpacked instead of installed is a script, which needs these.
    let programs = tempfile::tempdir().unwrap();
    for name in ["dirname", "readlink", "uname"] {
        std::os::unix::fs::symlink(Path::new("/usr/bin").join(name), programs.path().join(name)).unwrap();
    }
    let mut owner = Owner::spawn(embedded_mysql().env("PATH", programs.path()));
    let (pid, folder) = (owner.server_pid(), owner.socket().parent().unwrap().to_path_buf());
    owner.process.kill().unwrap();
    wait_until("the server is gone", || !is_alive(pid));
    wait_until("its folder is gone", || !folder.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_supervisor_ends_with_its_server_even_when_their_folder_was_removed() {
    let mut owner = Owner::throwaway();
    let (pid, folder) = (owner.server_pid(), owner.socket().parent().unwrap().to_path_buf());
    let supervisor = parent_of(pid);
    fs::remove_dir_all(folder).unwrap();
    send_signal("KILL", pid);
    owner.process.kill().unwrap();
    wait_until("the supervisor is gone", || !is_alive(supervisor));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_goes_with_its_owner_even_when_its_supervisor_was_killed_before() {
    let mut owner = Owner::throwaway();
    let pid = owner.server_pid();
    send_signal("KILL", parent_of(pid));
    owner.process.kill().unwrap();
    wait_until("the server is gone", || !is_alive(pid));
}

#[cfg(target_os = "linux")]
fn parent_of(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    status.lines().find_map(|line| line.strip_prefix("PPid:")).unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn the_program_keeps_its_data_when_it_is_killed_and_can_start_again_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Owner::kept(folder.path());
    run(owner.opts(), "CREATE DATABASE d; CREATE TABLE d.t (x INT); INSERT INTO d.t VALUES (7)").await;
    let pid = owner.server_pid();
    owner.process.kill().unwrap();
    let next = Owner::kept(folder.path());
    assert!(!is_alive(pid));
    assert_eq!(ask(next.opts(), "SELECT x FROM d.t").await, ["7"]);
}

#[tokio::test]
async fn the_program_recovers_the_data_of_a_server_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::kept(folder.path());
    run(owner.opts(), "CREATE DATABASE d; CREATE TABLE d.t (x INT); INSERT INTO d.t VALUES (7)").await;
    send_signal("KILL", owner.server_pid());
    drop(owner);
    let next = Owner::kept(folder.path());
    assert_eq!(ask(next.opts(), "SELECT x FROM d.t").await, ["7"]);
}

#[test]
fn the_program_stops_its_server_on_sigterm_and_on_ctrl_c() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut owner = Owner::kept(folder.path());
        let pid = owner.server_pid();
        send_signal(signal, owner.process.id());
        assert!(owner.process.wait().unwrap().success());
        assert!(!is_alive(pid));
        let log = fs::read_to_string(folder.path().join("server.log")).unwrap();
        assert!(log.contains("Shutdown complete"), "{log}");
    }
}

#[test]
fn the_program_stops_its_server_when_its_input_closes() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Owner::kept(folder.path());
    let pid = owner.server_pid();
    drop(owner.process.stdin.take());
    assert!(owner.process.wait().unwrap().success());
    assert!(!is_alive(pid));
}

#[test]
fn the_program_tells_where_the_server_is() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::kept(folder.path());
    let told = |name: &str| owner.told.get(name).map(String::as_str);
    assert_eq!((told("host"), told("user")), (Some("127.0.0.1"), Some("root")));
    assert!(told("engine").unwrap().contains('-'));
    assert!(owner.socket().exists());
}

#[test]
fn two_programs_may_make_the_first_data_directory_at_once() {
    let fresh = tempfile::tempdir().unwrap();
    let spawn = |name: &str| {
        let mut command = embedded_mysql();
        command.env("CARGO_TARGET_DIR", fresh.path()).arg("--data-dir").arg(fresh.path().join(name));
        std::thread::spawn(move || Owner::spawn(&mut command))
    };
    let (one, two) = (spawn("one"), spawn("two"));
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    assert!(is_alive(one.server_pid()) && is_alive(two.server_pid()));
    assert_ne!(one.told.get("port"), two.told.get("port"));
    let kept: Vec<_> = fs::read_dir(fresh.path().join("embedded-mysql")).unwrap().flatten().collect();
    assert_eq!(kept.len(), 2, "one data directory and its lock: {kept:?}");
}

#[test]
fn wrong_arguments_are_told_with_the_right_ones() {
    for arguments in [&["--data-dir"][..], &["--data-dir", "x", "--port", "0"], &["--what"]] {
        let output = embedded_mysql().args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage: embedded-mysql"));
    }
}

#[test]
fn a_machine_without_a_server_is_told_what_to_type() {
    let output = embedded_mysql()
        .args(["--data-dir", "unused"])
        .env("KSEEKERS_MYSQLD", "/absent/mysqld")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("/absent/mysqld") && text.contains("KSEEKERS_MYSQLD"), "{text}");
    assert!(!Path::new("unused").exists());
}
