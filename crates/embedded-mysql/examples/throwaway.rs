//! Starts a throwaway server and keeps it until Enter is pressed or the input ends: `cargo run --example throwaway`.
#![allow(clippy::print_stdout, reason = "an example shows what it has")]

use kseekers_embedded_mysql::{EmbeddedMysql, Error, Options};

fn main() -> Result<(), Error> {
    let server = EmbeddedMysql::start_blocking(&Options::default())?;
    println!("port={} socket={} pid={}", server.port(), server.socket().display(), server.pid());
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    Ok(())
}
