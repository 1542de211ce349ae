//! Whole numbers and truth values.

use serde::Serialize;

use super::{Field, Kind, Problem, Scalar};

/// A whole number from `MIN` to `MAX`. Its canonical text is accepted too (`"5"`, not `"5.0"`, `"05"` or `" 5"`):
/// front ends send what a dropdown gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Int<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// Checks the range.
    ///
    /// # Errors
    /// [`Problem::Incorrect`] outside of it.
    pub fn new(value: i64) -> Result<Self, Problem> {
        if (MIN..=MAX).contains(&value) { Ok(Self(value)) } else { Err(Problem::Incorrect) }
    }

    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Field for Int<MIN, MAX> {
    const KIND: Kind = Kind::Integer { min: MIN, max: MAX };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::new(whole(value)?)
    }
}

impl Field for i32 {
    const KIND: Kind = Kind::Integer { min: i32::MIN as i64, max: i32::MAX as i64 };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        i32::try_from(whole(value)?).map_err(|_| Problem::Incorrect)
    }
}

fn whole(value: Scalar<'_>) -> Result<i64, Problem> {
    match value {
        Scalar::Integer(number) => Ok(number),
        // JSON knows one kind of number: 5.0 is 5. Beyond 2^53 a float no longer says which integer it means.
        Scalar::Float(number) if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 => {
            Ok(number as i64)
        }
        Scalar::Text(text) => canonical(text).ok_or(Problem::Incorrect),
        Scalar::Null => Err(Problem::Null),
        _ => Err(Problem::Incorrect),
    }
}

fn canonical(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (!digits.starts_with('0') || text == "0");
    if plain { text.parse().ok() } else { None }
}

/// A truth value; 0, 1 and the same as text are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl Field for Flag {
    const KIND: Kind = Kind::Flag;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        match value {
            Scalar::Bool(flag) => Ok(Self(flag)),
            Scalar::Integer(0) | Scalar::Text("0" | "false") => Ok(Self(false)),
            Scalar::Integer(1) | Scalar::Text("1" | "true") => Ok(Self(true)),
            Scalar::Null => Err(Problem::Null),
            _ => Err(Problem::Incorrect),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_its_canonical_text() {
        let read = |text| Int::<-9, 100>::from_scalar(Scalar::Text(text)).map(Int::get);
        assert_eq!((read("5"), read("0"), read("-3")), (Ok(5), Ok(0), Ok(-3)));
        for text in ["5.0", " 5", "5 ", "05", "-0", "+5", "", "-", "1e1", "٣", "101", "99999999999999999999"]
        {
            assert_eq!(read(text), Err(Problem::Incorrect), "{text:?}");
        }
    }

    #[test]
    fn a_number_without_a_fraction_is_whole_however_it_is_written() {
        let read = |number| i32::from_scalar(Scalar::Float(number));
        assert_eq!(read(5.0), Ok(5));
        for number in [5.5, 1e300, f64::NAN, f64::INFINITY, 2_147_483_648.0] {
            assert_eq!(read(number), Err(Problem::Incorrect), "{number}");
        }
    }

    #[test]
    fn a_flag_is_true_false_or_0_1() {
        let read = |value| Flag::from_scalar(value).map(|flag| flag.0);
        assert_eq!((read(Scalar::Integer(1)), read(Scalar::Text("0"))), (Ok(true), Ok(false)));
        for value in [Scalar::Integer(2), Scalar::Text("yes"), Scalar::Other, Scalar::Float(1.0)] {
            assert_eq!(read(value), Err(Problem::Incorrect));
        }
        assert_eq!(read(Scalar::Null), Err(Problem::Null));
    }
}
