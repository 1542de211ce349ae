//! What the log says about statements: their text and their time, never their values.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// Which statements are logged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watch {
    /// Those that take as long as this, or none.
    pub(crate) slow: Option<Duration>,
    /// All.
    pub(crate) echo: bool,
}

impl Watch {
    pub(crate) fn start(self, sql: &'static str) -> Watched {
        Watched { watch: self, sql, start: Instant::now() }
    }
}

/// A statement that runs. It is logged when this is dropped, so also if its future is dropped: who gives up does so
/// mostly on slow ones. That happens in the span of the caller, which says for which request it was.
pub(crate) struct Watched {
    watch: Watch,
    sql: &'static str,
    pub(crate) start: Instant,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let time = self.start.elapsed();
        // Microseconds are as exact as anybody reads.
        let ms = time.as_micros() as f64 / 1e3;
        if self.watch.slow.is_some_and(|limit| time >= limit) {
            tracing::warn!(ms, sql = %OneLine(self.sql), "slow statement");
        } else if self.watch.echo {
            tracing::info!(ms, sql = %OneLine(self.sql), "statement");
        }
    }
}

/// A statement may be written over several lines; a log is read by the line.
struct OneLine(&'static str);

impl fmt::Display for OneLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.0.split_whitespace().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}
