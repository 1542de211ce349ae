//! Where a program writes.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use super::printer::Printer;
use super::{Answer, Common, human};
use crate::{MigrateError, exit};

/// Where a program writes.
pub struct Console<'a> {
    out: Stream<'a>,
    err: Stream<'a>,
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
    /// Standard output and standard error of this process.
    pub fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        Self {
            out: Stream { to: Box::new(out), is_terminal: out_is_terminal },
            err: Stream { to: Box::new(err), is_terminal: err_is_terminal },
        }
    }
}

impl<'a> Console<'a> {
    /// Results go to `out`, what is wrong to `err`.
    pub fn new(out: impl Write + Send + 'a, err: impl Write + Send + 'a) -> Self {
        let stream = |to| Stream { to, is_terminal: false };
        Self { out: stream(Box::new(out)), err: stream(Box::new(err)) }
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
