//! CREATE, ALTER, DROP, RENAME and TRUNCATE.

use super::kind::{Action, Definition, Kind, Name, Object, SessionChange};
use super::reader::Reader;
use super::token::TokenKind;

/// What stands before the name.
pub(super) struct Head {
    pub(super) object: Object,
    replaces: bool,
    temporary: bool,
}

/// Reads up to the object's word, that one included.
pub(super) fn head(reader: &mut Reader<'_>) -> Option<Head> {
    let (mut replaces, mut temporary) = (false, false);
    loop {
        if reader.eat_all(&["OR", "REPLACE"]) {
            replaces = true;
        } else if reader.eat("TEMPORARY") {
            temporary = true;
        } else if reader.eat("DEFINER") {
            definer(reader);
        } else if reader.eat_all(&["SQL", "SECURITY"]) {
            reader.word()?;
        } else if reader.eat("ALGORITHM") {
            reader.eat_symbol("=");
            reader.word()?;
        } else if !reader.eat_any(&[
            "UNIQUE",
            "FULLTEXT",
            "SPATIAL",
            "VECTOR",
            "AGGREGATE",
            "ONLINE",
            "OFFLINE",
            "IGNORE",
        ]) {
            break;
        }
    }
    let object = match reader.word()?.to_ascii_uppercase().as_str() {
        "TABLE" | "TABLES" => Object::Table,
        "VIEW" => Object::View,
        "INDEX" => Object::Index,
        "TRIGGER" => Object::Trigger,
        "PROCEDURE" => Object::Procedure,
        "FUNCTION" => Object::Function,
        "EVENT" => Object::Event,
        "SEQUENCE" => Object::Sequence,
        "DATABASE" | "SCHEMA" => Object::Database,
        "USER" | "ROLE" | "SERVER" | "TABLESPACE" | "UNDO" | "LOGFILE" | "RESOURCE" | "REFERENCE"
        | "INSTANCE" => Object::Other,
        _ => return None,
    };
    Some(Head { object, replaces, temporary })
}

/// `= user@host`, `= CURRENT_USER()`: a host without quotes may have dots and dashes.
fn definer(reader: &mut Reader<'_>) {
    reader.eat_symbol("=");
    reader.skip();
    if reader.is_at_symbol("(") {
        reader.skip();
    }
    if reader.eat_symbol("@") {
        reader.skip();
        let is_host = |kind| kind != TokenKind::Text && kind != TokenKind::Name;
        while reader.peek().is_some_and(|token| token.glued && is_host(token.kind)) {
            reader.skip();
        }
    }
}

fn definition(action: Action, object: Object) -> Definition {
    let (names, renamed_to) = (Vec::new(), Vec::new());
    Definition {
        action,
        object,
        names,
        renamed_to,
        table: None,
        tolerant: false,
        replaces: false,
        fills: false,
    }
}

pub(super) fn create(mut reader: Reader<'_>) -> Option<Kind> {
    let head = head(&mut reader)?;
    if head.temporary {
        return Some(Kind::Session(SessionChange::TemporaryTable));
    }
    let mut created = definition(Action::Create, head.object);
    created.tolerant = reader.eat_all(&["IF", "NOT", "EXISTS"]) || head.replaces;
    created.replaces = head.replaces;
    if head.object != Object::Other {
        created.names = vec![reader.name()?];
    }
    match head.object {
        // From a shared library; it is in no database.
        Object::Function if !reader.is_at_symbol("(") => {
            return Some(Kind::Definition(definition(Action::Create, Object::Other)));
        }
        Object::Index | Object::Trigger => created.table = Some(on_table(&mut reader)?),
        Object::Table => created.fills = fills(&reader),
        _ => {}
    }
    Some(Kind::Definition(created))
}

fn on_table(reader: &mut Reader<'_>) -> Option<Name> {
    reader.skip_to(&["ON"]);
    reader.eat("ON").then(|| reader.name())?
}

/// No other part of a CREATE TABLE can have a query; of partitions are `VALUES LESS THAN` and `VALUES IN`.
fn fills(after_name: &Reader<'_>) -> bool {
    let mut tokens = after_name.rest().iter().peekable();
    while let Some(token) = tokens.next() {
        let partition = tokens.peek().is_some_and(|next| next.is_one_of(&["LESS", "IN"]));
        if token.is_one_of(&["SELECT", "TABLE"]) || token.is_word("VALUES") && !partition {
            return true;
        }
    }
    false
}

pub(super) fn alter(mut reader: Reader<'_>) -> Option<Kind> {
    const OF_DATABASE: &[&str] =
        &["DEFAULT", "CHARACTER", "CHARSET", "COLLATE", "COMMENT", "ENCRYPTION", "READ"];
    let object = head(&mut reader)?.object;
    let mut altered = definition(Action::Alter, object);
    reader.eat_all(&["IF", "EXISTS"]);
    let nameless =
        object == Object::Database && reader.peek().is_some_and(|next| next.is_one_of(OF_DATABASE));
    if object != Object::Other && !nameless {
        altered.names = vec![reader.name()?];
    }
    let renames = match object {
        // An unquoted RENAME is always the keyword.
        Object::Table => std::iter::from_fn(|| {
            reader.skip_to(&["RENAME"]);
            reader.eat("RENAME").then(|| !reader.eat_any(&["COLUMN", "INDEX", "KEY"]))
        })
        .any(|of_table| of_table),
        Object::Event => reader.skip_to(&["RENAME", "DO"]) && reader.eat("RENAME"),
        _ => false,
    };
    if renames {
        altered.action = Action::Rename;
        let _ = reader.eat_any(&["TO", "AS"]) || reader.eat_symbol("=");
        altered.renamed_to = vec![reader.name()?];
    }
    Some(Kind::Definition(altered))
}

pub(super) fn drop(mut reader: Reader<'_>) -> Option<Kind> {
    if reader.eat("PREPARE") {
        return Some(Kind::Session(SessionChange::Prepared));
    }
    let head = head(&mut reader)?;
    if head.temporary {
        return Some(Kind::Session(SessionChange::TemporaryTable));
    }
    let mut dropped = definition(Action::Drop, head.object);
    dropped.tolerant = reader.eat_all(&["IF", "EXISTS"]);
    match head.object {
        Object::Other => {}
        Object::Table | Object::View | Object::Sequence => dropped.names = reader.names()?,
        _ => dropped.names = vec![reader.name()?],
    }
    if head.object == Object::Index {
        dropped.table = Some(on_table(&mut reader)?);
    }
    Some(Kind::Definition(dropped))
}

pub(super) fn rename(mut reader: Reader<'_>) -> Option<Kind> {
    if reader.eat("USER") {
        return Some(Kind::Definition(definition(Action::Rename, Object::Other)));
    }
    if !reader.eat_any(&["TABLE", "TABLES"]) {
        return None;
    }
    reader.eat_all(&["IF", "EXISTS"]);
    let mut renamed = definition(Action::Rename, Object::Table);
    loop {
        renamed.names.push(reader.name()?);
        // MariaDB allows a time to wait here.
        reader.skip_to(&["TO"]);
        if !reader.eat("TO") {
            return None;
        }
        renamed.renamed_to.push(reader.name()?);
        if !reader.eat_symbol(",") {
            return Some(Kind::Definition(renamed));
        }
    }
}

pub(super) fn truncate(mut reader: Reader<'_>) -> Option<Kind> {
    reader.eat("TABLE");
    let mut truncated = definition(Action::Truncate, Object::Table);
    truncated.names = vec![reader.name()?];
    Some(Kind::Definition(truncated))
}
