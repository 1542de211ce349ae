//! Where a program writes, and asks.

use std::fmt;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use super::printer::Printer;
use super::{Answer, Common, human};
use crate::{MigrateError, exit};

/// Where a program writes, and asks.
pub struct Console<'a> {
    out: Stream<'a>,
    err: Stream<'a>,
    /// Somebody who can be asked.
    input: Option<Box<dyn BufRead + Send + 'a>>,
}

struct Stream<'a> {
    to: Box<dyn Write + Send + 'a>,
    is_terminal: bool,
}

impl fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").finish_non_exhaustive()
    }
}

impl Console<'static> {
    /// Standard output and standard error of this process, and on a terminal whoever sits at it.
    pub fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        let asks = err_is_terminal && io::stdin().is_terminal();
        Self {
            out: Stream { to: Box::new(out), is_terminal: out_is_terminal },
            err: Stream { to: Box::new(err), is_terminal: err_is_terminal },
            input: asks.then(|| Box::new(BufReader::new(io::stdin())) as Box<_>),
        }
    }
}

impl<'a> Console<'a> {
    /// Results go to `out`, what is wrong to `err`; nobody is asked.
    pub fn new(out: impl Write + Send + 'a, err: impl Write + Send + 'a) -> Self {
        let stream = |to| Stream { to, is_terminal: false };
        Self { out: stream(Box::new(out)), err: stream(Box::new(err)), input: None }
    }

    /// Questions go to the errors, and their answers are lines of `input`.
    #[must_use]
    pub fn with_input(mut self, input: impl BufRead + Send + 'a) -> Self {
        self.input = Some(Box::new(input));
        self
    }

    /// Writes a line to the results.
    pub fn say(&mut self, text: impl fmt::Display) {
        say(&mut self.out.to, text);
    }

    /// Writes a line to what is wrong.
    pub fn warn(&mut self, text: impl fmt::Display) {
        say(&mut self.err.to, text);
    }

    /// Answers a command that came to nothing before it was begun, such as for a configuration that cannot be used.
    /// Returns the exit code.
    pub fn refuse(&mut self, command: &str, common: &Common, exit_code: u8, why: impl fmt::Display) -> u8 {
        self.answer(command, common, Answer { exit_code, ..Answer::saying(why.to_string()) })
    }

    /// Has it confirmed that something is done: by `--yes`, or by whoever can be asked. The question says what is done, and
    /// may have several lines. The whole thread waits for the answer, so ask before taking the lock.
    ///
    /// # Errors
    /// [`MigrateError::NotConfirmed`].
    pub fn confirm(&mut self, common: &Common, question: &str) -> Result<(), MigrateError> {
        if common.yes {
            return Ok(());
        }
        let Some(input) = &mut self.input else {
            let why = format!("{question} Nobody can be asked here: confirm it with --yes");
            return Err(MigrateError::NotConfirmed { why });
        };
        let _: io::Result<()> = write!(self.err.to, "{question} [y/N] ").and_then(|()| self.err.to.flush());
        let mut answer = String::new();
        let _: io::Result<usize> = input.read_line(&mut answer);
        if ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
            Ok(())
        } else {
            Err(MigrateError::NotConfirmed { why: "Not confirmed".to_owned() })
        }
    }

    pub(crate) fn finish(
        &mut self,
        command: &str,
        common: &Common,
        done: Result<Answer, MigrateError>,
    ) -> u8 {
        self.answer(command, common, done.unwrap_or_else(|error| Answer::of_error(&error)))
    }

    pub(crate) fn answer(&mut self, command: &str, common: &Common, mut answer: Answer) -> u8 {
        command.clone_into(&mut answer.command);
        answer.outcome = exit::name(answer.exit_code);
        if common.json {
            // A map of texts and numbers: there is nothing in it that could fail.
            self.say(serde_json::to_string(&answer).unwrap_or_default());
        } else {
            human::print(&answer, &mut *self);
        }
        answer.exit_code
    }

    /// Tells what is under way; beside an answer in JSON it must not be.
    pub(super) fn tell(&mut self, common: &Common, text: impl fmt::Display) {
        if common.json { self.warn(text) } else { self.say(text) }
    }

    /// Tells the progress of a run; beside an answer in JSON it must not be.
    pub(super) fn printer(&mut self, common: &Common, width: usize) -> Printer<'_> {
        let stream = if common.json { &mut self.err } else { &mut self.out };
        Printer::new(&mut *stream.to, stream.is_terminal, width)
    }
}

/// A reader that has gone away is no reason to stop a migration.
pub(super) fn say(to: &mut (impl Write + ?Sized), text: impl fmt::Display) {
    let _: io::Result<()> = writeln!(to, "{text}").and_then(|()| to.flush());
}

#[cfg(test)]
mod tests {
    use super::Console;
    use crate::cli::Common;

    /// What comes of a question, and what was written.
    fn ask(input: Option<&str>, yes: bool) -> (Result<(), String>, String) {
        let mut err = Vec::new();
        let console = Console::new(Vec::new(), &mut err);
        let mut console = match input {
            Some(input) => console.with_input(input.as_bytes()),
            None => console,
        };
        let common = Common { yes, ..Common::default() };
        let confirmed =
            console.confirm(&common, "Two rows.\nShall they go?").map_err(|error| error.to_string());
        drop(console);
        (confirmed, String::from_utf8(err).unwrap())
    }

    #[test]
    fn only_a_yes_confirms() {
        let asked = "Two rows.\nShall they go? [y/N] ".to_owned();
        for yes in ["y\n", "Yes\n"] {
            assert_eq!(ask(Some(yes), false), (Ok(()), asked.clone()));
        }
        for no in ["\n", "n\n", "yesterday\n", ""] {
            let refused = Err("Not confirmed. Nothing was changed".to_owned());
            assert_eq!(ask(Some(no), false), (refused, asked.clone()));
        }
    }

    #[test]
    fn where_nobody_can_be_asked_an_option_confirms() {
        assert_eq!(ask(None, true), (Ok(()), String::new()));
        let refused =
            "Two rows.\nShall they go? Nobody can be asked here: confirm it with --yes. Nothing was changed";
        assert_eq!(ask(None, false), (Err(refused.to_owned()), String::new()));
    }
}
