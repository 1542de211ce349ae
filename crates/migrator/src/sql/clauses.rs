//! What a change of a table leaves to be seen in it.

use super::kind::{Action, Definition, Object};
use super::reader::Reader;
use super::token::Token;

/// A clause of an ALTER TABLE, or all of a CREATE INDEX or DROP INDEX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clause {
    /// This is there afterwards.
    Adds(Element),
    /// What has this name is not there afterwards.
    Drops(Part, String),
    /// Said again it changes nothing: MODIFY, an option, `IF [NOT] EXISTS`.
    Repeats,
    /// None of that, or not understood.
    Hidden,
}

/// What can be added to a table and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Column,
    Index,
    /// A foreign key or a check.
    Constraint,
    Partition,
}

/// A part of a table. Letter case does not count in names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    part: Part,
    /// `None` where the server finds a name.
    name: Option<String>,
    unique: bool,
    /// Of an index or a foreign key, as far as they can be compared.
    columns: Option<Vec<String>>,
}

impl Element {
    fn new(part: Part, name: Option<String>) -> Self {
        Self { part, name: name.map(|name| name.to_lowercase()), unique: false, columns: None }
    }

    fn is_named(&self, part: Part, name: &str) -> bool {
        self.part == part && self.name.as_deref() == Some(name)
    }

    /// Whether `shown`, a part of a table, is what this says.
    fn is(&self, shown: &Self) -> bool {
        let same_columns = self.columns == shown.columns;
        let same = match &self.name {
            None => same_columns,
            name => *name == shown.name && (self.columns.is_none() || same_columns),
        };
        same && self.part == shown.part && self.unique == shown.unique
    }
}

/// Whether the table that the server shows so is as after all of these clauses; `None` where no clause can tell.
pub(crate) fn are_in(clauses: &[Clause], shown: &str) -> Option<bool> {
    let shown = elements(shown);
    let is = |clause: &&Clause| match clause {
        Clause::Adds(element) => shown.iter().any(|shown| element.is(shown)),
        Clause::Drops(part, name) => !shown.iter().any(|shown| shown.is_named(*part, name)),
        Clause::Repeats | Clause::Hidden => false,
    };
    let telling = telling(clauses);
    (!telling.is_empty()).then(|| telling.iter().all(is))
}

/// Whether a table that all of these change is shown otherwise afterwards, whatever it was like before.
pub(crate) fn are_seen(clauses: &[Clause]) -> bool {
    let is_part = |part: &Part| matches!(part, Part::Column | Part::Index);
    let adds = |clause: &Clause| matches!(clause, Clause::Adds(element) if is_part(&element.part));
    let drops = |clause: &Clause| matches!(clause, Clause::Drops(part, _) if is_part(part));
    // What is dropped may be added again.
    clauses.iter().any(adds) != clauses.iter().any(drops)
}

/// Those that tell afterwards whether they were done.
fn telling(clauses: &[Clause]) -> Vec<&Clause> {
    let adds = |part: Part, name: &str| {
        let named = |clause: &Clause| matches!(clause, Clause::Adds(element) if element.is_named(part, name));
        clauses.iter().any(named)
    };
    let drops = |element: &Element| {
        let named =
            |clause: &Clause| matches!(clause, Clause::Drops(part, name) if element.is_named(*part, name));
        clauses.iter().any(named)
    };
    let tells = |clause: &&Clause| match clause {
        // Dropped and added, it is there before and after.
        Clause::Adds(element) => element.columns.is_some() || !drops(element),
        Clause::Drops(part, name) => !adds(*part, name),
        Clause::Repeats | Clause::Hidden => false,
    };
    clauses.iter().filter(tells).collect()
}

/// The clauses of a statement that changes a table.
pub(crate) fn clauses(statement: &str, definition: &Definition) -> Vec<Clause> {
    let mut reader = Reader::new(statement);
    let index = definition.names.first().map(|index| index.name.to_lowercase());
    match (definition.action, definition.object) {
        (_, Object::Index) if definition.tolerant => vec![Clause::Repeats],
        (Action::Create, Object::Index) => {
            reader.eat("CREATE");
            let unique = reader.eat("UNIQUE");
            reader.skip_to(&["ON"]);
            let columns = columns(&mut reader);
            vec![Clause::Adds(Element { unique, columns, ..Element::new(Part::Index, index) })]
        }
        (Action::Drop, Object::Index) => {
            index.map(|name| Clause::Drops(Part::Index, name)).into_iter().collect()
        }
        (Action::Alter, Object::Table) => {
            reader.skip_to(&["TABLE"]);
            reader.eat("TABLE");
            reader.skip_altered_table();
            reader.parts().into_iter().flat_map(clause).collect()
        }
        _ => Vec::new(),
    }
}

