//! The words of an expression, without quotes, comments and letter case.

use crate::sql::token::{self as sql, TokenKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// In backticks, without them.
    Name(String),
    /// In quotes, without them.
    Text(String),
    /// A word in lower case, a number or a symbol.
    Word(String),
}

/// The tokens of an expression, without what does not count.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for token in sql::tokens(text) {
        let token = match token.kind {
            TokenKind::Name => Token::Name(content(token.text)),
            TokenKind::Text => {
                // The character set before a string.
                let introduced = |token: &Token| matches!(token, Token::Word(word) if word.starts_with('_'));
                if tokens.last().is_some_and(introduced) {
                    tokens.pop();
                }
                Token::Text(content(token.text))
            }
            TokenKind::Comment => continue,
            _ => Token::Word(token.text.to_lowercase()),
        };
        tokens.push(token);
    }
    tokens
}

/// What stands between quotes.
fn content(text: &str) -> String {
    let mut characters = text.chars();
    let Some(quote) = characters.next() else { return String::new() };
    let mut content = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        match character {
            '\\' if quote != '`' => content.extend(characters.next().map(|escaped| match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                other => other,
            })),
            // The second of two, or the end.
            character if character == quote => content.extend(characters.next()),
            other => content.push(other),
        }
    }
    content
}
