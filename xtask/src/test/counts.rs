//! The test runner's own counts.

use std::{iter::Sum, ops::Add};

/// How many tests passed, failed and were ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
}

impl Counts {
    /// Reads `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (_, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let number = |name: &str| {
            numbers.split("; ").find_map(|part| part.strip_suffix(name)?.trim_end().parse::<u64>().ok())
        };
        Some(Self { passed: number("passed")?, failed: number("failed")?, ignored: number("ignored")? })
    }

    /// Something was really tested, with success.
    pub(super) fn convincing(self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_line_is_understood() {
        let ok =
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s";
        assert_eq!(Counts::parse(ok), Some(Counts { passed: 3, failed: 0, ignored: 1 }));
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s";
        assert_eq!(Counts::parse(bad), Some(Counts { passed: 3, failed: 2, ignored: 0 }));
        assert_eq!(Counts::parse("test result_is_told ... ok"), None);
    }

    #[test]
    fn a_run_without_tests_convinces_nobody() {
        assert!(!Counts::default().convincing());
        assert!(!Counts { passed: 9, failed: 1, ignored: 0 }.convincing());
        assert!(Counts { passed: 9, failed: 0, ignored: 0 }.convincing());
    }
}
