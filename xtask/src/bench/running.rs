//! The programs that are measured, and the database that they all use.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, PipeReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    Result,
    dev::{Database, NO_ENV_FILE},
    process,
};

/// No answer takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Of the tokens. Nobody but this machine can reach the servers, and not for long.
const SECRET: &str = "b3e1f7a9c4d05826917fe3a8bd64c2509e7d1b86f0a35c49728e6d4f1c0b9a75";

/// A contestant that answers.
pub(super) struct Running {
    child: Child,
    /// `127.0.0.1:40123`
    address: String,
}

/// Its tables, and the sample data.
pub(super) fn fill(server: &Path, database: &Database) -> Result<()> {
    let mut command = Command::new(server);
    command.args(NO_ENV_FILE).args(["setup", "--sample"]);
    database.give(&mut command);
    // Production refuses sample data.
    command.env("environment", "development");
    let captured = process::capture(command, |_| {})?;
    match captured.success {
        true => Ok(()),
        false => Err(format!("the database could not be prepared:\n{}", captured.output).into()),
    }
}

impl Database {
    /// The environment of whoever uses it, in place of the person's.
    pub(super) fn give(&self, command: &mut Command) {
        command.env_clear().envs([
            ("db_host", self.host.as_str()),
            ("db_port", &self.port),
            ("db_user", &self.user),
            ("mp_database", "kseekers"),
            ("secret", SECRET),
        ]);
    }
}

impl Running {
    /// The server as in production, with nothing set but what it must be told. `extra` are settings besides.
    pub(super) fn server(
        program: &Path,
        folder: &Path,
        extra: &[(&str, &str)],
        database: &Database,
        input: &PipeReader,
    ) -> Result<Self> {
        // Its log is a file below the folder in which it runs.
        fs::create_dir_all(folder)?;
        let mut command = Command::new(program);
        command.args(NO_ENV_FILE).args(["--port", "0", "--exit-with-stdin"]).current_dir(folder);
        database.give(&mut command);
        // No mail is sent.
        command.envs([("smtp_host", "127.0.0.1"), ("smtp_from", "bench@example.com")]);
        command.envs(extra.iter().copied());
        let log = folder.join("stderr.log");
        command.stderr(File::create(&log)?);
        Self::start(command, input).map_err(|error| format!("{error}; see {}", log.display()).into())
    }

    pub(super) fn floor(mut command: Command, database: &Database, input: &PipeReader) -> Result<Self> {
        database.give(&mut command);
        Self::start(command, input)
    }

    fn start(command: Command, input: &PipeReader) -> Result<Self> {
        let (child, line) = spawn(command, input)?;
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.ok_or_else(|| format!("instead of its address it said `{}`", line.trim()))?;
        Ok(Self { child, address: address.to_owned() })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The body of the answer, which must be a good one.
    pub(super) fn get(&self, path: &str, token: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200 ") => Ok(body.to_owned()),
            _ => Err(format!("GET {path} was answered with:\n{answer}").into()),
        }
    }

    /// Seconds of processor time until now, of all its threads.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        read_cpu_seconds(&self.child.id().to_string(), OWN)
    }

    /// The most memory that it ever had.
    pub(super) fn peak_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        peak_mb(&status).ok_or_else(|| "/proc does not tell the peak of memory".into())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program that ends with its standard input; its first line is what it says when it is ready.
pub(super) fn spawn(mut command: Command, input: &PipeReader) -> Result<(Child, String)> {
    let mut child = command
        .stdin(input.try_clone()?)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?;
    let output = child.stdout.take().ok_or_else(|| io::Error::other("there is no pipe to read from"))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok((child, line))
}

/// Seconds of processor time until now, of all programs that this process has started and waited for.
pub(super) fn cpu_seconds_of_children() -> Result<f64> {
    read_cpu_seconds("self", CHILDREN)
}

/// Places in `/proc/PID/stat`, counted from the name of the program.
const OWN: usize = 11;
const CHILDREN: usize = 13;

fn read_cpu_seconds(pid: &str, place: usize) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    cpu_seconds(&stat, place).ok_or_else(|| format!("/proc tells `{}`", stat.trim()).into())
}

/// Of `/proc/PID/stat`, where Linux counts in hundredths of a second, whatever its own clock.
fn cpu_seconds(stat: &str, place: usize) -> Option<f64> {
    // The name of the program may hold anything, so counting begins behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(place);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

fn peak_mb(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_user_and_system_together() {
        let stat = "42 (odd) name) S 1 42 42 0 -1 4194304 9 0 0 0 150 25 300 50 20 0 8 0 1 2 3\n";
        assert_eq!(cpu_seconds(stat, OWN), Some(1.75));
        assert_eq!(cpu_seconds(stat, CHILDREN), Some(3.5));
        assert_eq!(cpu_seconds("42 (x) S 1", OWN), None);
    }

    #[test]
    fn the_peak_of_memory_is_told_in_megabytes() {
        assert_eq!(peak_mb("VmPeak:\t  900 kB\nVmHWM:\t   20480 kB\nVmRSS:\t 1 kB\n"), Some(20.0));
        assert_eq!(peak_mb("Name:\tx\n"), None);
    }

    #[test]
    fn a_program_ends_with_its_input() {
        let (input, lifeline) = io::pipe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo ready; cat"]);
        let (mut child, line) = spawn(command, &input).unwrap();
        assert_eq!(line, "ready\n");
        drop(lifeline);
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn a_program_that_cannot_be_started_is_named() {
        let (input, _lifeline) = io::pipe().unwrap();
        let error = spawn(Command::new("no-such-program"), &input).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }
}
