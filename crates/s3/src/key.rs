//! Names of objects.

/// The name of an object in a bucket, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey(String);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
        if text.len() > 1024 {
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
