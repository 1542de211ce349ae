//! Names of objects.

use std::fmt;

/// The longest key that S3 takes, in bytes of UTF-8.
const LONGEST: usize = 1024;

/// The name of an object in a bucket, checked: parts between slashes, none of them empty, `.` or `..`, no control
/// characters, at most 1,024 bytes.
///
/// S3 itself takes more. But a store on disk may read `..` as a way out of the bucket, and a proxy or an HTTP library
/// may join empty and dotted parts, so that the signature no longer fits.
///
/// ```
/// use kseekers_s3::{InvalidKey, ObjectKey};
///
/// let key = ObjectKey::parse("invoices/2026/März 7.pdf").unwrap();
/// assert_eq!(key.as_str(), "invoices/2026/März 7.pdf");
/// assert_eq!(ObjectKey::parse("invoices/../secret"), Err(InvalidKey::DotSegment));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey(String);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// There is nothing before, between or after slashes.
    #[error("a key has no empty part between slashes")]
    EmptySegment,
    /// `.` or `..` between slashes.
    #[error("a key has no part that is . or ..")]
    DotSegment,
    /// A control character.
    #[error("a key has no control character")]
    ControlCharacter,
    /// More than 1,024 bytes.
    #[error("a key has at most 1,024 bytes")]
    TooLong,
}

impl ObjectKey {
    /// The text as a key.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidKey> {
        let text = text.into();
        if text.len() > LONGEST {
            return Err(InvalidKey::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(InvalidKey::ControlCharacter);
        }
        for segment in text.split('/') {
            match segment {
                "" => return Err(InvalidKey::EmptySegment),
                "." | ".." => return Err(InvalidKey::DotSegment),
                _ => {}
            }
        }
        Ok(Self(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