fn clause(mut reader: Reader<'_>) -> Vec<Clause> {
    /// What an ALTER TABLE can say again.
    const SAME: &[&str] = &[
        "MODIFY",
        "ALTER",
        "ORDER",
        "FORCE",
        "ENABLE",
        "DISABLE",
        "DEFAULT",
        "CHARACTER",
        "CHARSET",
        "COLLATE",
        "CONVERT",
        "COMMENT",
        "ENGINE",
        "AUTO_INCREMENT",
        "ROW_FORMAT",
        "KEY_BLOCK_SIZE",
        "ALGORITHM",
        "LOCK",
        "STATS_PERSISTENT",
        "STATS_AUTO_RECALC",
        "STATS_SAMPLE_PAGES",
        "COMPRESSION",
        "ENCRYPTION",
        "WITH",
        "WITHOUT",
    ];
    let tolerant = |words: &[Token<'_>]| {
        let exists = |word: &Token<'_>| word.is_word("EXISTS");
        words.first().is_some_and(|first| first.is_word("IF")) && words.iter().skip(1).any(exists)
    };
    if reader.rest().windows(3).any(tolerant) {
        return vec![Clause::Repeats];
    }
    let read = if reader.eat("ADD") {
        added(reader)
    } else if reader.eat("DROP") {
        dropped(reader)
    } else if reader.eat("CHANGE") {
        reader.eat("COLUMN");
        renamed(Part::Column, &mut reader)
    } else if reader.eat_all(&["RENAME", "COLUMN"]) {
        renamed(Part::Column, &mut reader)
    } else if reader.eat("RENAME") && reader.eat_any(&["INDEX", "KEY"]) {
        renamed(Part::Index, &mut reader)
    } else if reader.eat_all(&["REORGANIZE", "PARTITION"]) {
        reader.skip_to(&["INTO"]);
        reader.next();
        Some(partitions(&mut reader).into_iter().map(Clause::Adds).collect())
    } else {
        let partitions = reader.has_words(&["PARTITION", "PARTITIONS", "PARTITIONING"]);
        (!partitions && reader.eat_any(SAME)).then(|| vec![Clause::Repeats])
    };
    read.filter(|clauses| !clauses.is_empty()).unwrap_or_else(|| vec![Clause::Hidden])
}

fn added(mut reader: Reader<'_>) -> Option<Vec<Clause>> {
    let elements: Option<Vec<Element>> = if reader.eat("PARTITION") {
        Some(partitions(&mut reader))
    } else {
        reader.eat("COLUMN");
        match reader.brackets() {
            Some(list) => list.parts().into_iter().map(element).collect(),
            None => element(reader).map(|element| vec![element]),
        }
    };
    let clause = |element: Element| match (&element.name, &element.columns) {
        (None, None) => Clause::Hidden,
        _ => Clause::Adds(element),
    };
    Some(elements?.into_iter().map(clause).collect())
}

fn dropped(mut reader: Reader<'_>) -> Option<Vec<Clause>> {
    let parts: &[Part] = match reader.peek()? {
        word if word.is_word("PRIMARY") => {
            return Some(vec![Clause::Drops(Part::Index, "primary".to_owned())]);
        }
        word if word.is_one_of(&["SYSTEM", "PERIOD"]) => return None,
        word if word.is_word("PARTITION") => &[Part::Partition],
        word if word.is_one_of(&["INDEX", "KEY"]) => &[Part::Index],
        word if word.is_one_of(&["FOREIGN", "CHECK"]) => &[Part::Constraint],
        // The servers call a unique key so too.
        word if word.is_word("CONSTRAINT") => &[Part::Constraint, Part::Index],
        _ => &[Part::Column],
    };
    if parts != [Part::Column] {
        reader.next();
        reader.eat("KEY");
    } else {
        reader.eat("COLUMN");
    }
    let name = reader.name()?.name.to_lowercase();
    Some(parts.iter().map(|part| Clause::Drops(*part, name.clone())).collect())
}

