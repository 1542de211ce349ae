//! Statements that change or read rows.

use super::kind::{DataAction, DataChange, Kind, Name, SessionChange};
use super::reader::Reader;

/// What a statement on rows can begin with.
pub(super) const VERBS: &[&str] =
    &["WITH", "SELECT", "TABLE", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"];

pub(super) fn change(verb: &str, mut reader: Reader<'_>) -> Option<Kind> {
    // `@n := @n + 1`: it changes the session too, and reads what an earlier statement has left there.
    if assigns_variable(&reader) {
        return None;
    }
    let action = match verb {
        "INSERT" => DataAction::Insert,
        "REPLACE" => DataAction::Replace,
        "UPDATE" => DataAction::Update,
        "DELETE" => DataAction::Delete,
        _ if reader.eat("INDEX") => return Some(Kind::Repeatable),
        // MySQL: `ALGORITHM = BULK` loads beside all transactions.
        _ if reader.has_words(&["ALGORITHM"]) => return None,
        _ if reader.eat_any(&["DATA", "XML"]) => DataAction::Load,
        _ => return None,
    };
    while reader.eat_any(&["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "HISTORY"]) {}
    let tables = match action {
        DataAction::Insert | DataAction::Replace => {
            reader.eat("INTO");
            vec![reader.name()?]
        }
        DataAction::Load => {
            reader.skip_to(&["INTO"]);
            reader.eat_all(&["INTO", "TABLE"]).then(|| reader.name())?.into_iter().collect()
        }
        DataAction::Update => tables(&mut reader)?,
        DataAction::Delete => {
            let single = reader.eat("FROM");
            let from = if single { "USING" } else { "FROM" };
            let mut several = reader.clone();
            if several.skip_to(&[from, "WHERE"]) && several.eat(from) {
                tables(&mut several)?
            } else {
                tables(&mut reader)?
            }
        }
    };
    Some(Kind::Data(DataChange { action, tables }))
}

/// The tables of a join: what follows its beginning, a comma of the list or `JOIN`. Tables that a query in brackets
/// reads are left out.
fn tables(reader: &mut Reader<'_>) -> Option<Vec<Name>> {
    const AFTER: &[&str] = &["SET", "WHERE", "ORDER", "LIMIT", "RETURNING"];
    let mut names = Vec::new();
    let mut expected = true;
    while let Some(token) = reader.peek() {
        if token.is_one_of(AFTER) {
            break;
        }
        if expected && token.is_symbol("(") {
            let mut inside = reader.clone();
            while inside.eat_symbol("(") {}
            if inside.is_at("SELECT") || inside.is_at("WITH") {
                reader.skip();
                expected = false;
            } else {
                *reader = inside;
            }
        } else if expected {
            let name = reader.name()?;
            // `LATERAL (SELECT …)`, `JSON_TABLE(…)`
            let computed = reader.is_at_symbol("(");
            if !computed && !names.contains(&name) {
                names.push(name);
            }
            expected = false;
        } else if token.is_symbol(",") || token.is_one_of(&["JOIN", "STRAIGHT_JOIN"]) {
            reader.next();
            expected = true;
        } else if token.is_symbol("(") {
            reader.skip();
        } else {
            reader.next();
        }
    }
    (!names.is_empty()).then_some(names)
}

/// What follows the common table expressions decides.
pub(super) fn with(mut reader: Reader<'_>) -> Option<Kind> {
    let expressions = named_queries(&mut reader)?;
    // No statement has two; a text with thousands must not go as deep.
    if reader.is_at("WITH") {
        return None;
    }
    let mut kind = Kind::read(reader)?;
    if let Kind::Data(change) = &mut kind {
        change.tables.retain(|table| !expressions.contains(table));
    }
    Some(kind)
}

/// `[RECURSIVE] name [(columns)] AS (query), …`
fn named_queries(reader: &mut Reader<'_>) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    reader.eat("RECURSIVE");
    loop {
        names.push(reader.name()?);
        if reader.is_at_symbol("(") {
            reader.skip();
        }
        if !reader.eat("AS") || !reader.is_at_symbol("(") {
            return None;
        }
        reader.skip();
        // MariaDB: `CYCLE a, b RESTRICT`.
        if reader.eat("CYCLE") {
            reader.skip_to(&["RESTRICT"]);
            reader.next();
        }
        if !reader.eat_symbol(",") {
            return Some(names);
        }
    }
}

/// A query, unless it puts what it finds somewhere.
pub(super) fn query(reader: &Reader<'_>) -> Kind {
    if assigns_variable(reader) || stores_in_variable(reader) {
        Kind::Session(SessionChange::Variable)
    } else if reader.has_words(&["INTO"]) {
        Kind::Opaque
    } else {
        Kind::Query
    }
}

fn assigns_variable(reader: &Reader<'_>) -> bool {
    reader.rest().iter().any(|token| token.is_symbol(":="))
}

/// `INTO @variable`.
pub(super) fn stores_in_variable(reader: &Reader<'_>) -> bool {
    let tokens = reader.rest();
    tokens.iter().zip(tokens.iter().skip(1)).any(|(token, next)| token.is_word("INTO") && next.is_symbol("@"))
}
