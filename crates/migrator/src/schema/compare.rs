//! What is different between a database and the schema that it should have.

use std::collections::BTreeMap;
use std::fmt;

use super::{Column, DefaultValue, Key, KeyKind, Schema, Table};

/// What a [`Difference`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// A table as a whole.
    Table,
    /// The engine of a table.
    Engine,
    /// A column.
    Column,
    /// A key of any kind but foreign ones.
    Key,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// A stored procedure.
    Procedure,
    /// A stored function.
    Function,
    /// An event.
    Event,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "table",
            Self::Engine => "engine",
            Self::Column => "column",
            Self::Key => "key",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::Procedure => "procedure",
            Self::Function => "function",
            Self::Event => "event",
        })
    }
}

/// One thing that is not the same in a database and in our schema. `Display` is a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What it is about.
    pub part: Part,
    /// The table, or the name of the view or stored program.
    pub name: String,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// What the database has; `None` if nothing.
    pub found: Option<String>,
    /// What we have; `None` if nothing.
    pub ours: Option<String>,
    foreign: bool,
}

impl Difference {
    /// Whether only the database has it, and statements written for our schema do not notice it: another system's
    /// table, view or program; a column of one of our tables that can be left out of an INSERT, and keys over such
    /// columns; an index.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Whether it is a table, view or program that is not ours and touches nothing of ours.
    pub fn is_foreign_object(&self) -> bool {
        self.foreign
            && !matches!(self.part, Part::Engine | Part::Column | Part::Key | Part::ForeignKey | Part::Check)
    }

    fn new(part: Part, name: &str, found: Option<String>, ours: Option<String>) -> Self {
        Self { part, name: name.to_owned(), column: None, found, ours, foreign: false }
    }

    fn foreign(mut self, foreign: bool) -> Self {
        self.foreign = foreign;
        self
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, name, column, found, ours, .. } = self;
        let subject = match (part, column) {
            (_, Some(column)) => format!("{name}.{column}"),
            (Part::Engine | Part::Key | Part::ForeignKey | Part::Check, None) => name.clone(),
            _ => format!("{part} {name}"),
        };
        let in_parentheses = |text: &Option<String>| match text {
            Some(text) if *part == Part::Column => format!(" ({text})"),
            _ => String::new(),
        };
        match (part, found, ours) {
            (Part::Key | Part::ForeignKey | Part::Check, Some(found), _) => {
                write!(f, "{subject} has the {found}, we have not")
            }
            (Part::Key | Part::ForeignKey | Part::Check, None, Some(ours)) => {
                write!(f, "{subject} has no {ours}, we have")
            }
            (Part::Engine | Part::Column, Some(found), Some(ours)) => {
                write!(f, "{subject} is {found}, ours is {ours}")
            }
            (_, Some(_), Some(_)) => write!(f, "{subject} is not the same as ours"),
            (_, None, _) => write!(f, "{subject}{} is missing", in_parentheses(ours)),
            (_, _, None) => write!(f, "{subject}{} is not ours", in_parentheses(found)),
        }
    }
}

impl Schema {
    /// What is different here from `ours`: missing things, other things, and things that only this one has (see
    /// [`Difference::is_foreign`]). Nothing is different if statements that were written for one do on the other the
    /// same, unless they name a key or constraint, or count on the order of columns.
    ///
    /// Two indexes are as good as one if the columns of one begin with those of the other.
    pub fn compare(&self, ours: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for (name, table) in &ours.tables {
            match self.tables.get(name) {
                Some(theirs) => compare_tables(name, theirs, table, &mut found),
                None => found.push(Difference::new(Part::Table, name, None, Some(table.engine.clone()))),
            }
        }
        for (name, table) in self.tables.iter().filter(|(name, _)| !ours.tables.contains_key(*name)) {
            found.push(Difference::new(Part::Table, name, Some(table.engine.clone()), None).foreign(true));
        }
        for ((part, name), object) in &ours.objects {
            let theirs = self.objects.get(&(*part, name.clone()));
            if theirs != Some(object) {
                let theirs = theirs.map(|theirs| theirs.text.clone());
                found.push(Difference::new(*part, name, theirs, Some(object.text.clone())));
            }
        }
        for ((part, name), object) in self.objects.iter().filter(|(key, _)| !ours.objects.contains_key(*key))
        {
            // A trigger takes part in what is done to its table.
            let foreign = object.table.as_ref().is_none_or(|table| !ours.tables.contains_key(table));
            found.push(Difference::new(*part, name, Some(object.text.clone()), None).foreign(foreign));
        }
        found
    }
}

