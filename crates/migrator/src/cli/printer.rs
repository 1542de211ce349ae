//! The progress of a run: a line for each file, and a word about statements that take long.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::console::say;
use crate::Progress;

/// How long a statement may take before it is named.
const LONG: Duration = Duration::from_secs(3);
/// How long until the next line about the same statement, where a line cannot be written over; then doubled.
const NEXT_LINE: Duration = Duration::from_secs(10);

pub(super) struct Printer<'a> {
    out: &'a mut (dyn Write + Send),
    in_place: bool,
    width: usize,
    now: Option<Current>,
}

/// The statement that runs.
struct Current {
    file: String,
    number: usize,
    of: usize,
    since: Instant,
    next_line: Duration,
}

impl<'a> Printer<'a> {
    /// For files whose names have at most this width.
    pub(super) fn new(out: &'a mut (dyn Write + Send), in_place: bool, width: usize) -> Self {
        Self { out, in_place, width, now: None }
    }

    pub(super) fn print(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Waiting { holder, .. } => {
                say(self.out, format!("Waiting for another runner: {holder} …"));
            }
            Progress::Statement { file, number, of } => {
                let (file, since) = (file.to_owned(), Instant::now());
                self.now = Some(Current { file, number, of, since, next_line: NEXT_LINE });
                if self.in_place && number == 1 {
                    self.write_over(&self.line());
                }
            }
            Progress::Finished(file) => {
                let line = format!(
                    "{}  {:>7.2} s",
                    self.begin(&file.file, file.statements),
                    file.duration.as_secs_f64()
                );
                self.now = None;
                self.end_line(&line);
            }
        }
    }

    /// To be called now and then.
    pub(super) fn tick(&mut self) {
        let Some(now) = &mut self.now else { return };
        let long = now.since.elapsed();
        if self.in_place && long >= LONG {
            self.write_over(&self.line());
        } else if !self.in_place && long >= now.next_line {
            now.next_line *= 2;
            let line = self.line();
            say(self.out, line);
        }
    }

    /// After a failure the file that was begun has no end.
    pub(super) fn fail(&mut self) {
        if let Some(now) = self.now.take() {
            let line = format!("{}    failed", self.begin(&now.file, now.of));
            self.end_line(&line);
        }
    }

    fn begin(&self, file: &str, statements: usize) -> String {
        let (width, noun) = (self.width, if statements == 1 { "statement" } else { "statements" });
        format!("{file:width$}  {statements:>3} {noun:10}")
    }

    /// What is under way.
    fn line(&self) -> String {
        let Some(now) = &self.now else { return String::new() };
        let begin = self.begin(&now.file, now.of);
        match now.since.elapsed() {
            long if long >= LONG => {
                format!("{begin}  {:>7} s on statement {} of {}", long.as_secs(), now.number, now.of)
            }
            _ => begin,
        }
    }

    fn write_over(&mut self, line: &str) {
        let _: io::Result<()> = write!(self.out, "\r\x1b[K{line}").and_then(|()| self.out.flush());
    }

    fn end_line(&mut self, line: &str) {
        if self.in_place {
            self.write_over(line);
            say(self.out, "");
        } else {
            say(self.out, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Printer;
    use crate::Progress;

    /// What is written about statement 2 of 3, which has been running for so long.
    fn after(seconds: u64, in_place: bool) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, in_place, 8);
        printer.print(Progress::Statement { file: "01_a.sql", number: 2, of: 3 });
        printer.now.as_mut().unwrap().since =
            Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        printer.tick();
        printer.tick();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_long_statement_is_named_in_place_on_a_terminal_and_now_and_then_elsewhere() {
        let line = "01_a.sql    3 statements       12 s on statement 2 of 3";
        assert_eq!(after(12, true), format!("\r\x1b[K{line}\r\x1b[K{line}"));
        assert_eq!(after(12, false), format!("{line}\n"));
        assert_eq!(after(5, false), "");
        assert_eq!(after(1, true), "");
    }
}
