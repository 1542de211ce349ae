//! Cuts the text of an SQL file into statements where the `mysql` client would.
//!
//! Text in quotes, backticks and comments is never cut. Two deliberate differences from the client: a delimiter inside
//! an executable comment (`/*! … */`) does not end the statement, and `DELIMITER` is a command only where a statement
//! could begin, so that a column may have this name.

use std::fmt;

use crate::{Kind, sql};

/// One statement of a file, without its delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// What is sent to the server: from the first word to the last, comments in between included.
    pub text: &'a str,
    /// The line of the file on which the statement begins, counted from 1.
    pub line: usize,
}

impl Statement<'_> {
    /// What it does.
    pub fn kind(&self) -> Kind {
        Kind::of(self.text)
    }

    /// The SHA-256 of what it says, as hexadecimal digits: comments, and blanks outside of texts, do not count.
    /// Executable comments and optimizer hints do, and so does letter case.
    pub fn digest(&self) -> String {
        sql::statement_digest(self.text)
    }
}

/// A part of a file. The parts of a file one after the other are the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A statement.
    Statement(Statement<'a>),
    /// What stands around statements: blanks, comments, delimiters, `DELIMITER` commands, a byte order mark.
    Between(&'a str),
}

/// Why a file cannot be cut into statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct SplitError {
    /// What is wrong.
    pub problem: SplitProblem,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

/// What can be wrong with the text of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitProblem {
    /// A quoted text or name that nothing ends; the quote character that is missing.
    OpenQuote(char),
    /// A `/*` without its `*/`.
    OpenComment,
    /// `DELIMITER` with nothing after it, or with a backslash.
    BadDelimiter,
}

impl fmt::Display for SplitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote(quote) => write!(f, "a {quote} is opened here and never closed"),
            Self::OpenComment => f.write_str("a /* is opened here and never closed"),
            Self::BadDelimiter => {
                f.write_str("DELIMITER needs a character or word after it, without a backslash")
            }
        }
    }
}

/// The statements of `source`, in order.
///
/// # Errors
/// A quote or comment that is never closed, or a `DELIMITER` command that names none. Nothing else is judged here: what
/// is no SQL is for the server to refuse.
///
/// ```
/// let file = "-- two; statements\nSELECT ';';\nSELECT 2";
/// let statements = kseekers_migrator::split(file)?;
/// assert_eq!(statements.len(), 2);
/// assert_eq!((statements[0].text, statements[0].line), ("SELECT ';'", 2));
/// # Ok::<(), kseekers_migrator::SplitError>(())
/// ```
pub fn split(source: &str) -> Result<Vec<Statement<'_>>, SplitError> {
    let is_statement = |piece| match piece {
        Piece::Statement(statement) => Some(statement),
        Piece::Between(_) => None,
    };
    Ok(pieces(source)?.into_iter().filter_map(is_statement).collect())
}

