//! Text with a length.

use std::{fmt, ops::Deref};

use serde::Serialize;

use super::{Field, Kind, Problem, Scalar};

/// A name, code or identifier: trimmed, of `MIN` to `MAX` characters, without NUL.
///
/// ```
/// use kseekers_envelope::input::{Problem, Text};
///
/// assert_eq!(Text::<1, 5>::parse("  über ").unwrap().as_str(), "über");
/// assert_eq!(Text::<1, 5>::parse("longer"), Err(Problem::TooLong(5)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Trims the text and checks it.
    ///
    /// # Errors
    /// [`Problem::TooShort`], [`Problem::TooLong`], or [`Problem::Incorrect`] if it holds a NUL.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.contains('\0') {
            return Err(Problem::Incorrect);
        }
        // Bytes bound the characters from above, so that plain short text is counted only once.
        if text.len() < MIN || (MIN > 1 && text.chars().nth(MIN - 1).is_none()) {
            return Err(Problem::TooShort(MIN));
        }
        if text.len() > MAX && text.chars().nth(MAX).is_some() {
            return Err(Problem::TooLong(MAX));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, without a copy.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Text for a column of type TEXT: kept as sent, at most 65,535 bytes, without NUL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct LongText(String);

impl LongText {
    /// What a TEXT column holds, in bytes.
    pub const MAX_BYTES: usize = 65_535;

    /// Checks the text.
    ///
    /// # Errors
    /// [`Problem::TooManyBytes`], or [`Problem::Incorrect`] if it holds a NUL.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.contains('\0') {
            return Err(Problem::Incorrect);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(Problem::TooManyBytes(Self::MAX_BYTES));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, without a copy.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn text_of(value: Scalar<'_>) -> Result<&str, Problem> {
    match value {
        Scalar::Text(text) => Ok(text),
        Scalar::Null => Err(Problem::Null),
        _ => Err(Problem::Incorrect),
    }
}

impl<const MIN: usize, const MAX: usize> Field for Text<MIN, MAX> {
    const KIND: Kind = Kind::Text { min: MIN, max: MAX };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(text_of(value)?)
    }
}

impl Field for LongText {
    const KIND: Kind = Kind::LongText { max_bytes: Self::MAX_BYTES };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(text_of(value)?)
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_characters_not_bytes() {
        assert!(Text::<1, 3>::parse("żół").is_ok());
        assert_eq!(Text::<1, 3>::parse("żółć"), Err(Problem::TooLong(3)));
        assert_eq!(Text::<2, 3>::parse("ż"), Err(Problem::TooShort(2)));
        assert!(Text::<2, 3>::parse("żó").is_ok());
        assert!(Text::<1, 1>::parse("😀").is_ok());
    }

    #[test]
    fn blanks_around_a_name_do_not_count() {
        assert_eq!(Text::<1, 3>::parse(" \t\u{a0} "), Err(Problem::TooShort(1)));
        assert_eq!(Text::<0, 3>::parse("  ").unwrap().as_str(), "");
    }

    #[test]
    fn nul_is_refused() {
        assert_eq!(Text::<1, 9>::parse("a\0b"), Err(Problem::Incorrect));
        assert_eq!(LongText::parse("a\0b"), Err(Problem::Incorrect));
    }

    #[test]
    fn long_text_is_bounded_in_bytes_and_kept_as_sent() {
        assert!(LongText::parse(&"é".repeat(32_767)).is_ok());
        assert_eq!(LongText::parse(&"é".repeat(32_768)), Err(Problem::TooManyBytes(65_535)));
        assert_eq!(LongText::parse("  kept ").unwrap().as_str(), "  kept ");
    }
}
