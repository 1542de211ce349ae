//! What a database consists of, in words that do not depend on the server that was asked.
//!
//! MySQL and MariaDB print the same `CREATE TABLE` differently, and so do their versions. [`Schema`] is the normal form:
//! without collations and character sets, display widths, quotes around defaults, needless parentheses, comments, the
//! order of columns, and whatever the server counts or dates itself. Names of keys and constraints are kept, but not
//! compared, as servers make them up. Left out are the tables of the migrator, whose names all begin alike.

mod column;
mod compare;
mod expression;
mod read;

use std::collections::BTreeMap;
use std::fmt;

pub use compare::{Difference, Part};

pub(crate) use column::{Column, DefaultValue};
pub(crate) use read::get;

use crate::ledger::LEDGER;
use crate::{MigrateError, Migrator};

/// The tables, views and stored programs of a database in a normal form; see [`Migrator::schema`].
///
/// `Display` is that form as text, a line for each thing, the same on every server for the same definitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) objects: BTreeMap<(Part, String), Object>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) engine: String,
    pub(crate) columns: Vec<Column>,
    /// Each key with the names under which the table has it.
    pub(crate) keys: BTreeMap<Key, Vec<String>>,
    pub(crate) foreign_keys: BTreeMap<ForeignKey, Vec<String>>,
    pub(crate) checks: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// Names of columns differ by more than letter case, whatever the server.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
    Plain,
    FullText,
    Spatial,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) parts: Vec<KeyPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyPart {
    /// A column in lower case, or an expression in parentheses.
    pub(crate) column: String,
    /// In characters or bytes, where only the beginning of the column is in the key.
    pub(crate) prefix: Option<u64>,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ForeignKey {
    /// In lower case, as are those that are referenced.
    pub(crate) columns: Vec<String>,
    /// With the name of its database if that is another.
    pub(crate) references: String,
    pub(crate) referenced: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
}

/// A view or a stored program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// The table of a trigger.
    pub(crate) table: Option<String>,
    /// What it is, and when it is run, in normal form.
    pub(crate) text: String,
}

impl Migrator {
    /// What the database consists of, apart from the tables of the migrator. Reads only.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn schema(&mut self) -> Result<Schema, MigrateError> {
        Schema::read(&mut self.conn, &self.database).await
    }
}

/// Whether a table is the migrator's own.
pub(crate) fn is_own(table: &str) -> bool {
    table.starts_with(LEDGER)
}

impl Schema {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.objects.is_empty()
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, table) in &self.tables {
            writeln!(f, "table {name} {}", table.engine)?;
            for column in &table.columns {
                writeln!(f, "    {} {column}", column.name)?;
            }
            for key in table.keys.keys() {
                writeln!(f, "    {key}")?;
            }
            for foreign_key in table.foreign_keys.keys() {
                writeln!(f, "    {foreign_key}")?;
            }
            for check in table.checks.keys() {
                writeln!(f, "    check ({check})")?;
            }
        }
        for ((part, name), object) in &self.objects {
            writeln!(f, "{part} {name} {}", object.text)?;
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            KeyKind::Primary => "primary key (",
            KeyKind::Unique => "unique key (",
            KeyKind::Plain => "key (",
            KeyKind::FullText => "fulltext key (",
            KeyKind::Spatial => "spatial key (",
        })?;
        for (index, part) in self.parts.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(&part.column)?;
            part.prefix.map_or(Ok(()), |prefix| write!(f, "({prefix})"))?;
            f.write_str(if part.descending { " desc" } else { "" })?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { columns, references, referenced, on_delete, on_update } = self;
        let (columns, referenced) = (columns.join(", "), referenced.join(", "));
        write!(
            f,
            "foreign key ({columns}) references {references} ({referenced}) on delete {on_delete} on update {on_update}"
        )
    }
}

#[cfg(test)]
mod tests;
