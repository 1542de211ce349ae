//! What the server does when it is started to serve.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to the person who started it")]

use std::io::Write;

use crate::{
    cli::EXIT_CONFIG,
    logging::Logging,
    server::Server,
    settings::{Loaded, Settings, Sources},
    stop,
    verify::verify,
};

const DONE: u8 = 0;
const FAILED: u8 = 1;

/// Serves until it is asked to stop; the exit code.
pub async fn serve(sources: &Sources, exit_with_stdin: bool) -> u8 {
    let Loaded { settings, warnings, .. } = match Settings::load(sources) {
        Ok(loaded) => loaded,
        Err(problems) => {
            eprintln!("{problems}");
            return EXIT_CONFIG;
        }
    };
    // Dropped last: what is said on the way out is written too.
    let logging = Logging::start(&settings.log, settings.environment);
    for warning in &warnings {
        tracing::warn!("{warning}");
    }
    let migrations = match verify(&settings) {
        Ok(migrations) => migrations,
        Err(problems) => {
            eprintln!("{}", problems.join("\n"));
            return EXIT_CONFIG;
        }
    };
    let server = match Server::new(settings, migrations, logging.health()) {
        Ok(server) => server,
        Err(error) => return failed(&error),
    };
    if let Some(address) = server.address() {
        // Whoever started the server on port 0 reads the port from here. Nobody may be listening.
        let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    }
    match server.run(stop::requested(exit_with_stdin)).await {
        Ok(()) => DONE,
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::error::Error) -> u8 {
    eprintln!("kseekers-server cannot run: {error}");
    FAILED
}
