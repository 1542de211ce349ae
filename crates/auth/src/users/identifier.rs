//! What somebody types to say who they are.

use std::fmt;

use kseekers_envelope::input::{Field, Kind, Problem, Scalar, Text};

/// An e-mail address if it holds an `@`, else a user name. The store compares it as its columns compare: without
/// regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// Looked up among the addresses.
    Email(String),
    /// Looked up among the user names.
    Username(String),
}

impl Identifier {
    /// Trims the text, of which there must be 1 to 100 characters, and sees what it is.
    ///
    /// # Errors
    /// The problem with it, as clients are told.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = Text::<1, 100>::parse(text)?.into_string();
        Ok(if text.contains('@') { Self::Email(text) } else { Self::Username(text) })
    }

    /// What was typed, trimmed.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(text) | Self::Username(text) => text,
        }
    }
}

impl Field for Identifier {
    const KIND: Kind = Text::<1, 100>::KIND;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(&Text::<1, 100>::from_scalar(value)?)
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_makes_it_an_address() {
        assert_eq!(Identifier::parse(" ada "), Ok(Identifier::Username("ada".to_owned())));
        assert_eq!(Identifier::parse("a@b.co"), Ok(Identifier::Email("a@b.co".to_owned())));
        assert_eq!(Identifier::parse("@"), Ok(Identifier::Email("@".to_owned())));
        assert_eq!(Identifier::parse("  "), Err(Problem::TooShort(1)));
    }
}
