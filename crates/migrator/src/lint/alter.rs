//! What an ALTER TABLE, a CREATE INDEX or a DROP INDEX changes.

use super::column::Column;
use super::element::{Element, Index, element, index};
use super::options::TableOptions;
use crate::sql::reader::Reader;

/// One change of a table.
#[derive(Debug, Clone)]
pub(super) enum Change {
    AddColumn(Column),
    AddIndex(Index),
    AddForeignKey,
    /// MODIFY and CHANGE.
    Redefine {
        from: String,
        column: Column,
    },
    RenameColumn {
        from: String,
        to: String,
    },
    DropColumn(String),
    DropPrimaryKey,
    /// Whether it only loses its rows.
    DropPartition {
        stays: bool,
    },
    Options(TableOptions),
}

/// The changes, each with the place in the statement where its clause begins.
pub(super) type Changes = Vec<(usize, Change)>;

/// Reads what follows the name of the table.
pub(super) fn changes(reader: &Reader<'_>) -> Changes {
    let mut changes = Vec::new();
    for part in reader.parts() {
        let at = part.peek().map_or(0, |first| first.at);
        changes.extend(clause(part).into_iter().map(|change| (at, change)));
    }
    changes
}

/// Whether the server would refuse to keep writers out. `reader` is at the clauses.
pub(super) fn lets_others_write(reader: &Reader<'_>) -> bool {
    let mut reader = reader.clone();
    while reader.skip_to(&["LOCK", "ALGORITHM"]) {
        let wanted = if reader.eat("LOCK") { "NONE" } else { "INSTANT" };
        reader.eat("ALGORITHM");
        reader.eat_symbol("=");
        if reader.eat(wanted) {
            return true;
        }
    }
    false
}

/// CREATE INDEX, read from the kind of the index on.
pub(super) fn created_index(reader: &mut Reader<'_>) -> Change {
    let mut built = index(reader);
    // There is no CREATE PRIMARY INDEX.
    built.primary = false;
    Change::AddIndex(built)
}

fn clause(mut reader: Reader<'_>) -> Vec<Change> {
    if reader.eat("ADD") {
        return added(reader);
    }
    let one = |change: Option<Change>| change.into_iter().collect();
    if reader.eat("DROP") {
        return one(dropped(&mut reader));
    }
    // Not reserved: they can be names, but no clause begins with a name.
    if reader.eat("MODIFY") {
        skip_column_word(&mut reader);
        let column = Column::read(&mut reader);
        return one(column.map(|column| Change::Redefine { from: column.name.clone(), column }));
    }
    if reader.eat("CHANGE") {
        skip_column_word(&mut reader);
        let change = |reader: &mut Reader<'_>| {
            Some(Change::Redefine { from: reader.name()?.name, column: Column::read(reader)? })
        };
        return one(change(&mut reader));
    }
    if reader.eat_all(&["RENAME", "COLUMN"]) {
        let rename = |reader: &mut Reader<'_>| {
            reader.eat_all(&["IF", "EXISTS"]);
            let from = reader.name()?.name;
            reader.eat("TO").then_some(Change::RenameColumn { from, to: reader.name()?.name })
        };
        return one(rename(&mut reader));
    }
    if reader.eat_all(&["TRUNCATE", "PARTITION"]) {
        return vec![Change::DropPartition { stays: true }];
    }
    // What can have names in it, which may look like options.
    if reader.eat_any(&["ALTER", "ORDER", "RENAME", "EXCHANGE", "REORGANIZE"]) {
        return Vec::new();
    }
    vec![Change::Options(TableOptions::read(&mut reader))]
}

fn added(mut reader: Reader<'_>) -> Vec<Change> {
    reader.eat("COLUMN");
    let elements: Vec<Element> = match reader.brackets() {
        Some(list) => list.parts().into_iter().flat_map(element).collect(),
        None => element(reader),
    };
    let change = |element| match element {
        Element::Column(column) => Change::AddColumn(column),
        Element::Index(index) => Change::AddIndex(index),
        Element::ForeignKey => Change::AddForeignKey,
    };
    elements.into_iter().map(change).collect()
}

fn dropped(reader: &mut Reader<'_>) -> Option<Change> {
    if reader.eat("PARTITION") {
        return Some(Change::DropPartition { stays: false });
    }
    if reader.eat("PRIMARY") {
        return Some(Change::DropPrimaryKey);
    }
    let is = |first, second| reader.clone().eat_all(&[first, second]);
    let other = ["INDEX", "KEY", "FOREIGN", "CONSTRAINT", "CHECK"];
    let of_versions = is("SYSTEM", "VERSIONING") || is("PERIOD", "FOR");
    if of_versions || reader.peek().is_some_and(|next| next.is_one_of(&other)) {
        return None;
    }
    skip_column_word(reader);
    Some(Change::DropColumn(reader.name()?.name))
}

fn skip_column_word(reader: &mut Reader<'_>) {
    reader.eat("COLUMN");
    reader.eat_all(&["IF", "EXISTS"]);
}
