//! Running a command whose output is wanted only when it fails.

use std::{
    io::{self, BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::Result;

/// What a command said and how it ended.
pub(crate) struct Captured {
    pub(crate) success: bool,
    /// Standard output and error in the order in which they came.
    pub(crate) output: String,
}

/// How long something that the command left behind may hold its output after it has ended.
const LEFT_BEHIND: Duration = Duration::from_secs(30);

/// Runs a command without standard input. `watch` sees each line as it comes, and `None` several times a second.
pub(crate) fn capture(mut command: Command, mut watch: impl FnMut(Option<&str>)) -> Result<Captured> {
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child =
        command.spawn().map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?;
    // It holds writing ends of the pipe, which would keep the reader waiting for ever.
    drop(command);

    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
            line.clear();
        }
    });

    let mut output = String::new();
    let mut ended = None;
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                watch(Some(line.trim_end()));
                output.push_str(&line);
            }
            Err(RecvTimeoutError::Timeout) => {
                watch(None);
                if ended.is_none() && child.try_wait()?.is_some() {
                    ended = Some(Instant::now());
                }
                if ended.is_some_and(|since| since.elapsed() > LEFT_BEHIND) {
                    output.push_str("\nsomething that this command started is still running\n");
                    return Ok(Captured { success: false, output });
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(Captured { success: child.wait()?.success(), output })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_kept_in_order() {
        let mut seen = Vec::new();
        let captured = capture(shell("echo one; echo two >&2; echo three"), |line| {
            seen.extend(line.map(str::to_owned));
        })
        .unwrap();
        assert!(captured.success);
        assert_eq!(captured.output, "one\ntwo\nthree\n");
        assert_eq!(seen, ["one", "two", "three"]);
    }

    #[test]
    fn a_failing_command_is_a_failure() {
        assert!(!capture(shell("exit 3"), |_| {}).unwrap().success);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = capture(Command::new("no-such-program"), |_| {}).err().unwrap();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }
}
