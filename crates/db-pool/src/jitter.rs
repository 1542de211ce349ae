//! Chance, for what should not happen everywhere at once.

use std::hash::{BuildHasher, RandomState};

/// At least 0 and less than 1. Hash maps get their secret keys from the same source.
pub(crate) fn random_fraction() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    bits as f64 / (1_u64 << 32) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_spread_over_the_whole_range() {
        let mut tenths = [0; 10];
        for _ in 0..1000 {
            tenths[(random_fraction() * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|&count| count > 20), "{tenths:?}");
    }
}
