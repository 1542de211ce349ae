//! What a client says that its file is.

use std::fmt;

use serde::Serialize;

/// What the column holds, in characters.
const LONGEST: usize = 255;

/// A media type such as `image/png` (RFC 9110, 8.3.1), as the client named it. It says nothing about the content.
///
/// ```
/// use kseekers_s3::ContentType;
///
/// assert_eq!(ContentType::sent(Some("text/csv; charset=utf-8")).as_str(), "text/csv; charset=utf-8");
/// assert_eq!(ContentType::sent(Some("no type")).as_str(), "application/octet-stream");
/// assert_eq!(ContentType::sent(None).as_str(), "application/octet-stream");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ContentType(String);

impl ContentType {
    /// The type as it was sent; `application/octet-stream` if there is none, or it is malformed or longer than 255
    /// characters.
    pub fn sent(text: Option<&str>) -> Self {
        let text = text.map(str::trim).filter(|text| is_content_type(text));
        Self(text.unwrap_or("application/octet-stream").to_owned())
    }

    /// The type as text: visible ASCII and blanks, fit for a header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_content_type(text: &str) -> bool {
    let media_type = text.split(';').next().unwrap_or_default().trim_end();
    text.len() <= LONGEST
        && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
        && media_type.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// RFC 9110, 5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_no_header_could_hold_is_replaced() {
        let long = format!("text/{}", "x".repeat(LONGEST));
        for sent in [
            "",
            "/",
            "text",
            "text/",
            "/html",
            "a/b/c",
            "te xt/html",
            "text/html\r\nx: y",
            "text/hträ",
            &long,
        ] {
            assert_eq!(ContentType::sent(Some(sent)).as_str(), "application/octet-stream", "{sent:?}");
        }
        for sent in
            ["image/svg+xml", "text/html; charset=\"utf-8\"", "application/vnd.x-y.z", &long[..LONGEST]]
        {
            assert_eq!(ContentType::sent(Some(sent)).as_str(), sent);
        }
    }
}
