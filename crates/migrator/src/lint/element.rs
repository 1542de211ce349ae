//! What a CREATE TABLE lists in its brackets and an ALTER TABLE adds.

use super::column::Column;
use crate::sql::reader::Reader;

/// A part of a table.
#[derive(Debug, Clone)]
pub(super) enum Element {
    Column(Column),
    Index(Index),
    ForeignKey,
}

/// An index.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Of the primary key; empty for other indexes.
    pub(super) columns: Vec<String>,
    pub(super) primary: bool,
    /// Why no server builds it while others write.
    pub(super) always_locks: Option<&'static str>,
}

/// Reads one definition. A column can bring an index and a foreign key along.
pub(super) fn element(mut reader: Reader<'_>) -> Vec<Element> {
    if reader.eat("CONSTRAINT") {
        reader.eat_all(&["IF", "NOT", "EXISTS"]);
        if !reader.peek().is_some_and(|next| next.is_one_of(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"])) {
            reader.skip();
        }
    }
    let two = |first, second| reader.clone().eat_all(&[first, second]);
    if two("PERIOD", "FOR") || two("SYSTEM", "VERSIONING") || two("VERSIONING", "SYSTEM") {
        return Vec::new();
    }
    if two("VECTOR", "INDEX") || two("VECTOR", "KEY") {
        return vec![Element::Index(index(&mut reader))];
    }
    match reader.peek() {
        Some(next) if next.is_word("FOREIGN") => vec![Element::ForeignKey],
        Some(next) if next.is_one_of(&["PRIMARY", "UNIQUE", "FULLTEXT", "SPATIAL", "INDEX", "KEY"]) => {
            vec![Element::Index(index(&mut reader))]
        }
        Some(next) if next.is_one_of(&["CHECK", "LIKE", "PARTITION"]) => Vec::new(),
        _ => column(&mut reader),
    }
}

fn column(reader: &mut Reader<'_>) -> Vec<Element> {
    reader.eat_all(&["IF", "NOT", "EXISTS"]);
    let Some(column) = Column::read(reader) else { return Vec::new() };
    let mut elements = Vec::new();
    if column.primary || column.unique {
        let always_locks = column.counts.then_some("a column that counts by itself is added");
        let columns = if column.primary { vec![column.name.clone()] } else { Vec::new() };
        elements.push(Element::Index(Index { columns, primary: column.primary, always_locks }));
    }
    if column.references {
        elements.push(Element::ForeignKey);
    }
    elements.insert(0, Element::Column(column));
    elements
}

/// Reads from the kind of the index up to its columns.
pub(super) fn index(reader: &mut Reader<'_>) -> Index {
    let always_locks = match reader.peek() {
        Some(kind) if kind.is_word("FULLTEXT") => Some("it is a FULLTEXT index"),
        Some(kind) if kind.is_word("SPATIAL") => Some("it is a SPATIAL index"),
        _ => None,
    };
    let primary = reader.is_at("PRIMARY");
    while reader.peek().is_some_and(|token| !token.is_symbol("(")) {
        reader.next();
    }
    let parts = reader.brackets().map(|inside| inside.parts()).unwrap_or_default();
    let computed = parts.iter().any(|part| part.is_at_symbol("(")).then_some("it is over an expression");
    let columns = if primary {
        parts.into_iter().filter_map(|mut part| Some(part.name()?.name)).collect()
    } else {
        Vec::new()
    };
    Index { columns, primary, always_locks: always_locks.or(computed) }
}
