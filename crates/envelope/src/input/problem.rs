//! What can be wrong with input, and the words for it.

use std::{borrow::Cow, fmt};

use crate::{Code, ErrorCode};

/// What is wrong with the value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The key is not there.
    Missing,
    /// The value is `null`, which it may not be.
    Null,
    /// Wrong type, out of range, or with characters that no text may hold.
    Incorrect,
    /// More than so many characters.
    TooLong(usize),
    /// More than so many bytes.
    TooManyBytes(usize),
    /// Fewer than so many characters.
    TooShort(usize),
    /// A rule of the business, as a whole sentence.
    Sentence(&'static str),
}

impl Problem {
    /// The line for `errorStack`, naming the field by the key that clients use.
    pub fn line(self, key: &str) -> String {
        match self {
            Problem::Missing => format!("{key} key Required field"),
            Problem::Null => format!("{key} key None"),
            Problem::Incorrect => format!("{key} data incorrect"),
            Problem::TooLong(most) => format!("{key} must be at most {most} characters"),
            Problem::TooManyBytes(most) => format!("{key} must be at most {most} bytes"),
            Problem::TooShort(least) => format!("{key} must be at least {least} characters"),
            Problem::Sentence(sentence) => sentence.to_owned(),
        }
    }
}

/// Everything that is wrong with one input; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    first: Cow<'static, str>,
    more: Vec<String>,
}

impl Problems {
    /// The input as a whole cannot be read: it is not JSON, or not an object.
    pub fn unreadable() -> Self {
        Self::rule(Code::BadRequest.message())
    }

    /// One broken rule of the business.
    pub fn rule(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { first: sentence.into(), more: Vec::new() }
    }

    /// The lines in the order given; `None` if there are none.
    pub fn from_lines(lines: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut lines = lines.into_iter();
        let first = lines.next()?.into();
        Some(Self { first, more: lines.collect() })
    }

    /// One line for each problem, in the order of the fields.
    pub fn lines(&self) -> Vec<String> {
        std::iter::once(self.first.clone().into_owned()).chain(self.more.iter().cloned()).collect()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("; "))
    }
}

impl std::error::Error for Problems {}

impl ErrorCode for Problems {
    fn code(&self) -> Code {
        Code::BadRequest
    }

    fn message(&self) -> Cow<'static, str> {
        self.first.clone()
    }

    fn stack(&self) -> Vec<String> {
        self.lines()
    }
}
