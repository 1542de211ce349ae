//! Objects and links to them.

use std::{fmt, io, pin::Pin, str::FromStr, time::Duration};

use bytes::Bytes;
use futures_util::Stream;

/// The content of an object, piece by piece.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, io::Error>> + Send>>;

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Bytes.
    pub size: u64,
    /// As the writer named it.
    pub content_type: Option<String>,
}

/// An object that is being read.
pub struct Object {
    /// What is known of it.
    pub info: ObjectInfo,
    /// Its content. An error in it means that the rest is missing.
    pub body: ByteStream,
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("info", &self.info).finish_non_exhaustive()
    }
}

/// The SHA-256 of some content. As text it is 64 hexadecimal digits in lower case.
///
/// ```
/// use kseekers_s3::Sha256;
///
/// let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// let parsed: Sha256 = empty.to_uppercase().parse().unwrap();
/// assert_eq!(parsed, Sha256::of(b""));
/// assert_eq!(parsed.to_string(), empty);
/// assert!("e3b0c4".parse::<Sha256>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written as 64 hexadecimal digits")]
pub struct InvalidSha256;

impl Sha256 {
    /// The hash of this content.
    pub fn of(content: &[u8]) -> Self {
        Self(<sha2::Sha256 as sha2::Digest>::digest(content).into())
    }

    /// The hash with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Sha256 {
    type Err = InvalidSha256;

    fn from_str(text: &str) -> Result<Self, InvalidSha256> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidSha256)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// Bytes.
    pub size: u64,
    /// Of the whole content.
    pub sha256: Sha256,
}

/// A request that its holder may make without credentials of his own.
#[derive(Clone, PartialEq, Eq)]
pub struct Presigned {
    /// `GET` or `PUT`.
    pub method: &'static str,
    /// Where to. Whoever has it may do what it says, so it is a secret while it lasts.
    pub url: String,
    /// Headers that must be sent along.
    pub headers: Vec<(String, String)>,
    /// How long it works.
    pub expires_in: Duration,
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// What a presigned upload must be; the store refuses anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    /// Content type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// The content itself, when it is known beforehand.
    pub sha256: Option<Sha256>,
}
