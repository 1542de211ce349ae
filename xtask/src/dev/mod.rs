//! `cargo xtask dev`: the whole system on a private database and a local S3 server, until Ctrl-C.
//!
//! No supervisor is left running: in the end this process *becomes* the server, so that Ctrl-C and every signal reach
//! the server itself, and the shell's prompt returns when it has finished its last requests. The server holds the
//! writing end of the others' standard input, and they stop when that closes. So nothing stays behind, however the
//! server ends, SIGKILL included.

mod beside;
mod database;
mod objects;
mod settings;

use std::{
    fs, io,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, ExitCode},
};

use crate::{Result, cargo, install, process, ui::Progress, workspace, workspace::Workspace};
pub(crate) use database::{Database, start as start_database};
use settings::Settings;

const PORT: u16 = 8000;
const BUILD: [&str; 15] = [
    "build",
    "--package",
    "kseekers-embedded-mysql",
    "--package",
    "kseekers-local-s3",
    "--package",
    "kseekers-server",
    "--bin",
    "embedded-mysql",
    "--bin",
    "kseekers-migrate",
    "--bin",
    "local-s3",
    "--bin",
    "kseekers-server",
];

/// `cargo xtask dev`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Options { fresh, port, data } = Options::read(arguments)?;
    // First of all, because what follows may take minutes.
    let port = free_port(port)?;
    let found = install::found_or_installed()?;
    let built = cargo::build_or_fail("building the server", &BUILD)?;

    let folder = match data {
        Some(folder) => folder,
        None => Workspace::load()?.target.join("dev"),
    };
    fs::create_dir_all(&folder)?;
    let (input, lifeline) = io::pipe()?;
    let database = database::start(built.binary("embedded-mysql")?, &found, &folder, fresh, &input)?;
    let s3 = objects::start(built.binary("local-s3")?, &folder, fresh, &input)?;
    let settings = Settings::new(&database, &s3, &folder)?;
    fill(Command::new(built.binary("kseekers-migrate")?), &settings, !database.filled.exists())?;
    fs::write(&database.filled, "")?;

    print!("{}", banner(port, &found.engine, &s3));
    let mut server = Command::new(built.binary("kseekers-server")?);
    server.arg("dev").args(NO_ENV_FILE);
    server.args(["--host", "127.0.0.1", "--port", &port.to_string()]).current_dir(workspace::root());
    settings.give(&mut server);
    Err(server.stdin(lifeline).exec().into())
}

#[derive(Debug, PartialEq)]
struct Options {
    fresh: bool,
    port: u16,
    /// Where the data lives instead of `target/dev`.
    data: Option<PathBuf>,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self { fresh: false, port: PORT, data: None };
        let mut words = arguments.iter().flat_map(|word| word.split('='));
        while let Some(word) = words.next() {
            match word {
                "--fresh" => options.fresh = true,
                "--port" => {
                    let number = words.next().ok_or("--port wants a number")?;
                    options.port = number.parse().map_err(|_| format!("`{number}` is no port"))?;
                }
                "--data" => {
                    // The server is started in another folder.
                    let folder = words.next().ok_or("--data wants a folder")?;
                    options.data = Some(std::path::absolute(folder)?);
                }
                other => {
                    return Err(format!("dev takes [--fresh] [--port N] [--data DIR], not `{other}`").into());
                }
            }
        }
        Ok(options)
    }
}

/// The port itself when it is free; for 0 one that is.
fn free_port(port: u16) -> Result<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(error) => Err(format!(
            "port {port} cannot be used: {error}\nIs another `cargo xtask dev` running? Choose another port: cargo \
             xtask dev --port {}",
            port.checked_add(1).unwrap_or(PORT)
        )
        .into()),
    }
}

/// An env file of the person's own names another database, and perhaps a mail server that codes would go to.
pub(crate) const NO_ENV_FILE: [&str; 2] = ["--env-file", "/dev/null"];

/// Creates and migrates the database. Sample data is put in once, so that what somebody deletes stays deleted.
fn fill(mut migrate: Command, settings: &Settings, sample: bool) -> Result<()> {
    migrate.args(NO_ENV_FILE).arg("setup").current_dir(workspace::root());
    if sample {
        migrate.arg("--sample");
    }
    settings.give(&mut migrate);
    let mut progress = Progress::aside("preparing the database");
    let captured = process::capture(migrate, |_| progress.tick(""))?;
    progress.finish(if captured.success { "" } else { "failed" });
    match captured.success {
        true => Ok(()),
        false => Err(format!(
            "the database could not be prepared:\n{}\n`cargo xtask dev --fresh` begins again with an empty one",
            captured.output.trim_end()
        )
        .into()),
    }
}

fn banner(port: u16, engine: &str, s3: &str) -> String {
    let url = format!("http://127.0.0.1:{port}");
    let bucket = objects::BUCKET;
    let post = "curl -s -H 'content-type: application/json'";
    format!(
        "
  KSeekers      {url}
  API           {url}/docs
  Database      {engine}, private, with sample data
  Files         S3 on disk, {s3}/{bucket}

  Sign in as the sample administrator. The code appears in this terminal:
    {post} {url}/auth/otp/request -d '{{\"username_or_email\":\"admin\"}}'
    {post} {url}/auth/otp/verify -d '{{\"username_or_email\":\"admin\",\"otp_code\":\"CODE\"}}'
    curl -s -H 'authorization: Bearer ACCESS_TOKEN' {url}/auth/me
    curl -s -H 'authorization: Bearer ACCESS_TOKEN' {url}/files/upload -F file=@README.md

  Ctrl-C stops it all; the data stays for the next time.

"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Options::read(&words)
    }

    #[test]
    fn options_are_understood_in_both_spellings() {
        assert_eq!(read(&[]).unwrap(), Options { fresh: false, port: 8000, data: None });
        assert_eq!(
            read(&["--port", "81", "--fresh"]).unwrap(),
            Options { fresh: true, port: 81, data: None }
        );
        assert_eq!(read(&["--port=82"]).unwrap().port, 82);
    }

    #[test]
    fn a_mistyped_option_is_refused() {
        assert!(read(&["--frsh"]).unwrap_err().to_string().contains("--frsh"));
        assert!(read(&["--port", "many"]).unwrap_err().to_string().contains("many"));
        assert!(read(&["--port"]).is_err());
    }

    #[test]
    fn a_taken_port_is_told_with_the_way_to_choose_another() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let text = free_port(port).unwrap_err().to_string();
        assert!(text.contains(&port.to_string()) && text.contains("--port"), "{text}");
    }
}
