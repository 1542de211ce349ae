//! Secrets that a type shows in its `Debug`. Types should not; this is for the day when one does.

/// A field with one of these in its name, in any letter case, is secret.
const SECRETS: [&str; 11] = [
    "authorization",
    "access_key",
    "api_key",
    "cookie",
    "credential",
    "otp",
    "passwd",
    "password",
    "private_key",
    "secret",
    "token",
];

const MASK: &str = "***";

/// Whether the values of a field should not be seen. A `code` is none: lookups are full of them, and the types of
/// one-time codes do not print.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// Text as `Debug` makes it, on one line, with a mask for the value of each `field: value` and `"key": value` whose name
/// is that of a secret.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut name = "";
    while let Some(token) = token(rest) {
        rest = rest.get(token.len()..).unwrap_or_default();
        if token == ": " && is_secret(name) {
            out.extend([token, MASK]);
            rest = after_value(rest);
        } else {
            out.extend(token.chars().flat_map(visible));
        }
        name = token;
    }
    out
}

/// A control character would let a value draw lines of its own.
fn visible(c: char) -> impl Iterator<Item = char> {
    let escaped = c.is_control().then(|| c.escape_default());
    let plain = escaped.is_none().then_some(c);
    escaped.into_iter().flatten().chain(plain)
}

/// What follows a value: from the comma or the bracket behind it.
fn after_value(text: &str) -> &str {
    let mut rest = text;
    let mut open = 0_usize;
    while let Some(token) = token(rest) {
        match token {
            "(" | "[" | "{" => open += 1,
            ")" | "]" | "}" | "," if open == 0 => return rest,
            ")" | "]" | "}" => open -= 1,
            _ => {}
        }
        rest = rest.get(token.len()..).unwrap_or_default();
    }
    rest
}

/// The first word, literal or sign.
fn token(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let end = match first {
        '"' => literal(text, first),
        // A longer one is only an apostrophe.
        '\'' if literal(text, first) <= LONGEST_CHARACTER => literal(text, first),
        ':' if text.starts_with(": ") => 2,
        _ if is_word(first) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        _ => first.len_utf8(),
    };
    text.get(..end)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Bytes of `'\u{10ffff}'`.
const LONGEST_CHARACTER: usize = 12;

/// Where the literal ends that the text begins with: behind its quote, or where the text was cut.
fn literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug)]
    #[expect(dead_code, reason = "printed")]
    struct Login<'a> {
        sign: char,
        user: &'a str,
        password: Option<(&'a str, char)>,
        last: u8,
    }

    proptest! {
        #[test]
        fn no_text_around_a_secret_or_in_it_brings_it_to_light(
            sign: char,
            user: String,
            password in ".*hunter2.*",
            end: char,
            cut in 0_usize..200,
        ) {
            let text = format!("{:?}", Login { sign, user: &user, password: Some((&password, end)), last: 7 });
            prop_assert!(user.contains("hunter2") || !masked(&text).contains("hunter2"), "{text}");
            prop_assert!(masked(&text).ends_with("password: ***, last: 7 }"), "{text}");
            let start: String = text.chars().take(cut).collect();
            prop_assert!(user.contains("hunter2") || !masked(&start).contains("hunter2"), "{start}");
        }
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        let text = r#"Ok([Value { code: Text("a: \"b\", token"), tags: {"x": 1}, sign: '"' }])"#;
        assert_eq!(masked(text), text);
        assert_eq!(masked("a\nb\u{1b}c"), "a\\nb\\u{1b}c");
        let text = r#"{"api_token": {"a": [1, 2]}, "b": 1}, password: Some(Secret { key: ")" }), c: 2"#;
        assert_eq!(masked(text), r#"{"api_token": ***, "b": 1}, password: ***, c: 2"#);
    }
}
