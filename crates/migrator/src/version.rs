//! The number in front of a migration's name.

use std::fmt;
use std::str::FromStr;

/// The number of a migration. Written with any number of leading zeros, compared as a number: `2`, `02` and `0002` are
/// the same version, and `10` comes after `9`.
///
/// ```
/// use kseekers_migrator::Version;
///
/// let two: Version = "02".parse()?;
/// assert_eq!(two, "2".parse()?);
/// assert!(two < "10".parse()?);
/// assert_eq!(two.to_string(), "02");
/// # Ok::<(), kseekers_migrator::MigrateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// Numbers from here on belong to whoever uses the product; those below are its own history. Each of the two
    /// grows at its end, so an update may bring 03 to a database that already has 1000.
    const FIRST_OF_THE_USER: u64 = 1000;

    /// The version with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number itself.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Whether the two grow at the same end; see [`Self::FIRST_OF_THE_USER`].
    pub(crate) fn same_series(self, other: Self) -> bool {
        (self.0 < Self::FIRST_OF_THE_USER) == (other.0 < Self::FIRST_OF_THE_USER)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl FromStr for Version {
    type Err = crate::MigrateError;

    /// # Errors
    /// [`NotAVersion`](crate::MigrateError::NotAVersion) for anything but decimal digits up to `u64::MAX`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `u64::from_str` alone would accept a leading plus sign.
        text.parse()
            .ok()
            .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
            .map(Self)
            .ok_or_else(|| crate::MigrateError::NotAVersion { text: text.to_owned() })
    }
}
