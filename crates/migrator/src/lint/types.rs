//! The types of columns, and whether one holds all that another does.

use crate::sql::reader::Reader;
use crate::sql::token::{Token, TokenKind};

/// A type as far as its values can be compared. Others (JSON, GEOMETRY, UUID) are not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    Integer {
        low: i128,
        high: i128,
    },
    /// Digits before and after the point.
    Decimal {
        whole: u32,
        fraction: u32,
        signed: bool,
    },
    Float {
        double: bool,
    },
    /// Characters, or bytes where the type counts those. In which character set is not known, so a byte may stand for
    /// a character.
    Text {
        length: u64,
    },
    Date,
    Time {
        fraction: u32,
    },
    DateTime {
        fraction: u32,
        /// TIMESTAMP: from 1970 on, for some decades.
        timestamp: bool,
    },
    Year,
    /// ENUM and SET.
    Choice {
        values: Vec<String>,
        several: bool,
    },
}

impl Type {
    /// Reads a type up to its attributes.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.eat("NATIONAL");
        let word = reader.word()?.to_ascii_uppercase();
        let second = ["VARYING", "PRECISION", "VARCHAR", "VARBINARY"];
        let long = reader.peek().filter(|token| token.is_one_of(&second)).is_some();
        reader.eat_any(&second);
        let arguments = reader.brackets();
        let numbers: Vec<u32> =
            arguments.iter().flat_map(|inside| inside.rest()).filter_map(number).collect();
        let mut unsigned = false;
        while reader.peek().is_some_and(|token| token.is_one_of(&["UNSIGNED", "SIGNED", "ZEROFILL"])) {
            unsigned |= !reader.is_at("SIGNED");
            reader.next();
        }
        let first = numbers.first().copied();
        let fraction = first.unwrap_or_default();
        Some(match word.as_str() {
            "BOOL" | "BOOLEAN" | "TINYINT" | "INT1" => integer(1, unsigned),
            "SMALLINT" | "INT2" => integer(2, unsigned),
            "MEDIUMINT" | "INT3" | "MIDDLEINT" => integer(3, unsigned),
            "INT" | "INTEGER" | "INT4" => integer(4, unsigned),
            "BIGINT" | "INT8" => integer(8, unsigned),
            "SERIAL" => integer(8, true),
            "DECIMAL" | "DEC" | "NUMERIC" | "FIXED" => {
                let fraction = numbers.get(1).copied().unwrap_or_default();
                Self::Decimal {
                    whole: first.unwrap_or(10).saturating_sub(fraction),
                    fraction,
                    signed: !unsigned,
                }
            }
            "FLOAT" | "FLOAT4" => Self::Float { double: numbers.len() == 1 && first > Some(24) },
            "DOUBLE" | "REAL" | "FLOAT8" => Self::Float { double: true },
            "CHAR" | "CHARACTER" if !long => Self::Text { length: first.unwrap_or(1).into() },
            "CHAR" | "CHARACTER" | "VARCHAR" | "VARBINARY" | "NVARCHAR" => {
                Self::Text { length: first?.into() }
            }
            "BINARY" | "NCHAR" => Self::Text { length: first.unwrap_or(1).into() },
            "TINYTEXT" | "TINYBLOB" => Self::Text { length: 0xff },
            // With a length the server chooses the smallest that is large enough.
            "TEXT" | "BLOB" if first.is_none() => Self::Text { length: 0xffff },
            "MEDIUMTEXT" | "MEDIUMBLOB" | "LONG" => Self::Text { length: 0xff_ffff },
            "LONGTEXT" | "LONGBLOB" => Self::Text { length: 0xffff_ffff },
            "DATE" => Self::Date,
            "TIME" => Self::Time { fraction },
            "DATETIME" => Self::DateTime { fraction, timestamp: false },
            "TIMESTAMP" => Self::DateTime { fraction, timestamp: true },
            "YEAR" => Self::Year,
            "ENUM" | "SET" => {
                let values = arguments.iter().flat_map(|inside| inside.rest()).filter_map(text).collect();
                Self::Choice { values, several: word == "SET" }
            }
            _ => return None,
        })
    }

    /// Whether there is a value of this type that `new` cannot hold.
    pub(super) fn loses_in(&self, new: &Self) -> bool {
        use Type::{Choice, Date, DateTime, Decimal, Float, Integer, Text, Time, Year};
        match (self, new) {
            (Integer { low, high }, Integer { low: new_low, high: new_high }) => {
                low < new_low || high > new_high
            }
            (Integer { low, high }, Decimal { whole, signed, .. }) => {
                digits(*low).max(digits(*high)) > *whole || (*low < 0 && !signed)
            }
            (Integer { high, .. }, Float { double }) => *high >= if *double { 1 << 53 } else { 1 << 24 },
            (
                Decimal { whole, fraction, signed },
                Decimal { whole: new_whole, fraction: new_fraction, signed: new_signed },
            ) => whole > new_whole || fraction > new_fraction || (*signed && !new_signed),
            (Decimal { whole, fraction, signed }, Integer { low, high }) => {
                *fraction > 0 || *whole >= digits(*high) || (*signed && *low == 0)
            }
            (Decimal { whole, fraction, .. }, Float { double }) => {
                whole + fraction > if *double { 15 } else { 6 }
            }
            (Float { double: true }, Float { double: false }) => true,
            (Float { .. }, Integer { .. } | Decimal { .. }) => true,
            (Choice { values, several }, Choice { values: new_values, several: new_several }) => {
                let missing = |value: &String| !new_values.iter().any(|new| new.eq_ignore_ascii_case(value));
                values.iter().any(missing) || (*several && !new_several)
            }
            (Date, Time { .. } | Year | DateTime { timestamp: true, .. }) => true,
            (Time { fraction }, Time { fraction: new }) => fraction > new,
            (Time { .. }, Date | Year) => true,
            (
                DateTime { fraction, timestamp },
                DateTime { fraction: new_fraction, timestamp: new_timestamp },
            ) => fraction > new_fraction || (!timestamp && *new_timestamp),
            (DateTime { .. }, Date | Time { .. } | Year) => true,
            (Text { .. } | Choice { .. }, new) if !matches!(new, Text { .. }) => true,
            (old, Text { length }) => old.written().is_some_and(|needed| needed > *length),
            _ => false,
        }
    }

    /// How many characters the longest value has as text; `None` where that is open.
    fn written(&self) -> Option<u64> {
        let point = |fraction: u32| if fraction > 0 { 1 + fraction } else { 0 };
        Some(match self {
            Self::Integer { low, high } => digits(*high).max(digits(*low) + u32::from(*low < 0)).into(),
            Self::Decimal { whole, fraction, signed } => {
                (whole.max(&1) + point(*fraction) + u32::from(*signed)).into()
            }
            Self::Float { .. } => return None,
            Self::Text { length } => *length,
            Self::Date => 10,
            Self::Time { fraction } => (10 + point(*fraction)).into(),
            Self::DateTime { fraction, .. } => (19 + point(*fraction)).into(),
            Self::Year => 4,
            Self::Choice { values, several } => {
                let lengths = values.iter().map(|value| value.chars().count());
                let all = if *several {
                    lengths.map(|length| length + 1).sum()
                } else {
                    lengths.max().unwrap_or(0)
                };
                u64::try_from(all).ok()?.saturating_sub((*several).into())
            }
        })
    }
}

fn integer(bytes: u32, unsigned: bool) -> Type {
    let values = 1_i128 << (8 * bytes);
    if unsigned {
        Type::Integer { low: 0, high: values - 1 }
    } else {
        Type::Integer { low: -values / 2, high: values / 2 - 1 }
    }
}

fn digits(number: i128) -> u32 {
    number.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}

fn number(token: &Token<'_>) -> Option<u32> {
    (token.kind == TokenKind::Number).then(|| token.text.parse().ok())?
}

fn text(token: &Token<'_>) -> Option<String> {
    let inside = token.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''))?;
    // The server leaves out the blanks at the end.
    (token.kind == TokenKind::Text).then(|| inside.trim_end_matches(' ').to_owned())
}
