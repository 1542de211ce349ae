//! E-mail addresses.

use kseekers_envelope::input::{Field, Kind, Problem, Scalar, Text};

/// The longest address that the column holds, in characters.
const MAX: usize = 100;

/// An e-mail address that mail servers will take, its domain in lower case.
///
/// Stricter than the standard, which allows quoted local parts and addresses in place of domains: nobody who wants
/// to sign in has one of these.
///
/// ```
/// use kseekers_auth::users::Email;
///
/// assert_eq!(Email::parse("Ada.L@Example.COM").unwrap().as_str(), "Ada.L@example.com");
/// assert!(Email::parse("ada@localhost").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Trims the address, checks it and lowers its domain.
    ///
    /// # Errors
    /// The problem with it, as clients are told.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = Text::<1, MAX>::parse(text)?;
        let refused = Problem::Sentence("Email address is not valid");
        let (local, domain) = text.split_once('@').ok_or(refused)?;
        if !is_local_part(local) || !is_domain(domain) {
            return Err(refused);
        }
        let address = format!("{local}@{}", domain.to_lowercase());
        // Some letters have a longer lower case.
        if address.chars().count() > MAX { Err(Problem::TooLong(MAX)) } else { Ok(Self(address)) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words of letters, digits and the signs that RFC 5321 allows without quotes, joined by single dots.
fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= 64 && local.split('.').all(|word| !word.is_empty() && word.chars().all(allowed))
}

/// At least two labels; the last one is no number, so that an IP address is no domain.
fn is_domain(domain: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || c == '-';
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    domain.split('.').all(is_label) && top.contains(|c: char| !c.is_ascii_digit())
}

impl Field for Email {
    const KIND: Kind = Kind::Email { max: MAX };

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        Self::parse(&Text::<1, MAX>::from_scalar(value)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 7] = [
        "a@b.co",
        "first.last+tag@sub.example.org",
        "o'brien@example.com",
        "x_y-z@ex-ample.com",
        "żółć@example.com",
        "ada@bücher.example",
        "1@1.de",
    ];

    #[test]
    fn addresses_that_people_have_are_taken() {
        for address in GOOD {
            assert_eq!(Email::parse(address).map(|email| email.0), Ok(address.to_owned()));
        }
    }

    #[cfg(feature = "smtp")]
    #[test]
    fn every_address_that_is_taken_can_be_written_to() {
        for address in GOOD {
            assert!(address.parse::<lettre::Address>().is_ok(), "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_label = format!("a@{}.com", "b".repeat(64));
        let bad = [
            "a",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b@c.co",
            "a b@c.co",
            "a@b c.co",
            "a\n@b.co",
            "a@b.co\n>x",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "\"a\"@b.co",
            "<a@b.co>",
            "Ann <a@b.co>",
            "a@-b.co",
            "a@b-.co",
            "a@b..co",
            "a@.co",
            "a@b.co.",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a,b@c.co",
            "a@b_c.co",
            "a@b.co,c@d.co",
            "a@b.co;",
            &long_local,
            &long_label,
        ];
        for address in bad {
            assert_eq!(
                Email::parse(address),
                Err(Problem::Sentence("Email address is not valid")),
                "{address:?}"
            );
        }
    }

    #[test]
    fn an_address_has_at_most_100_characters() {
        let address =
            |length: usize| format!("{}@{}.{}.com", "a".repeat(length - 85), "b".repeat(40), "c".repeat(39));
        assert_eq!(address(100).len(), 100);
        assert!(Email::parse(&address(100)).is_ok());
        assert_eq!(Email::parse(&address(101)), Err(Problem::TooLong(100)));
    }
}
