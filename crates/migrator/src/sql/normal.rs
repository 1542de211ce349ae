//! Whether two texts say the same.

use sha2::{Digest, Sha256};

use super::token::{Token, TokenKind, tokens};
use crate::split::Statement;

/// The SHA-256 of a statement as hexadecimal digits. Comments and blanks do not count, executable comments and hints
/// do; texts and names are taken byte for byte, and letter case counts.
pub(crate) fn statement_digest(statement: &str) -> String {
    hex::encode(digest(statement))
}

/// The SHA-256 of the digests of all statements, one after the other.
pub(crate) fn file_digest(statements: &[Statement<'_>]) -> String {
    digests(statements).1
}

/// The digest of each statement, and that of the file.
pub(crate) fn digests(statements: &[Statement<'_>]) -> (Vec<String>, String) {
    let all: Vec<[u8; 32]> = statements.iter().map(|statement| digest(statement.text)).collect();
    (all.iter().map(hex::encode).collect(), hex::encode(Sha256::digest(all.concat())))
}

fn digest(statement: &str) -> [u8; 32] {
    let mut normal = Sha256::new();
    let mut before: Option<Token<'_>> = None;
    for token in tokens(statement).filter(|token| token.kind != TokenKind::Comment) {
        if before.is_some_and(|before| !belong_together(before, token)) {
            normal.update(" ");
        }
        normal.update(token.text);
        before = Some(token);
    }
    normal.finalize().into()
}

/// Where a blank would make a difference: `x'41'` is no column x, `@ a` no variable, and the server knows some
/// functions only with the bracket right behind their names.
fn belong_together(before: Token<'_>, token: Token<'_>) -> bool {
    let reads_on = match before.kind {
        TokenKind::Word if token.kind == TokenKind::Text => {
            before.is_one_of(&["B", "N", "X"]) || before.text.starts_with('_')
        }
        TokenKind::Word if token.is_symbol("(") => before.is_one_of(WITH_BRACKET),
        TokenKind::Symbol => matches!(before.text, "@" | "@@"),
        _ => false,
    };
    reads_on && token.glued
}

/// <https://dev.mysql.com/doc/refman/8.4/en/function-resolution.html>
const WITH_BRACKET: &[&str] = &[
    "ADDDATE",
    "BIT_AND",
    "BIT_OR",
    "BIT_XOR",
    "CAST",
    "COUNT",
    "CURDATE",
    "CURTIME",
    "DATE_ADD",
    "DATE_SUB",
    "EXTRACT",
    "GROUP_CONCAT",
    "MAX",
    "MID",
    "MIN",
    "NOW",
    "POSITION",
    "SESSION_USER",
    "STD",
    "STDDEV",
    "STDDEV_POP",
    "STDDEV_SAMP",
    "SUBDATE",
    "SUBSTR",
    "SUBSTRING",
    "SUM",
    "SYSDATE",
    "SYSTEM_USER",
    "TRIM",
    "VARIANCE",
    "VAR_POP",
    "VAR_SAMP",
];
