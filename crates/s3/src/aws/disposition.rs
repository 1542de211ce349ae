//! What a browser calls the file that it saves (RFC 6266).

use std::fmt::Write as _;

use crate::files::turns_text;

/// `attachment` with this file name. Nothing in the name can end it, add a header or name a folder.
pub(super) fn attachment(file_name: &str) -> String {
    let name: String = file_name.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    // Some browsers decode % in the quoted name, too.
    let plain: String = name.chars().map(|c| if c.is_ascii() && c != '%' { c } else { '_' }).collect();
    let mut text = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        text.push_str("; filename*=UTF-8''");
        encode(&name, &mut text);
    }
    text
}

/// What ends a quoted string or a header, separates folders, or reverses the order in which a name is shown.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '"' | '\\' | '/' | '\u{2028}' | '\u{2029}') || turns_text(c)
}

/// As RFC 8187 (which follows 5987) wants it: all but its attr-char as %XX.
fn encode(name: &str, text: &mut String) {
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => text.push(char::from(byte)),
            b'!' | b'#' | b'$' | b'&' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~' => {
                text.push(char::from(byte));
            }
            other => {
                // Writing to a String does not fail.
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_name_stays_as_it_is() {
        assert_eq!(attachment("report 7.pdf"), r#"attachment; filename="report 7.pdf""#);
    }

    #[test]
    fn other_letters_are_encoded_beside_a_plain_name() {
        assert_eq!(
            attachment("März 50%.pdf"),
            "attachment; filename=\"M_rz 50_.pdf\"; filename*=UTF-8''M%C3%A4rz%2050%25.pdf"
        );
    }

    #[test]
    fn a_name_cannot_reverse_how_it_reads() {
        for mark in ['\u{202e}', '\u{61c}'] {
            let text = attachment(&format!("a{mark}fdp.exe"));
            assert_eq!(text, r#"attachment; filename="a_fdp.exe""#);
        }
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_header(name in any::<String>()) {
            let text = attachment(&name);
            prop_assert!(text.chars().all(|c| c.is_ascii() && !c.is_ascii_control()), "{text}");
            let rest = text.strip_prefix("attachment; filename=\"").unwrap_or_default();
            let (plain, rest) = rest.split_once('"').unwrap_or_default();
            prop_assert!(!plain.contains(['\\', '/']), "{text}");
            let encoded = rest.strip_prefix("; filename*=UTF-8''").unwrap_or(rest);
            prop_assert!(!encoded.contains([' ', '"', ';', ',', '\'', '/']), "{text}");
        }
    }
}
