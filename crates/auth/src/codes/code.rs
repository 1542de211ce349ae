//! Codes in the clear, which is how they exist between the generator and the sender, and when typed back.

use std::fmt;

use kseekers_envelope::input::{Field, Kind, Problem, Scalar, Text};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    AuthError,
    clock::{Randomness, random_bytes},
};

/// How many codes there are: six digits.
const CODES: u32 = 1_000_000;

/// The largest multiple of [`CODES`] that 32 bits hold. Numbers from here on would make small codes likelier.
const FAIR: u32 = u32::MAX - u32::MAX % CODES;

/// How often to draw again. Each draw is unfair once in 4,000 times; a generator that is so every time is broken.
const DRAWS: u32 = 32;

/// A new code. It prints as nothing but its name.
#[derive(Debug)]
pub struct Code(SecretString);

impl Code {
    /// Draws a code, each as likely as any other.
    ///
    /// # Errors
    /// [`AuthError::Randomness`].
    pub fn generate(source: &dyn Randomness) -> Result<Self, AuthError> {
        for _ in 0..DRAWS {
            let number = u32::from_le_bytes(random_bytes(source)?);
            if number < FAIR {
                return Ok(Self(format!("{:06}", number % CODES).into()));
            }
        }
        Err(AuthError::Randomness("it repeats itself".into()))
    }

    /// The six digits, for the one who sends them.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A code as somebody typed it, right or wrong. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode(String);

impl TypedCode {
    /// Trims the text, of which there must be 1 to 10 characters (what the column of older systems held).
    ///
    /// # Errors
    /// The problem with it, as clients are told.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Text::<1, 10>::parse(text).map(|text| Self(text.into_string()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode")
    }
}

impl Field for TypedCode {
    const KIND: Kind = Text::<1, 10>::KIND;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(&Text::<1, 10>::from_scalar(value)?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use kseekers_envelope::BoxError;

    use super::*;
    use crate::clock::SystemRandomness;

    /// Hands out the given numbers, the last one first.
    #[derive(Debug)]
    struct Numbers(Mutex<Vec<u32>>);

    impl Randomness for Numbers {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), BoxError> {
            let number = self.0.lock().unwrap().pop().ok_or("no more numbers")?;
            bytes.copy_from_slice(&number.to_le_bytes());
            Ok(())
        }
    }

    fn drawn(numbers: &[u32]) -> Result<String, AuthError> {
        let source = Numbers(Mutex::new(numbers.iter().rev().copied().collect()));
        Code::generate(&source).map(|code| code.expose().to_owned())
    }

    #[test]
    fn a_code_has_six_digits_with_leading_zeros() {
        assert_eq!(drawn(&[42]).unwrap(), "000042");
        assert_eq!(drawn(&[1_999_999]).unwrap(), "999999");
    }

    #[test]
    fn numbers_that_would_favour_small_codes_are_drawn_again() {
        assert_eq!(drawn(&[FAIR, u32::MAX, FAIR - 1]).unwrap(), "999999");
        assert_eq!(FAIR % CODES, 0);
    }

    #[test]
    fn a_generator_that_fails_or_is_stuck_makes_no_code() {
        assert!(matches!(drawn(&[]), Err(AuthError::Randomness(_))));
        assert!(matches!(drawn(&[u32::MAX; 100]), Err(AuthError::Randomness(_))));
    }

    #[test]
    fn codes_of_the_system_spread_over_the_whole_range() {
        let mut tenths = [0_u32; 10];
        for _ in 0..10_000 {
            let code = Code::generate(&SystemRandomness).unwrap();
            let first = code.expose().chars().next().and_then(|digit| digit.to_digit(10)).unwrap();
            tenths[first as usize] += 1;
        }
        // A thousand are expected in each tenth; 700 is ten standard deviations away.
        assert!(tenths.iter().all(|count| (700..1_300).contains(count)), "{tenths:?}");
    }

    #[test]
    fn neither_kind_of_code_prints_its_digits() {
        let printed = format!("{:?} {:?}", Code("123456".into()), TypedCode::parse("123456").unwrap());
        assert!(!printed.contains("123456"), "{printed}");
    }
}
