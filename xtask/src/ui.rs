//! How progress is shown: one line for each step, kept current on a terminal, plain in a log.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// One step that a person waits for.
pub(crate) struct Progress {
    out: Box<dyn Write>,
    /// On a terminal the line is drawn again as time passes.
    live: bool,
    text: String,
    began: Instant,
    /// A step that takes no longer than this is not worth a line.
    patience: Duration,
    shown: Shown,
}

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    /// The step's own line, which has not ended yet.
    Open(Duration),
    /// The line is a heading now, with lines below it.
    Heading,
}

/// How often a line is drawn again.
const REDRAW: Duration = Duration::from_millis(200);

impl Progress {
    /// A step on the way to something else: told on standard error once it takes longer than a second.
    pub(crate) fn aside(text: impl Into<String>) -> Self {
        let error = io::stderr();
        Self::new(text.into(), Duration::from_secs(1), error.is_terminal(), Box::new(error))
    }

    /// A step that is a result in itself: told on standard output from its beginning.
    pub(crate) fn step(text: impl Into<String>) -> Self {
        let output = io::stdout();
        let mut step = Self::new(text.into(), Duration::ZERO, output.is_terminal(), Box::new(output));
        step.tick("");
        step
    }

    fn new(text: String, patience: Duration, live: bool, out: Box<dyn Write>) -> Self {
        Self { out, live, text, began: Instant::now(), patience, shown: Shown::Nothing }
    }

    /// Shows that time passes, with a few words on how far the step is.
    pub(crate) fn tick(&mut self, detail: &str) {
        let took = self.began.elapsed();
        let due = match self.shown {
            Shown::Nothing => took >= self.patience,
            Shown::Open(drawn) => self.live && took - drawn >= REDRAW,
            Shown::Heading => false,
        };
        if due {
            let line = match self.live {
                true => format!("\r{} … {} {detail}\x1b[K", self.text, seconds(took)),
                false => format!("{} … ", self.text),
            };
            self.put(&line);
            self.shown = Shown::Open(took);
        }
    }

    /// A line below the step that stays.
    pub(crate) fn line(&mut self, text: &str) {
        match (self.shown, self.live) {
            (Shown::Heading, _) => {}
            (Shown::Open(_), false) => self.put("\n"),
            _ => self.put(&format!("\r{}\x1b[K\n", self.text)),
        }
        self.shown = Shown::Heading;
        self.put(&format!("  {text}\n"));
    }

    /// Ends the step; an outcome other than "" is always shown, the time alone only when the step took long.
    pub(crate) fn finish(mut self, outcome: &str) -> Duration {
        let took = self.began.elapsed();
        let ending = match outcome {
            "" => seconds(took),
            _ => format!("{outcome}, {}", seconds(took)),
        };
        match (self.shown, self.live) {
            (Shown::Nothing, _) if outcome.is_empty() => {}
            (Shown::Nothing, _) => self.put(&format!("{} … {ending}\n", self.text)),
            (Shown::Open(_), false) => self.put(&format!("{ending}\n")),
            (Shown::Open(_), true) => self.put(&format!("\r{} … {ending}\x1b[K\n", self.text)),
            (Shown::Heading, _) => self.put(&format!("  {ending}\n")),
        }
        took
    }

    fn put(&mut self, text: &str) {
        // Who has closed our output does not want to see progress.
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }
}

/// `4.2 s`, `1 min 03 s`.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn progress(patience: Duration, screen: &Screen) -> Progress {
        Progress::new("building".into(), patience, false, Box::new(screen.clone()))
    }

    #[test]
    fn a_short_step_says_nothing() {
        let screen = Screen::default();
        let mut step = progress(Duration::from_secs(60), &screen);
        step.tick("");
        step.finish("");
        assert_eq!(screen.text(), "");
    }

    #[test]
    fn a_short_step_that_fails_says_so() {
        let screen = Screen::default();
        progress(Duration::from_secs(60), &screen).finish("failed");
        assert!(screen.text().starts_with("building … failed, 0.0 s\n"), "{}", screen.text());
    }

    #[test]
    fn a_long_step_is_one_line_in_a_log() {
        let screen = Screen::default();
        let mut step = progress(Duration::ZERO, &screen);
        step.tick("1 crate");
        step.tick("2 crates");
        step.finish("");
        assert_eq!(screen.text(), "building … 0.0 s\n");
    }

    #[test]
    fn lines_of_a_step_stand_below_it() {
        let screen = Screen::default();
        let mut step = progress(Duration::ZERO, &screen);
        step.tick("");
        step.line("one");
        step.tick("");
        step.line("two");
        step.finish("ok");
        assert_eq!(screen.text(), "building … \n  one\n  two\n  ok, 0.0 s\n");
    }

    #[test]
    fn minutes_are_told_as_minutes() {
        assert_eq!(seconds(Duration::from_millis(4_230)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(63)), "1 min 03 s");
    }
}
