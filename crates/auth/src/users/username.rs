//! User names.

use kseekers_envelope::input::{Field, Kind, Problem, Scalar, Text};

/// The name of a new user: 2 to 50 characters, none of them `@` or a control character.
///
/// `@` is what tells an e-mail address from a user name when somebody signs in. Names that older systems let in
/// are not checked by this: they are only looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(Text<2, 50>);

impl Username {
    /// Trims the name and checks it.
    ///
    /// # Errors
    /// The problem with it, as clients are told.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let name = Text::parse(text)?;
        if name.contains('@') {
            return Err(Problem::Sentence("Username may not contain @"));
        }
        if name.contains(char::is_control) {
            return Err(Problem::Incorrect);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Field for Username {
    const KIND: Kind = Text::<2, 50>::KIND;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(&Text::<2, 50>::from_scalar(value)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_has_2_to_50_characters() {
        assert_eq!(Username::parse("  Åsa ").unwrap().as_str(), "Åsa");
        assert_eq!(Username::parse(" a "), Err(Problem::TooShort(2)));
        assert!(Username::parse(&"ż".repeat(50)).is_ok());
        assert_eq!(Username::parse(&"ż".repeat(51)), Err(Problem::TooLong(50)));
    }

    #[test]
    fn a_name_holds_no_at_sign_and_nothing_invisible() {
        assert_eq!(Username::parse("a@b"), Err(Problem::Sentence("Username may not contain @")));
        assert_eq!(Username::parse("a\nb"), Err(Problem::Incorrect));
        assert_eq!(Username::parse("a\u{1b}[2Jb"), Err(Problem::Incorrect));
    }
}
