//! Points in time as clients see them.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

/// A point in time: RFC 3339 in UTC with `Z`, to the second.
///
/// ```
/// use kseekers_envelope::Timestamp;
///
/// let noon = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_milli_opt(12, 0, 0, 900).unwrap();
/// assert_eq!(Timestamp::from(noon).to_string(), "2026-11-20T12:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub DateTime<Utc>);

impl From<NaiveDateTime> for Timestamp {
    /// Database sessions run in UTC, so what they hand out is UTC.
    fn from(utc: NaiveDateTime) -> Self {
        Self(utc.and_utc())
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(utc: DateTime<Utc>) -> Self {
        Self(utc)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
