//! Which database a name means that stands alone.

use super::kind::{Kind, Name, Object, SessionChange};
use super::reader::Reader;
use crate::split::Statement;

/// The database in use.
enum Used {
    /// The one that every file finds.
    Ours,
    Other(String),
    /// Several statements in one may have said `USE`.
    Unknown,
}

/// What the statements of a file do, one after the other: after `USE` its database stands in the names that have none.
/// Where nobody can tell which one is meant, nobody can tell what the statement does.
pub(crate) fn kinds(statements: &[Statement<'_>]) -> Vec<Kind> {
    let mut used = Used::Ours;
    let mut placed = |statement: &Statement<'_>| {
        let mut kind = statement.kind();
        if kind == Kind::Session(SessionChange::Database) {
            let mut reader = Reader::new(statement.text);
            reader.eat("USE");
            used = reader.name().map_or(Used::Unknown, |name| Used::Other(name.name));
        } else if kind == Kind::Opaque && Reader::new(statement.text).has_words(&["USE"]) {
            used = Used::Unknown;
        }
        match &used {
            Used::Ours => {}
            Used::Other(database) => {
                alone(&mut kind).for_each(|name| name.database = Some(database.clone()));
            }
            Used::Unknown if alone(&mut kind).next().is_some() => kind = Kind::Opaque,
            Used::Unknown => {}
        }
        kind
    };
    statements.iter().map(&mut placed).collect()
}

/// The names without a database.
fn alone(kind: &mut Kind) -> impl Iterator<Item = &mut Name> {
    let names: Vec<&mut Name> = match kind {
        Kind::Data(change) => change.tables.iter_mut().collect(),
        Kind::Definition(definition) if definition.object != Object::Database => definition
            .names
            .iter_mut()
            .chain(&mut definition.renamed_to)
            .chain(&mut definition.table)
            .collect(),
        _ => Vec::new(),
    };
    names.into_iter().filter(|name| name.database.is_none())
}
