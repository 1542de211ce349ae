use crate::{Definition, Kind, Name};

mod between;
mod clauses;
mod digests;
mod hard;
mod kinds;

/// A kind in few words: `Drop Table a, b`, `Create Index i on t`, `Rename Table a to b`, with `tolerant` and `fills` at
/// its end; `Update a, b`; all others as they are.
fn told(statement: &str) -> String {
    match Kind::of(statement) {
        Kind::Definition(definition) => brief(&definition),
        Kind::Data(change) => format!("{:?} {}", change.action, list(&change.tables)),
        other => format!("{other:?}"),
    }
}

fn list(names: &[Name]) -> String {
    names.iter().map(|name| name.to_string().replace('`', "")).collect::<Vec<_>>().join(", ")
}

fn brief(definition: &Definition) -> String {
    let mut brief = format!("{:?} {:?} {}", definition.action, definition.object, list(&definition.names))
        .trim()
        .to_owned();
    if let Some(table) = &definition.table {
        brief += &format!(" on {}", table.to_string().replace('`', ""));
    }
    if !definition.renamed_to.is_empty() {
        brief += &format!(" to {}", list(&definition.renamed_to));
    }
    let flags = [(definition.tolerant, " tolerant"), (definition.fills, " fills")];
    brief + &flags.into_iter().filter_map(|(set, flag)| set.then_some(flag)).collect::<String>()
}
