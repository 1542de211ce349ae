//! Lines for whoever runs the server.

use tracing_subscriber::{EnvFilter, filter::Directive};

use crate::settings::LogLevel;

/// Writes lines of at least `level` to standard error, a line for each request among them at `info`.
///
/// Does nothing if the process has a subscriber already.
pub fn init(level: LogLevel) {
    // `config`'s level, not the environment's: `RUST_LOG` could turn on lines of the driver that hold values.
    let level: tracing::Level = level.into();
    let filter = EnvFilter::default().add_directive(Directive::from(level));
    // These say at `debug` what they are sent, one-time codes and tokens among it.
    let quiet = ["mysql_async=info", "lettre=info", "hyper=info", "actix_http=info", "actix_server=warn"];
    let filter = quiet.iter().filter_map(|rule| rule.parse().ok()).fold(filter, EnvFilter::add_directive);
    let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
    let _ = lines.try_init();
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}
