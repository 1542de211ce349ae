//! `-- migrate: WORD …`: what a file says to the migrator.
//!
//! Such a comment may stand wherever a statement could go on; inside of a quoted text or of another comment it is text.

use crate::split::{dash_comments, newlines};
use crate::{MigrateError, SqlFile};

const MARK: &str = "migrate:";
const IRREVERSIBLE: &str = "irreversible";
/// Waives a finding of the linter; what follows is the linter's to read.
pub(crate) const ALLOW: &str = "allow";

/// One such comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Directive<'a> {
    /// The line of the file on which it stands, counted from 1.
    pub(crate) line: usize,
    /// The first word.
    pub(crate) word: &'a str,
    /// What follows it in the line.
    pub(crate) rest: &'a str,
}

/// All of a text, in order.
pub(crate) fn directives(text: &str) -> Vec<Directive<'_>> {
    let mut found = Vec::new();
    // Most files say nothing, and need not be read for it.
    if !text.contains(MARK) {
        return found;
    }
    let (mut line, mut counted) = (1, 0);
    for (at, comment) in dash_comments(text) {
        let Some(content) = comment.trim_start_matches('-').trim().strip_prefix(MARK) else { continue };
        let content = content.trim_start();
        let end = content.find([' ', '\t', ':']).unwrap_or(content.len());
        let (word, rest) = content.split_at(end);
        line += newlines(text.get(counted..at).unwrap_or_default());
        counted = at;
        found.push(Directive { line, word, rest: rest.trim_start_matches([' ', '\t', ':']) });
    }
    found
}

/// Whether the file says that its step cannot be taken back.
///
/// # Errors
/// [`MigrateError::UnknownDirective`]: a word that nobody reads was meant to be read by somebody.
pub(crate) fn irreversible(file: &SqlFile) -> Result<bool, MigrateError> {
    let directives = directives(file.text());
    if let Some(unknown) = directives.iter().find(|found| ![IRREVERSIBLE, ALLOW].contains(&found.word)) {
        let (file, line, word) = (file.name().to_owned(), unknown.line, unknown.word.to_owned());
        return Err(MigrateError::UnknownDirective { file, line, word });
    }
    Ok(directives.iter().any(|found| found.word == IRREVERSIBLE))
}

#[cfg(test)]
mod tests {
    use super::{Directive, directives, irreversible};
    use crate::SqlFile;

    fn words(text: &str) -> Vec<(usize, &str, &str)> {
        directives(text).into_iter().map(|Directive { line, word, rest }| (line, word, rest)).collect()
    }

    #[test]
    fn a_directive_stands_in_a_comment_of_two_dashes() {
        assert_eq!(words("-- migrate: irreversible"), [(1, "irreversible", "")]);
        assert_eq!(words("\u{feff}--migrate:irreversible\r\n"), [(1, "irreversible", "")]);
        assert_eq!(
            words("DO 1;\n  -- migrate: allow drop-table: nobody reads it\nDO 2 -- migrate: irreversible"),
            [(2, "allow", "drop-table: nobody reads it"), (3, "irreversible", "")]
        );
        assert_eq!(
            words("DELIMITER $$\nDO 1$$\n-- migrate: irreversible: on purpose"),
            [(3, "irreversible", "on purpose")]
        );
    }

    #[test]
    fn the_same_words_in_a_text_or_in_another_comment_say_nothing() {
        for text in [
            "SELECT '\n-- migrate: irreversible\n'",
            "SELECT `-- migrate: irreversible`, 1",
            "/*\n-- migrate: irreversible\n*/ DO 1",
            "# -- migrate: irreversible",
            "-- write -- migrate: irreversible",
            "-- migrated: irreversible",
        ] {
            assert!(words(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_word_that_nobody_reads_is_told() {
        let error = irreversible(&SqlFile::new("01_a.sql", "\n-- migrate: ireversible\nDO 1")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "01_a.sql, line 2: `-- migrate: ireversible` says nothing: there are `irreversible` and `allow`"
        );
        assert!(!irreversible(&SqlFile::new("01_a.sql", "-- migrate: allow x: y\nDO 1")).unwrap());
    }
}
