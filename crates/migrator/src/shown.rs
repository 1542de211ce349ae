//! Statements as people, logs and answers see them.

use std::borrow::Cow;

use crate::sql::{Token, TokenKind, tokens};

/// How much of a statement is shown where only its beginning is.
const SHOWN: usize = 100;
const SECRET: &str = "'…'";

/// The statement, with `'…'` for each text in it if one of them may be a password.
pub(crate) fn without_secrets(statement: &str) -> Cow<'_, str> {
    if !tokens(statement).any(|token| speaks_of_secrets(&token)) {
        return statement.into();
    }
    let mut shown = String::with_capacity(statement.len());
    let mut from = 0;
    for token in tokens(statement).filter(may_be_secret) {
        shown.push_str(statement.get(from..token.at).unwrap_or_default());
        shown.push_str(SECRET);
        from = token.at + token.text.len();
    }
    shown.push_str(statement.get(from..).unwrap_or_default());
    shown.into()
}

/// The beginning of a statement, on one line, without passwords.
pub(crate) fn beginning(statement: &str) -> String {
    let line = without_secrets(statement).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// `IDENTIFIED BY`, `SET PASSWORD`, `MASTER_PASSWORD`, a column `password_hash`.
fn speaks_of_secrets(token: &Token<'_>) -> bool {
    let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Name);
    is_name && (token.is_word("IDENTIFIED") || token.text.to_lowercase().contains("password"))
}

/// A text, or one written as `0x616263`.
fn may_be_secret(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Text || token.kind == TokenKind::Word && token.text.starts_with("0x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_shown_on_one_line_and_its_end_is_left_out() {
        assert_eq!(beginning("ALTER TABLE a\n    ADD b INT"), "ALTER TABLE a ADD b INT");
        let long = beginning(&format!("INSERT INTO a VALUES ('{}')", "ä".repeat(200)));
        assert_eq!(long.chars().count(), SHOWN + 2);
        assert!(long.ends_with("ä …"), "{long}");
    }

    #[test]
    fn passwords_are_not_shown() {
        for (statement, shown) in [
            ("ALTER USER 'a'@'%' IDENTIFIED BY 'won''der\\'ful'", "ALTER USER '…'@'…' IDENTIFIED BY '…'"),
            ("CREATE USER a IDENTIFIED WITH x AS 0x776f6e", "CREATE USER a IDENTIFIED WITH x AS '…'"),
            ("set password = PASSWORD(\"wonderful\")", "set password = PASSWORD('…')"),
            ("CHANGE MASTER TO MASTER_PASSWORD='wonderful", "CHANGE MASTER TO MASTER_PASSWORD='…'"),
            ("INSERT INTO u (`Password`) VALUES ('wonderful')", "INSERT INTO u (`Password`) VALUES ('…')"),
            ("INSERT INTO notes VALUES ('password')", "INSERT INTO notes VALUES ('password')"),
        ] {
            assert_eq!(without_secrets(statement), shown);
            assert_eq!(beginning(statement), shown);
        }
    }
}
