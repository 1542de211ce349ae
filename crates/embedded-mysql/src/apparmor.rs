//! Ubuntu's MySQL package lets its server use the folders of the system's own database only. The server then says
//! "Permission denied" about folders that are in perfect order, which nobody understands without a hint.

use std::{fs, path::Path};

/// The server's words, and what they most likely mean if it is confined.
pub(crate) fn explained(words: String, binary: &Path) -> String {
    explained_by(Path::new("/etc/apparmor.d"), words, binary)
}

fn explained_by(profiles: &Path, words: String, binary: &Path) -> String {
    let binary = binary.canonicalize().unwrap_or_else(|_| binary.to_path_buf());
    let name = binary.to_string_lossy().trim_start_matches('/').replace('/', ".");
    let profile = profiles.join(name);
    // MariaDB's packages bring a profile that holds nothing but a comment.
    let confines = fs::read_to_string(&profile)
        .is_ok_and(|text| text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains('{')));
    let refused = words.contains("ermission denied") || words.contains("rrno: 13");
    if !confines || !refused {
        return words;
    }
    format!(
        "{words}\nAppArmor seems to keep {} to the system's own database folders. Type: sudo apparmor_parser -R {} \
         (lasts until the next boot), or set KSEEKERS_MYSQLD to another server.",
        binary.display(),
        profile.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confined_server_that_was_refused_is_explained() {
        let profiles = tempfile::tempdir().unwrap();
        let explained = |words: &str| {
            explained_by(profiles.path(), words.into(), Path::new("/absent/mysqld")).replacen(words, "", 1)
        };
        let profile = profiles.path().join("absent.mysqld");
        assert_eq!(explained("Permission denied"), "");
        fs::write(&profile, "# { nothing\n").unwrap();
        assert_eq!(explained("Permission denied"), "");
        fs::write(&profile, "/absent/mysqld {\n}\n").unwrap();
        assert!(explained("Permission denied").contains("apparmor_parser -R"));
        assert_eq!(explained("Out of memory"), "");
    }
}