fn compare_tables(name: &str, theirs: &Table, ours: &Table, found: &mut Vec<Difference>) {
    if theirs.engine != ours.engine {
        let (theirs, ours) = (theirs.engine.clone(), ours.engine.clone());
        found.push(Difference::new(Part::Engine, name, Some(theirs), Some(ours)));
    }
    let column_difference = |column: &Column, theirs, ours| {
        let difference = Difference::new(Part::Column, name, theirs, ours);
        Difference { column: Some(column.name.clone()), ..difference }
    };
    for column in &ours.columns {
        let difference = match theirs.column(&column.name) {
            Some(theirs) => differing(theirs, column)
                .map(|(theirs, ours)| column_difference(column, Some(theirs), Some(ours))),
            None => Some(column_difference(column, None, Some(column.to_string()))),
        };
        found.extend(difference);
    }
    let is_ours = |column: &str| ours.column(column).is_some();
    for column in theirs.columns.iter().filter(|column| !is_ours(&column.name)) {
        let difference = column_difference(column, Some(column.to_string()), None);
        found.push(difference.foreign(column.can_be_left_out()));
    }

    let differences = |part, theirs: Option<String>, ours| Difference::new(part, name, theirs, ours);
    for key in ours.keys.keys().filter(|key| !has(theirs, key)) {
        found.push(differences(Part::Key, None, Some(key.to_string())));
    }
    for key in theirs.keys.keys().filter(|key| !has(ours, key)) {
        // A unique key over a column that nobody fills in would let in one row only, if that column had a default.
        let stays_null = |column: &str| {
            !is_ours(column)
                && theirs
                    .column(column)
                    .is_some_and(|column| column.nullable && column.default == DefaultValue::None)
        };
        let foreign = match key.kind {
            KeyKind::Primary => false,
            KeyKind::Unique => key.parts.iter().any(|part| stays_null(&part.column)),
            KeyKind::Plain | KeyKind::FullText | KeyKind::Spatial => true,
        };
        found.push(differences(Part::Key, Some(key.to_string()), None).foreign(foreign));
    }

    for (theirs, ours) in differing_keys(&theirs.foreign_keys, &ours.foreign_keys) {
        let foreign = theirs.is_some_and(|key| !key.columns.iter().any(|column| is_ours(column)));
        let text = |key: Option<&super::ForeignKey>| key.map(ToString::to_string);
        found.push(differences(Part::ForeignKey, text(theirs), text(ours)).foreign(foreign));
    }
    for (theirs, our) in differing_keys(&theirs.checks, &ours.checks) {
        let names_ours =
            |check: &String| ours.columns.iter().any(|column| check.contains(&format!("`{}`", column.name)));
        let foreign = theirs.is_some_and(|check| !names_ours(check));
        let text = |check: Option<&String>| check.map(|check| format!("check ({check})"));
        found.push(differences(Part::Check, text(theirs), text(our)).foreign(foreign));
    }
}

/// What only one of two maps has, first what the second has.
fn differing_keys<'a, K: Ord, V>(
    theirs: &'a BTreeMap<K, V>,
    ours: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (Option<&'a K>, Option<&'a K>)> {
    let missing = ours.keys().filter(|key| !theirs.contains_key(key)).map(|key| (None, Some(key)));
    let more = theirs.keys().filter(|key| !ours.contains_key(key)).map(|key| (Some(key), None));
    missing.chain(more)
}

/// Whether the table has the key, or for an index one that begins with it and so does its work.
fn has(table: &Table, key: &Key) -> bool {
    let is_longer = |other: &Key| {
        !matches!(other.kind, KeyKind::FullText | KeyKind::Spatial) && other.parts.starts_with(&key.parts)
    };
    table.keys.contains_key(key) || (key.kind == KeyKind::Plain && table.keys.keys().any(is_longer))
}

/// The attributes that two columns do not have in common.
fn differing(theirs: &Column, ours: &Column) -> Option<(String, String)> {
    let pairs = theirs.attributes().into_iter().zip(ours.attributes());
    let differing = pairs.filter(|(theirs, ours)| theirs.0 != ours.0);
    let words = |(words, otherwise): (Option<String>, &str)| words.unwrap_or_else(|| otherwise.to_owned());
    let (theirs, ours): (Vec<String>, Vec<String>) =
        differing.map(|(theirs, ours)| (words(theirs), words(ours))).unzip();
    (!theirs.is_empty()).then(|| (theirs.join(" "), ours.join(" ")))
}

impl Column {
    fn can_be_left_out(&self) -> bool {
        self.nullable || self.default != DefaultValue::None || self.auto_increment || self.generated.is_some()
    }
}
