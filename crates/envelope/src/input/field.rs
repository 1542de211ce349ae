//! One field of an input: how it is read, and whether it must be there.

use super::Problem;

/// A JSON value, or a value from a query string, as far as a field looks at it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(&'a str),
    /// A list, an object, or a number that fits nowhere.
    Other,
}

/// What a field holds, for the OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text of so many characters.
    Text {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// Text of at most so many bytes.
    LongText {
        /// Most bytes.
        max_bytes: usize,
    },
    /// An e-mail address of at most so many characters.
    Email {
        /// Most characters.
        max: usize,
    },
    /// A whole number.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A truth value; 0 and 1 are accepted too.
    Flag,
}

/// A type that a field of an input can have.
///
/// Implement it for a type of your own whose rules go beyond length and range:
///
/// ```
/// use kseekers_envelope::input::{Field, Kind, Problem, Scalar};
///
/// struct Even(i64);
///
/// impl Field for Even {
///     const KIND: Kind = Kind::Integer { min: i64::MIN, max: i64::MAX };
///
///     fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
///         match value {
///             Scalar::Null => Err(Problem::Null),
///             Scalar::Integer(n) if n % 2 == 0 => Ok(Even(n)),
///             Scalar::Integer(_) => Err(Problem::Sentence("The number must be even")),
///             _ => Err(Problem::Incorrect),
///         }
///     }
/// }
/// assert!(Even::from_scalar(Scalar::Integer(3)).is_err());
/// ```
pub trait Field: Sized {
    /// What it holds.
    const KIND: Kind;
    /// Whether the key must be there.
    const REQUIRED: bool = true;
    /// Whether `null` is a value.
    const NULLABLE: bool = false;

    /// Reads the value of a key that is there.
    ///
    /// # Errors
    /// The problem with the value.
    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem>;

    /// The value when the key is not there.
    ///
    /// # Errors
    /// [`Problem::Missing`] if it must be there.
    fn absent() -> Result<Self, Problem> {
        Err(Problem::Missing)
    }
}

/// May be left out or `null`; both mean that there is no value.
impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    const NULLABLE: bool = true;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        if value == Scalar::Null { Ok(None) } else { T::from_scalar(value).map(Some) }
    }

    fn absent() -> Result<Self, Problem> {
        Ok(None)
    }
}

/// May be left out, but not `null`: a default in a creation, "leave it as it is" in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<T>(pub Option<T>);

impl<T> Default for Change<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Field> Field for Change<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        T::from_scalar(value).map(|value| Self(Some(value)))
    }

    fn absent() -> Result<Self, Problem> {
        Ok(Self(None))
    }
}

/// What an update does to a column that may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The key was not there: the column stays as it is.
    #[default]
    Keep,
    /// The key was `null`: the column is emptied.
    Clear,
    /// The column takes this value.
    Set(T),
}

impl<T> Patch<T> {
    /// `None` to keep, `Some(None)` to clear, `Some(Some(value))` to set: the form that suits SQL parameters.
    pub fn as_change(&self) -> Option<Option<&T>> {
        match self {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(value) => Some(Some(value)),
        }
    }
}

impl<T: Field> Field for Patch<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    const NULLABLE: bool = true;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        if value == Scalar::Null { Ok(Patch::Clear) } else { T::from_scalar(value).map(Patch::Set) }
    }

    fn absent() -> Result<Self, Problem> {
        Ok(Patch::Keep)
    }
}

/// One line of an input's table: what clients call the field and what it takes.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// The key in JSON and in query strings; problems are told under this name.
    pub key: &'static str,
    /// Other keys that mean the same.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// The sentence for text that is empty but must not be.
    pub blank: Option<&'static str>,
}

impl FieldSpec {
    /// The line for a field of type `T`.
    pub const fn of<T: Field>(
        key: &'static str,
        aliases: &'static [&'static str],
        blank: Option<&'static str>,
    ) -> Self {
        Self { key, aliases, kind: T::KIND, required: T::REQUIRED, nullable: T::NULLABLE, blank }
    }

    /// Every key that it is known by, its own first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.key).chain(self.aliases.iter().copied())
    }

    /// What `problem` means in this field, as a line for people.
    pub fn line(&self, problem: Problem) -> String {
        match (problem, self.blank) {
            (Problem::TooShort(1), Some(sentence)) => sentence.to_owned(),
            _ => problem.line(self.key),
        }
    }
}
