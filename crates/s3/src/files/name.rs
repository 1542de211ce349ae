//! What a file is called.

use std::fmt;

use serde::Serialize;

/// What the column holds, in characters.
const LONGEST: usize = 255;
/// Enough of a name to know the file again in a list of keys.
const LONGEST_IN_KEY: usize = 100;
const LONGEST_EXTENSION: usize = 16;

/// The name that a download is saved as: no path, no control character, 1 to 255 characters.
///
/// ```
/// use kseekers_s3::FileName;
///
/// assert_eq!(FileName::sent("C:\\Users\\ada\\März 7.pdf").as_str(), "März 7.pdf");
/// assert_eq!(FileName::sent("../../etc/passwd").as_str(), "passwd");
/// assert_eq!(FileName::sent("..").as_str(), "file");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// What is safe in the name as it was sent; `file` if nothing is. A name that is too long is cut before its
    /// extension.
    pub fn sent(text: &str) -> Self {
        let base = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = base.chars().filter(|c| !c.is_control() && !turns_text(*c)).collect();
        let name = visible.trim();
        let name = if name.chars().all(|c| c == '.') { "file" } else { name };
        Self(cut(name, LONGEST))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as the last part of a key: what every tool and every URL takes as it is.
    pub(super) fn for_key(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
        cut(&self.0.chars().map(plain).collect::<String>(), LONGEST_IN_KEY)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Marks that turn the direction of writing: with them `exe.pdf` is what people see of `fdp.exe`.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(name: &str, longest: usize) -> String {
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    let (stem, extension) = match name.rfind('.').map(|dot| name.split_at(dot)) {
        Some((stem, extension)) if extension.chars().count() <= LONGEST_EXTENSION => (stem, extension),
        _ => (name, ""),
    };
    let stem: String = stem.chars().take(longest - extension.chars().count()).collect();
    format!("{}{extension}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_of_a_path_counts() {
        for (sent, name) in [
            ("/etc/passwd", "passwd"),
            ("a/b\\c.txt", "c.txt"),
            ("a/", "file"),
            ("", "file"),
            (" \t ", "file"),
            (".", "file"),
            ("...", "file"),
            (".profile", ".profile"),
            (" a b ", "a b"),
        ] {
            assert_eq!(FileName::sent(sent).as_str(), name, "{sent:?}");
        }
    }

    #[test]
    fn characters_that_deceive_people_or_programs_are_left_out() {
        assert_eq!(FileName::sent("a\0b\r\nc\u{7f}\u{85}.txt").as_str(), "abc.txt");
        assert_eq!(FileName::sent("\u{202e}fdp.exe").as_str(), "fdp.exe");
        assert_eq!(FileName::sent("Größe \"尺寸\" 😀.txt").as_str(), "Größe \"尺寸\" 😀.txt");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = FileName::sent(&format!("{}.tar.gz", "😀".repeat(300)));
        assert_eq!(name.as_str(), format!("{}.gz", "😀".repeat(252)));
        assert_eq!(FileName::sent(&".x".repeat(300)).as_str().chars().count(), LONGEST);
        assert_eq!(FileName::sent(&format!("a.{}", "b".repeat(300))).as_str().chars().count(), LONGEST);
    }

    #[test]
    fn in_a_key_a_name_is_plain_ascii() {
        assert_eq!(FileName::sent("März 7+8%.pdf").for_key(), "M_rz_7_8_.pdf");
        assert_eq!(
            FileName::sent(&format!("{}.pdf", "ü".repeat(255))).for_key(),
            format!("{}.pdf", "_".repeat(96))
        );
    }
}
