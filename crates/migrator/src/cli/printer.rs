//! The progress of a run: a line for each file, and a word about statements that take long.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::console::say;
use crate::Progress;
use crate::shown::beginning;

/// Between two lines about a file, where a line cannot be written over; then doubled.
const NEXT_LINE: Duration = Duration::from_secs(10);
/// Between two statements that are shown in place: more often is no use to an eye, and a terminal may be slow.
const GLANCE: Duration = Duration::from_millis(100);

/// A terminal has at least this many.
const COLUMNS: usize = 79;
/// Enough of a statement for its beginning; the whole of it may be megabytes.
const LOOKED_AT: usize = 300;

pub(super) struct Printer<'a> {
    out: &'a mut (dyn Write + Send),
    in_place: bool,
    width: usize,
    now: Option<Current>,
}

/// The file that runs.
struct Current {
    file: String,
    /// The statement that runs.
    number: usize,
    of: usize,
    /// Its beginning.
    text: String,
    /// When that statement began.
    since: Instant,
    /// When something was written about the file, or it began.
    told: Instant,
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
            Progress::GoingOn { file, done, of } => {
                say(self.out, format!("Going on with {file}: {done} of {of} statements are done."));
            }
            Progress::Statement { file, number, of, text } => self.begin(file, number, of, text),
            Progress::Again { file, number, attempt, of } => {
                let line = format!(
                    "{file}, statement {number}: a lock is not free, attempt {attempt} of {of} follows"
                );
                self.end_line(&line);
            }
            Progress::Finished(file) => {
                let (begin, seconds) = (self.whole(&file.file, file.statements), file.duration.as_secs_f64());
                self.now = None;
                self.end_line(&format!("{begin}  {seconds:>7.2} s"));
            }
        }
    }

    fn begin(&mut self, file: &str, number: usize, of: usize, text: &str) {
        let at = Instant::now();
        let same = self.now.take().filter(|now| now.file == file);
        let is_new = same.is_none();
        let now = same.unwrap_or_else(|| Current {
            file: file.to_owned(),
            number,
            of,
            text: String::new(),
            since: at,
            told: at,
            next_line: NEXT_LINE,
        });
        let glance = is_new || now.told.elapsed() >= GLANCE;
        self.now = Some(Current { number, of, text: shown(text), since: at, ..now });
        if self.in_place && glance {
            self.show();
        }
    }

    /// To be called now and then.
    pub(super) fn tick(&mut self) {
        let Some(now) = &mut self.now else { return };
        if self.in_place {
            self.show();
        } else if now.told.elapsed() >= now.next_line {
            now.next_line *= 2;
            now.told = Instant::now();
            let line = self.line();
            say(self.out, line);
        }
    }

    /// After a failure the file that was begun has no end.
    pub(super) fn fail(&mut self) {
        if let Some(now) = self.now.take() {
            let line = format!("{}    failed", self.whole(&now.file, now.of));
            self.end_line(&line);
        }
    }

    fn whole(&self, file: &str, statements: usize) -> String {
        let (width, noun) = (self.width, if statements == 1 { "statement" } else { "statements" });
        format!("{file:width$}  {statements:>3} {noun:10}")
    }

    /// What is under way.
    fn line(&self) -> String {
        let Some(Current { file, number, of, text, since, .. }) = &self.now else { return String::new() };
        let (width, seconds) = (self.width, since.elapsed().as_secs());
        let line = format!("{file:width$}  statement {number} of {of}, {seconds} s: {text}");
        match line.char_indices().nth(COLUMNS) {
            // A line that wraps cannot be written over.
            Some((end, _)) if self.in_place => line.get(..end).unwrap_or_default().to_owned(),
            _ => line,
        }
    }

    fn show(&mut self) {
        let line = self.line();
        self.write_over(&line);
        if let Some(now) = &mut self.now {
            now.told = Instant::now();
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

/// As much of a statement as is ever shown, without what a terminal would take for a command.
fn shown(text: &str) -> String {
    let text: String = text.chars().take(LOOKED_AT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    beginning(&text)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{COLUMNS, Printer};
    use crate::Progress;

    /// What is written about statement 2 of 3, which, as its file, has been running for so long.
    fn after(seconds: u64, in_place: bool) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, in_place, 8);
        printer.print(Progress::Statement { file: "01_a.sql", number: 2, of: 3, text: "DO\n  2" });
        let begun = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        let now = printer.now.as_mut().unwrap();
        (now.since, now.told) = (begun, begun);
        printer.tick();
        printer.tick();
        String::from_utf8(out).unwrap()
    }

    fn written(line: &str) -> String {
        format!("\r\x1b[K{line}")
    }

    #[test]
    fn a_statement_is_shown_in_place_with_its_time_on_a_terminal_and_now_and_then_elsewhere() {
        let line = |seconds| format!("01_a.sql  statement 2 of 3, {seconds} s: DO 2");
        let in_place = [written(&line(0)), written(&line(12)), written(&line(12))];
        assert_eq!(after(12, true), in_place.concat());
        assert_eq!(after(12, false), format!("{}\n", line(12)));
        assert_eq!(after(5, false), "");
    }

    #[test]
    fn each_statement_is_shown_in_place_but_no_more_often_than_anybody_could_see() {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, true, 8);
        for number in 1..=100 {
            printer.print(Progress::Statement { file: "01_a.sql", number, of: 101, text: "DO 1" });
        }
        let now = printer.now.as_mut().unwrap();
        now.told = now.told.checked_sub(Duration::from_secs(1)).unwrap();
        printer.print(Progress::Statement { file: "01_a.sql", number: 101, of: 101, text: "DO 1" });
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(&written("01_a.sql  statement 1 of 101, 0 s: DO 1")), "{text}");
        assert!(text.ends_with(&written("01_a.sql  statement 101 of 101, 0 s: DO 1")), "{text}");
        assert!(text.matches('\r').count() < 50, "{text}");
    }

    #[test]
    fn a_file_of_many_statements_is_told_of_although_none_takes_long() {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, false, 8);
        printer.print(Progress::Statement { file: "01_a.sql", number: 1, of: 9, text: "DO 1" });
        let now = printer.now.as_mut().unwrap();
        now.told = now.told.checked_sub(Duration::from_secs(11)).unwrap();
        printer.print(Progress::Statement { file: "01_a.sql", number: 7, of: 9, text: "DO 7" });
        printer.tick();
        assert_eq!(String::from_utf8(out).unwrap(), "01_a.sql  statement 7 of 9, 0 s: DO 7\n");
    }

    #[test]
    fn a_statement_is_shown_as_far_as_a_terminal_is_wide_and_commands_it_none() {
        let written = |in_place| {
            let mut out = Vec::new();
            let mut printer = Printer::new(&mut out, in_place, 8);
            let text = &format!("INSERT INTO a VALUES ('\x1b[2J{}')", "ä".repeat(100_000));
            printer.print(Progress::Statement { file: "01_a.sql", number: 1, of: 1, text });
            printer.now.as_mut().unwrap().told = Instant::now().checked_sub(Duration::from_secs(11)).unwrap();
            printer.tick();
            String::from_utf8(out).unwrap()
        };
        let last = |text: String| text.rsplit("\x1b[K").next().unwrap().trim_end().to_owned();
        let (cut, whole) = (last(written(true)), last(written(false)));
        assert_eq!(cut.chars().count(), COLUMNS);
        assert!(whole.starts_with(&cut) && whole.ends_with(" …") && !whole.contains('\x1b'), "{whole}");
        let mut out = Vec::new();
        let text = "CREATE USER a IDENTIFIED BY 'wonderful'";
        let mut printer = Printer::new(&mut out, true, 8);
        printer.print(Progress::Statement { file: "01_a.sql", number: 1, of: 1, text });
        assert!(!String::from_utf8(out).unwrap().contains("wonderful"));
    }
}
