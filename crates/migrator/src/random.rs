//! Numbers that differ.

use std::hash::{BuildHasher, RandomState};

/// No secret, only hardly ever the same twice, also in another process.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(())
}
