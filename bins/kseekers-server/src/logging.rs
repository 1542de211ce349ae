//! Lines for whoever runs the server: in a file that is rotated by size, and on standard error.
//!
//! A request only puts its line into a queue, one for the file and one for standard error; a thread for each writes them.
//! When a queue is full, because the disk or the reader of standard error has stopped, the line is dropped and counted.
//! What becomes of the lines for the file is what the envelope says as `request_logging` and `response_logging`.

mod line;
mod profiler;
mod queue;
mod rotating_file;

use std::{
    io::{IsTerminal, stderr},
    time::Duration,
};

use kseekers_envelope::{Health, actix::LogHealth};
use tracing::{Level, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{Directive, dynamic_filter_fn, filter_fn},
    fmt,
    layer::{Layered, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::settings::{Environment, Log, LogLevel};
use profiler::Profiler;
use queue::Queue;
use rotating_file::RotatingFile;

/// Lines that wait for the disk or the terminal, each at most: about a megabyte of usual ones, 64 of the longest.
const QUEUED_LINES: usize = 8_192;

/// How long stopping waits for each queue to be written.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// The log of the process. Dropped, it waits for the lines that are queued.
#[derive(Debug)]
pub struct Logging {
    file: Queue,
    terminal: Queue,
    health: LogHealth,
}

impl Logging {
    /// Begins to log, a line for each request at `info` among it.
    ///
    /// Standard error gets all lines too if it is a terminal, in development, and for as long as the file cannot be
    /// written; otherwise those that somebody should look at, warnings and errors. A file that cannot be opened is told
    /// there, and opened as soon as that is possible.
    ///
    /// Where the process has a subscriber already, that one goes on and this is idle.
    pub fn start(log: &Log, environment: Environment) -> Self {
        let health = LogHealth::default();
        let file = RotatingFile::new(&log.path, log.file_size, log.backup_count);
        let file = Queue::start("the log file", file, QUEUED_LINES, health.clone());
        let terminal = Queue::start("standard error", stderr(), QUEUED_LINES, LogHealth::default());

        let is_terminal = stderr().is_terminal();
        let on_terminal = Terminal {
            queue: terminal.clone(),
            everything: is_terminal || environment == Environment::Development,
            file: health.clone(),
        };
        let subscriber = subscriber(log, file.clone(), on_terminal, is_terminal);
        if subscriber.try_init().is_ok() {
            std::panic::set_hook(Box::new(panicked));
            // The first line opens the file, so that trouble with it is told before anything else.
            tracing::info!(file = %log.path.display(), "the log begins");
        }
        Self { file, terminal, health }
    }

    /// What becomes of the lines for the file.
    pub fn health(&self) -> LogHealth {
        self.health.clone()
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        self.file.drain(LAST_WORDS);
        self.terminal.drain(LAST_WORDS);
    }
}

/// Standard error, and who may be reading there.
#[derive(Debug, Clone)]
struct Terminal {
    queue: Queue,
    everything: bool,
    file: LogHealth,
}

impl Terminal {
    /// Whether lines go there that nobody has to look at.
    fn gets_everything(&self) -> bool {
        self.everything || self.file.get() == Health::Failed
    }
}

/// What becomes of lines and spans.
fn subscriber(log: &Log, file: Queue, terminal: Terminal, colours: bool) -> impl Subscriber + Send + Sync {
    let in_file =
        fmt::layer().with_ansi(false).with_file(true).with_line_number(true).with_writer(file.clone());
    let on_terminal = fmt::layer().with_ansi(colours).with_writer(terminal.queue.clone());
    let on_terminal = on_terminal.with_filter(dynamic_filter_fn({
        let terminal = terminal.clone();
        move |line, _| {
            // Spans always: they hold the request id.
            !profiler::is_profiled(line)
                && (terminal.gets_everything() || line.is_span() || *line.level() <= Level::WARN)
        }
    }));
    // A filter is asked for each line, and a layer that is not there would keep callsites from being turned off.
    let in_file: Box<dyn Layer<Layered<EnvFilter, Registry>> + Send + Sync> = if log.profile {
        let profiler = Profiler { file, terminal }.with_filter(filter_fn(Profiler::sees));
        profiler.and_then(in_file.with_filter(filter_fn(|line| !profiler::is_profiled(line)))).boxed()
    } else {
        in_file.boxed()
    };
    // The file comes first: what the first layer makes of a span is used by the second, and must not have colours.
    tracing_subscriber::registry().with(filter(log)).with(in_file).with(on_terminal)
}

/// What is logged at all.
fn filter(log: &Log) -> EnvFilter {
    // `config`'s level, not the environment's: `RUST_LOG` could turn on lines of the driver that hold values.
    let filter = EnvFilter::default().add_directive(Directive::from(LevelFilter::from(log.level)));
    // These say at `debug` what they are sent, one-time codes and tokens among it.
    let quiet = ["mysql_async=info", "lettre=info", "hyper=info", "actix_http=info", "actix_server=warn"];
    let profiled = if log.profile { LevelFilter::TRACE } else { LevelFilter::OFF };
    let profiled = format!("{}={profiled}", profiler::TARGET);
    let rules = quiet.into_iter().chain([profiled.as_str()]);
    rules.filter_map(|rule| rule.parse().ok()).fold(filter, EnvFilter::add_directive)
}

/// The standard hook writes to standard error itself, and so would wait for its reader.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let said = panic.to_string().replace('\n', " ");
    tracing::error!(thread = thread.name().unwrap_or("-"), "{said}");
}

impl From<LogLevel> for LevelFilter {
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
