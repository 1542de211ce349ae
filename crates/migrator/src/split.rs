//! Cuts the text of an SQL file into statements where the `mysql` client would.
//!
//! Text in quotes, backticks and comments is never cut. What ends a statement is the delimiter, `\g` or `\G`; `\c` takes
//! back what was begun. The differences from the client are for the better of the file:
//!
//! - What the client would do beside talking to the server (`source`, `\!`) is an error here, before anything is run.
//! - So is a delimiter inside an executable comment (`/*! … */`): the client sends both halves, and servers refuse them.
//! - `DELIMITER` is a command wherever a statement could begin, not only at the beginning of a line.
//! - A delimiter may begin with any character; the client finds none that begins with one outside of ASCII.
//! - Comments within a statement are sent, and the line ends within a text stay as they are.
//! - `$$` is no quote. To MySQL's client from 9.0 on it is one, as it may be around a program in another language than SQL:
//!   give such a program a `DELIMITER`.

use std::fmt;

use crate::sql::token::is_blank;
use crate::{Kind, sql};
use lexer::Lexer;

mod lexer;

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
    /// A delimiter between `/*!` and `*/`; it would cut the code there in two.
    DelimiterInComment,
    /// `DELIMITER` with nothing after it, or with a backslash.
    BadDelimiter,
    /// A command of the client, such as `source`, where a statement should begin.
    ClientCommand(&'static str),
    /// A short command of the client, such as `\!`; the character after the backslash.
    BackslashCommand(char),
}

impl fmt::Display for SplitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote(quote) => write!(f, "a {quote} is opened here and never closed"),
            Self::OpenComment => f.write_str("a /* is opened here and never closed"),
            Self::DelimiterInComment => f.write_str(
                "the delimiter ends the statement inside of a /*! */: change it with DELIMITER before",
            ),
            Self::BadDelimiter => {
                f.write_str("DELIMITER needs a character or word after it, without a backslash")
            }
            Self::ClientCommand(word) => {
                write!(f, "`{word}` is a command of the mysql client, which is not at work here: take it out")
            }
            Self::BackslashCommand(command) => write!(
                f,
                "a backslash outside of quotes begins a command of the mysql client, which is not at work here: take \
                 out `\\{}`",
                command.escape_debug()
            ),
        }
    }
}

/// The statements of `source`, in order.
///
/// # Errors
/// [`SplitProblem`] lists them. Nothing else is judged here: what is no SQL is for the server to refuse.
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
    let mut lexer = Lexer::new(source);
    let mut pieces = Vec::new();
    let (mut begun, mut line) = (0, 1);
    loop {
        lexer.skip_between()?;
        let start = lexer.at();
        if start < source.len() && !lexer.skip_statement()? {
            continue;
        }
        let between = source.get(begun..start).unwrap_or_default();
        if !between.is_empty() {
            pieces.push(Piece::Between(between));
        }
        line += newlines(between);
        let text = source.get(start..lexer.at()).unwrap_or_default().trim_end_matches(is_blank);
        if text.is_empty() {
            return Ok(pieces);
        }
        pieces.push(Piece::Statement(Statement { text, line }));
        line += newlines(text);
        begun = start + text.len();
    }
}

/// Each comment that two dashes begin, and where it begins, in bytes; up to the place where the file cannot be cut.
pub(crate) fn dash_comments(source: &str) -> Vec<(usize, &str)> {
    let mut lexer = Lexer::new(source);
    while lexer.skip_between().is_ok() && lexer.at() < source.len() && lexer.skip_statement().is_ok() {}
    lexer.dash_comments().collect()
}

pub(crate) fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
pub(crate) mod tests;
