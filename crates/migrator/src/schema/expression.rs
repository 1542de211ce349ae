//! Expressions as servers print them, in one form.
//!
//! MySQL puts parentheses around everything, MariaDB where they are needed; one writes `ucase`, the other `upper`; one
//! says of which character set a string is. So the text is read as an expression and written again: in parentheses is
//! every operand that is more than a name, value or call. Words that are no operators separate expressions, so that a
//! whole SELECT can be read in the same way.

mod reader;
mod token;
mod words;

use token::Token;

/// The expression without its database's name, or the text itself if it cannot be read.
pub(super) fn normal(text: &str, database: &str) -> String {
    reader::read(&token::tokens(text), database).unwrap_or_else(|| text.trim().to_owned())
}

/// The string that is the whole text, if it is one.
pub(super) fn literal(text: &str) -> Option<String> {
    match token::tokens(text).as_slice() {
        [Token::Text(text)] => Some(text.clone()),
        _ => None,
    }
}

/// A string as SQL.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// MySQL shows expressions in the form in which it keeps them, with a backslash before each quote and backslash.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    plain
}
