//! Where the body of a stored program ends: semicolons inside of it end no statement.

use super::definition;
use super::kind::Object;
use super::reader::Reader;

/// What `END` closes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Block,
    /// `CASE` within an expression, which a bare `END` closes.
    Expression,
    /// A construct whose `END` repeats its word.
    Construct(&'static str),
}

const CONSTRUCTS: &[&str] = &["IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"];

/// Statements without a block of their own. `SET` is not among them, since the header of a function may have that word.
const VERBS: &[&str] = &[
    "RETURN", "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "CALL", "WITH", "CREATE", "ALTER", "DROP",
    "TRUNCATE", "DO", "EXECUTE", "SIGNAL", "TABLE", "VALUES", "LOAD", "RENAME",
];

/// Whether the server would run several statements, as it can be under a `DELIMITER`. Where the text cannot be
/// followed the answer is yes too.
pub(super) fn is_more_than_one_statement(reader: &Reader<'_>) -> bool {
    let has_semicolon = reader.rest().iter().any(|token| token.is_symbol(";"));
    has_semicolon && body(reader.clone()).is_none_or(|body| !is_one_program(body))
}

impl Reader<'_> {
    /// Whether this makes a stored program, whose body runs later.
    pub(super) fn is_program(&self) -> bool {
        body(self.clone()).is_some()
    }
}

/// What follows the fixed part of the header of a stored program.
fn body(mut reader: Reader<'_>) -> Option<Reader<'_>> {
    if !reader.eat_any(&["CREATE", "ALTER"]) {
        return None;
    }
    let object = definition::head(&mut reader)?.object;
    let _ = reader.eat_all(&["IF", "NOT", "EXISTS"]) || reader.eat_all(&["IF", "EXISTS"]);
    reader.name()?;
    match object {
        Object::Procedure | Object::Function => {
            if reader.is_at_symbol("(") {
                reader.skip();
            }
        }
        Object::Trigger => {
            reader.skip_to(&["ROW"]);
            reader.next();
            if reader.eat_any(&["FOLLOWS", "PRECEDES"]) {
                reader.name()?;
            }
        }
        Object::Event => {
            reader.skip_to(&["DO"]);
            reader.next();
        }
        _ => return None,
    }
    Some(reader)
}

fn is_one_program(mut reader: Reader<'_>) -> bool {
    let mut open: Vec<Open> = Vec::new();
    // What a routine promises (`DETERMINISTIC`, `RETURNS INT`) may still stand before the body.
    let mut header = true;
    let mut begins = true;
    let (mut declares, mut handles) = (false, false);
    let mut before_is_type = false;
    while let Some(token) = reader.next() {
        let innermost = open.last().copied();
        let construct = CONSTRUCTS.iter().copied().find(|construct| token.is_word(construct));
        if token.is_symbol(";") {
            if open.is_empty() {
                return false;
            }
            (begins, header, declares, handles) = (true, false, false, false);
        } else if token.is_symbol(":") {
            // The end of a label.
            begins = true;
        } else if token.is_word("BEGIN") && (begins || header || handles) {
            open.push(Open::Block);
            (begins, header) = (true, false);
        } else if let Some(construct) = construct.filter(|_| begins || header) {
            open.push(Open::Construct(construct));
            header = false;
            begins = matches!(construct, "LOOP" | "REPEAT");
        } else if token.is_word("CASE") {
            open.push(Open::Expression);
        } else if token.is_word("END") && ends_here(begins, innermost, &reader) {
            match open.pop() {
                Some(Open::Construct(word)) if !reader.eat(word) => return false,
                Some(_) => begins = false,
                None => return false,
            }
        } else if token.is_one_of(&["THEN", "ELSE", "DO"]) && innermost != Some(Open::Expression) {
            begins = true;
            header &= !token.is_word("DO");
        } else {
            declares |= begins && token.is_word("DECLARE");
            handles |= declares && token.is_word("HANDLER");
            header &= !token.is_one_of(VERBS) && (before_is_type || !token.is_word("SET"));
            begins = false;
        }
        before_is_type = token.is_one_of(&["CHARACTER", "RETURNS"]);
    }
    open.is_empty()
}

/// `END` is a name as well.
fn ends_here(begins: bool, innermost: Option<Open>, after: &Reader<'_>) -> bool {
    let repeats = innermost == Some(Open::Construct("REPEAT")) && after.is_at("REPEAT");
    begins || repeats || innermost == Some(Open::Expression)
}