fn renamed(part: Part, reader: &mut Reader<'_>) -> Option<Vec<Clause>> {
    let from = reader.name()?.name.to_lowercase();
    // Of a RENAME; CHANGE has none.
    reader.eat("TO");
    let to = reader.name()?.name;
    if from == to.to_lowercase() {
        return Some(vec![Clause::Repeats]);
    }
    let adds = Clause::Adds(Element::new(part, Some(to)));
    // Whether the index is unique is not said here, so its new name cannot be compared.
    let adds = (part == Part::Column).then_some(adds);
    Some([Clause::Drops(part, from)].into_iter().chain(adds).collect())
}

/// The parts of a table as `SHOW CREATE TABLE` has them.
fn elements(shown: &str) -> Vec<Element> {
    let mut reader = Reader::new(shown);
    while reader.peek().is_some_and(|token| !token.is_symbol("(")) {
        reader.next();
    }
    let mut elements: Vec<Element> = reader
        .brackets()
        .map(|inside| inside.parts())
        .unwrap_or_default()
        .into_iter()
        .filter_map(element)
        .collect();
    elements.extend(partitions(&mut reader));
    elements
}

/// The partitions in the first brackets that list some.
fn partitions(reader: &mut Reader<'_>) -> Vec<Element> {
    while reader.peek().is_some() {
        match reader.clone().brackets().filter(|inside| inside.is_at("PARTITION")) {
            None => reader.skip(),
            Some(inside) => {
                let name = |mut part: Reader<'_>| part.eat("PARTITION").then(|| part.name())?;
                let names = inside.parts().into_iter().filter_map(name);
                return names.map(|name| Element::new(Part::Partition, Some(name.name))).collect();
            }
        }
    }
    Vec::new()
}

/// What a table lists in its brackets and an ALTER TABLE adds.
fn element(mut reader: Reader<'_>) -> Option<Element> {
    let mut name = None;
    if reader.eat("CONSTRAINT")
        && !reader.peek().is_some_and(|next| next.is_one_of(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]))
    {
        name = Some(reader.name()?.name);
    }
    let is_at = |reader: &Reader<'_>, words: [&str; 2]| reader.clone().eat_all(&words);
    if is_at(&reader, ["PERIOD", "FOR"]) || is_at(&reader, ["SYSTEM", "VERSIONING"]) || reader.is_at("LIKE") {
        return None;
    }
    if reader.eat_all(&["PRIMARY", "KEY"]) {
        let columns = columns(&mut reader);
        return Some(Element { columns, ..Element::new(Part::Index, Some("primary".to_owned())) });
    }
    if reader.eat("FOREIGN") {
        let columns = columns(&mut reader);
        return Some(Element { columns, ..Element::new(Part::Constraint, name) });
    }
    if reader.is_at("CHECK") {
        return name.map(|name| Element::new(Part::Constraint, Some(name)));
    }
    let unique = reader.eat("UNIQUE");
    let vector = is_at(&reader, ["VECTOR", "INDEX"]) || is_at(&reader, ["VECTOR", "KEY"]);
    let other = vector && reader.eat("VECTOR") || reader.eat_any(&["FULLTEXT", "SPATIAL"]);
    if reader.eat_any(&["INDEX", "KEY"]) || unique || other {
        if !reader.is_at_symbol("(") && !reader.is_at("USING") {
            name = Some(reader.name()?.name);
        }
        let columns = columns(&mut reader);
        return Some(Element { unique, columns, ..Element::new(Part::Index, name) });
    }
    Some(Element::new(Part::Column, Some(reader.name()?.name)))
}

/// What stands in the next brackets, if it is nothing but columns: the server writes expressions in its own way.
fn columns(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    while reader.peek().is_some_and(|token| !token.is_symbol("(")) {
        reader.next();
    }
    let column = |mut part: Reader<'_>| {
        let name = part.name()?.name;
        let rest = part.rest().iter().filter(|token| !token.is_word("ASC"));
        Some(rest.fold(name, |text, token| text + token.text).to_lowercase())
    };
    reader.brackets()?.parts().into_iter().map(column).collect()
}
