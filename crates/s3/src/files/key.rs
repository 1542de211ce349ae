//! How keys and hashes come in and go out.

use kseekers_envelope::input::{Field, Kind, Problem, Scalar};
use serde::{Serialize, Serializer};

use crate::{InvalidKey, ObjectKey, Sha256};

const LONGEST: usize = 1024;

/// Trimmed like every identifier that clients send.
impl Field for ObjectKey {
    const KIND: Kind = Kind::Text { min: 1, max: LONGEST };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        let text = match value {
            Scalar::Null => return Err(Problem::Null),
            Scalar::Text(text) => text.trim(),
            _ => return Err(Problem::Incorrect),
        };
        if text.is_empty() {
            return Err(Problem::TooShort(1));
        }
        Self::parse(text).map_err(|invalid| match invalid {
            InvalidKey::TooLong if text.chars().count() > LONGEST => Problem::TooLong(LONGEST),
            InvalidKey::TooLong => Problem::TooManyBytes(LONGEST),
            _ => Problem::Incorrect,
        })
    }
}

impl Serialize for ObjectKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