/// All of `source`, cut into pieces: statements and what stands around them.
///
/// # Errors
/// As [`split`].
pub fn pieces(source: &str) -> Result<Vec<Piece<'_>>, SplitError> {
    let mut lexer = Lexer { source, at: 0, delimiter: ";" };
    let mut pieces = Vec::new();
    let (mut begun, mut line) = (0, 1);
    if source.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    loop {
        lexer.skip_between()?;
        let between = source.get(begun..lexer.at).unwrap_or_default();
        if !between.is_empty() {
            pieces.push(Piece::Between(between));
        }
        line += newlines(between);
        begun = lexer.at;
        if lexer.rest().is_empty() {
            return Ok(pieces);
        }
        lexer.skip_statement()?;
        let text = source.get(begun..lexer.at).unwrap_or_default().trim_ascii_end();
        pieces.push(Piece::Statement(Statement { text, line }));
        line += newlines(text);
        begun += text.len();
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Reads through the text; `at` is always the boundary of a character, as every mark that it stops at is ASCII or was
/// matched as a whole.
struct Lexer<'a> {
    source: &'a str,
    at: usize,
    delimiter: &'a str,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn error(&self, problem: SplitProblem) -> SplitError {
        let before = self.source.get(..self.at).unwrap_or_default();
        SplitError { problem, line: newlines(before) + 1 }
    }

    /// To the beginning of the next statement, or the end.
    fn skip_between(&mut self) -> Result<(), SplitError> {
        loop {
            let rest = self.rest();
            if rest.starts_with(|first: char| first.is_ascii_whitespace()) {
                self.at += 1;
            } else if rest.starts_with(self.delimiter) {
                self.at += self.delimiter.len();
            } else if rest.starts_with('#') || rest.starts_with("--") {
                // Before a statement the client takes `--` for a comment even without the blank that must follow it
                // elsewhere; no statement begins so.
                self.skip_line();
            } else if rest.starts_with("/*") && !is_executable(rest) {
                self.skip_comment()?;
            } else if let Some(argument) = delimiter_argument(rest) {
                self.delimiter = argument.ok_or_else(|| self.error(SplitProblem::BadDelimiter))?;
                self.skip_line();
            } else {
                return Ok(());
            }
        }
    }

    /// To the delimiter that ends the statement, or to the end of the text.
    fn skip_statement(&mut self) -> Result<(), SplitError> {
        let mut executable: Option<SplitError> = None;
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { break };
            if executable.is_none() && rest.starts_with(self.delimiter) {
                break;
            }
            match first {
                '\'' | '"' | '`' => self.skip_quoted(first)?,
                '#' => self.skip_line(),
                '-' if is_dash_comment(rest) => self.skip_line(),
                '/' if executable.is_none() && is_executable(rest) => {
                    executable = Some(self.error(SplitProblem::OpenComment));
                    self.at += "/*".len();
                }
                '/' if rest.starts_with("/*") => self.skip_comment()?,
                '*' if executable.is_some() && rest.starts_with("*/") => {
                    executable = None;
                    self.at += "*/".len();
                }
                _ => self.at += first.len_utf8(),
            }
        }
        executable.map_or(Ok(()), Err)
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) -> Result<(), SplitError> {
        let inside = self.rest().get("/*".len()..).unwrap_or_default();
        let end = inside.find("*/").ok_or_else(|| self.error(SplitProblem::OpenComment))?;
        self.at += "/*".len() + end + "*/".len();
        Ok(())
    }

    /// Past the closing quote. A doubled quote needs no care: it ends one quoted text and begins the next.
    fn skip_quoted(&mut self, quote: char) -> Result<(), SplitError> {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            if character == quote {
                self.at += offset + quote.len_utf8();
                return Ok(());
            }
            if character == '\\' && quote != '`' {
                characters.next();
            }
        }
        Err(self.error(SplitProblem::OpenQuote(quote)))
    }
}

/// `/*! … */`, and MariaDB's `/*M! … */`, are code that only some servers run.
fn is_executable(rest: &str) -> bool {
    rest.starts_with("/*!") || rest.starts_with("/*M!")
}

/// Within a statement two dashes begin a comment only before a blank: `5--3` is eight.
fn is_dash_comment(rest: &str) -> bool {
    rest.strip_prefix("--").is_some_and(|after| {
        after.chars().next().is_none_or(|next| next.is_ascii_whitespace() || next.is_ascii_control())
    })
}

/// What a `DELIMITER` command at the beginning of `rest` names: `None` if there is no such command, `Some(None)` if it
/// names nothing usable.
fn delimiter_argument(rest: &str) -> Option<Option<&str>> {
    const COMMAND: &str = "delimiter";
    let (word, after) = rest.split_at_checked(COMMAND.len())?;
    let blank_follows = after.chars().next().is_none_or(|next| next.is_ascii_whitespace());
    if !word.eq_ignore_ascii_case(COMMAND) || !blank_follows {
        return None;
    }
    let argument = after.lines().next().unwrap_or_default().split_ascii_whitespace().next();
    Some(argument.filter(|argument| !argument.contains('\\')))
}

#[cfg(test)]
pub(crate) mod tests;
