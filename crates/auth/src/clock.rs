//! What the rules depend on and a test must be able to hold still: time and chance.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use kseekers_envelope::BoxError;

use crate::AuthError;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A source of random bytes that nobody can predict.
pub trait Randomness: Debug + Send + Sync {
    /// Fills `bytes` to the end.
    ///
    /// # Errors
    /// When the source gives nothing; the bytes are then unusable.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), BoxError>;
}

/// The generator of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), BoxError> {
        getrandom::fill(bytes).map_err(Into::into)
    }
}

/// So many random bytes.
pub(crate) fn random_bytes<const N: usize>(source: &dyn Randomness) -> Result<[u8; N], AuthError> {
    let mut bytes = [0; N];
    source.fill(&mut bytes).map_err(AuthError::Randomness)?;
    Ok(bytes)
}
