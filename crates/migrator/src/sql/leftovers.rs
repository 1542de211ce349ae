//! What a statement leaves in its session under a name, and how to take it away.

use std::collections::BTreeSet;

use super::kind::{DataAction, Kind, SessionChange};
use super::reader::Reader;
use super::token::{Token, TokenKind};

/// Statements for the end of the file, each of which may be refused: what it is about may be gone. What the file has used
/// is used again, since names may mean things in there.
pub(crate) fn left_behind(statement: &str, kind: &Kind) -> Vec<String> {
    let reader = || Reader::new(statement);
    match kind {
        Kind::Session(SessionChange::Database) => vec![statement.to_owned()],
        Kind::Session(SessionChange::TemporaryTable) => temporary_table(reader()).into_iter().collect(),
        Kind::Session(SessionChange::Prepared) => prepared(reader()).into_iter().collect(),
        Kind::Session(SessionChange::Variable) => {
            user_variables(&reader()).into_iter().chain(settings(reader())).collect()
        }
        Kind::Opaque => user_variables(&reader()).into_iter().collect(),
        Kind::Data(change) if change.action == DataAction::Load => {
            user_variables(&reader()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn prepared(mut reader: Reader<'_>) -> Option<String> {
    reader.eat("PREPARE").then(|| reader.name())?.map(|name| format!("DEALLOCATE PREPARE {name}"))
}

fn temporary_table(mut reader: Reader<'_>) -> Option<String> {
    if !reader.eat("CREATE") {
        return None;
    }
    reader.skip_to(&["TABLE", "SEQUENCE"]);
    reader.next();
    reader.eat_all(&["IF", "NOT", "EXISTS"]);
    Some(format!("DROP TEMPORARY TABLE IF EXISTS {}", reader.name()?))
}

/// All that are named, set or not.
fn user_variables(reader: &Reader<'_>) -> Option<String> {
    let is_name =
        |token: &Token<'_>| matches!(token.kind, TokenKind::Word | TokenKind::Name | TokenKind::Text);
    let named: BTreeSet<String> = reader
        .rest()
        .windows(2)
        .filter_map(|pair| match pair {
            [mark, name] if mark.is_symbol("@") && is_name(name) => Some(format!("@{} = NULL", name.text)),
            _ => None,
        })
        .collect();
    let named: Vec<String> = named.into_iter().collect();
    (!named.is_empty()).then(|| format!("SET {}", named.join(", ")))
}

fn settings(mut reader: Reader<'_>) -> impl Iterator<Item = String> {
    let parts = if reader.eat("SET") { reader.parts() } else { Vec::new() };
    parts.into_iter().flat_map(setting)
}

fn setting(mut part: Reader<'_>) -> Vec<String> {
    let to_default = |name: &str| format!("SET SESSION {name} = DEFAULT");
    part.eat_symbol("@@");
    if part.eat_any(&["SESSION", "LOCAL"]) {
        part.eat_symbol(".");
        if part.eat_all(&["TRANSACTION", "ISOLATION"]) {
            // Each server knows one of them.
            return vec![to_default("transaction_isolation"), to_default("tx_isolation")];
        }
    }
    let name = part.name().filter(|name| name.database.is_none()).map(|name| name.name.to_ascii_lowercase());
    match name.as_deref() {
        _ if !(part.is_at_symbol("=") || part.is_at_symbol(":=")) => Vec::new(),
        // The runner has set these itself.
        Some("explicit_defaults_for_timestamp") => {
            vec!["SET SESSION explicit_defaults_for_timestamp = 1".to_owned()]
        }
        Some("wsrep_sync_wait") | None => Vec::new(),
        Some(name) => vec![to_default(name)],
    }
}
