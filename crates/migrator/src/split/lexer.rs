//! Walks through a file as the `mysql` client does.

use super::{SplitError, SplitProblem, newlines};
use crate::sql::token::{comment, is_blank, is_dash_comment, is_executable, line, quoted};

/// The one command of the client that is obeyed here.
const DELIMITER: &str = "delimiter";

/// Commands of the client that begin no statement of SQL. `USE` and `HELP` are both.
const COMMANDS: &[&str] = &[
    "charset",
    "clear",
    "connect",
    DELIMITER,
    "edit",
    "ego",
    "exit",
    "go",
    "nopager",
    "notee",
    "nowarning",
    "pager",
    "print",
    "prompt",
    "quit",
    "rehash",
    "source",
    "status",
    "system",
    "tee",
    "warnings",
];

/// `at` is always the boundary of a character, as every mark that it stops at is ASCII or was matched as a whole.
pub(super) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    delimiter: &'a str,
    /// Where the comments begin that two dashes begin.
    dash_comments: Vec<usize>,
}

impl<'a> Lexer<'a> {
    /// At the beginning, past the byte order mark.
    pub(super) fn new(source: &'a str) -> Self {
        let at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { source, at, delimiter: ";", dash_comments: Vec::new() }
    }

    /// Each comment so far that two dashes begin, from these to the end of its line, and where it begins.
    pub(super) fn dash_comments(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.dash_comments.iter().filter_map(|at| {
            let rest = self.source.get(*at..)?;
            Some((*at, rest.get(..line(rest))?))
        })
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn error(&self, problem: SplitProblem) -> SplitError {
        let before = self.source.get(..self.at).unwrap_or_default();
        SplitError { problem, line: newlines(before) + 1 }
    }

    /// To the beginning of the next statement, or the end.
    pub(super) fn skip_between(&mut self) -> Result<(), SplitError> {
        loop {
            let rest = self.rest();
            if rest.starts_with(is_blank) {
                self.at += 1;
            } else if rest.starts_with(self.delimiter) {
                self.at += self.delimiter.len();
            } else if rest.starts_with('#') {
                self.at += line(rest);
            } else if rest.starts_with("--") {
                // Before a statement MariaDB's client takes `--` for a comment even without the blank that must follow
                // it elsewhere; no statement begins so.
                self.skip_dash_comment();
            } else if is_comment(rest) {
                self.skip_comment()?;
            } else if let Some((command, argument)) = self.command() {
                if command != DELIMITER {
                    return Err(self.error(SplitProblem::ClientCommand(command)));
                }
                self.delimiter = delimiter(argument).ok_or_else(|| self.error(SplitProblem::BadDelimiter))?;
                self.at += line(rest);
            } else if short_command(rest).is_some_and(|short| matches!(short, 'g' | 'G' | 'c')) {
                self.at += "\\g".len();
            } else {
                return Ok(());
            }
        }
    }

    /// The command of the client that stands here alone, and what follows it in its line.
    fn command(&self) -> Option<(&'static str, &'a str)> {
        let rest = self.rest();
        let letters = rest.find(|next: char| !next.is_ascii_alphabetic()).unwrap_or(rest.len());
        // A delimiter may be made of letters.
        let word = rest.get(..letters)?.split(self.delimiter).next()?;
        let command = COMMANDS.iter().find(|command| word.eq_ignore_ascii_case(command))?;
        let after = rest.get(word.len()..)?;
        if after.starts_with(self.delimiter) || after.starts_with('\\') {
            return Some((command, ""));
        }
        let alone = after.is_empty() || after.starts_with(is_blank);
        alone.then(|| (*command, after.lines().next().unwrap_or_default()))
    }

    /// To the mark that ends the statement, or to the end of the text. Past it, with `false`, if it was taken back.
    pub(super) fn skip_statement(&mut self) -> Result<bool, SplitError> {
        // Where the executable comments that are still open begin.
        let mut executable: Vec<usize> = Vec::new();
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { break };
            if rest.starts_with(self.delimiter) {
                break;
            }
            match first {
                '\\' => match short_command(rest) {
                    Some('g' | 'G') => break,
                    Some('c') => {
                        self.at += "\\c".len();
                        return Ok(false);
                    }
                    Some(command) => return Err(self.error(SplitProblem::BackslashCommand(command))),
                    None => self.at += "\\N".len(),
                },
                '\'' | '"' | '`' => {
                    let length = quoted(rest, first);
                    self.at += length.ok_or_else(|| self.error(SplitProblem::OpenQuote(first)))?;
                }
                '#' => self.at += line(rest),
                '-' if is_dash_comment(rest) => self.skip_dash_comment(),
                '/' if is_executable(rest) => {
                    executable.push(self.at);
                    self.at += "/*".len();
                }
                '/' if is_comment(rest) => self.skip_comment()?,
                '*' if rest.starts_with("*/") && executable.pop().is_some() => self.at += "*/".len(),
                _ => self.at += first.len_utf8(),
            }
        }
        match executable.pop() {
            None => Ok(true),
            Some(open) if self.rest().is_empty() => {
                self.at = open;
                Err(self.error(SplitProblem::OpenComment))
            }
            Some(_) => Err(self.error(SplitProblem::DelimiterInComment)),
        }
    }

    fn skip_dash_comment(&mut self) {
        self.dash_comments.push(self.at);
        self.at += line(self.rest());
    }

    fn skip_comment(&mut self) -> Result<(), SplitError> {
        let length = comment(self.rest());
        self.at += length.ok_or_else(|| self.error(SplitProblem::OpenComment))?;
        Ok(())
    }
}

fn is_comment(rest: &str) -> bool {
    rest.starts_with("/*") && !is_executable(rest)
}

/// The character after a backslash, unless it is `\N`, which is NULL. At the end of a line it is a blank.
fn short_command(rest: &str) -> Option<char> {
    let command = rest.strip_prefix('\\')?.chars().next().filter(|next| !is_blank(*next)).unwrap_or(' ');
    (command != 'N').then_some(command)
}

/// The first word of the argument, or what it has in quotes.
fn delimiter(argument: &str) -> Option<&str> {
    let argument = argument.trim_matches(is_blank);
    let quote = argument.chars().next().filter(|first| ['\'', '"', '`'].contains(first));
    let delimiter = match quote {
        Some(quote) => argument.strip_prefix(quote)?.split(quote).next()?,
        None => argument.split(is_blank).next()?,
    };
    let usable = !delimiter.is_empty() && !delimiter.contains('\\') && !delimiter.starts_with(is_blank);
    usable.then_some(delimiter)
}
