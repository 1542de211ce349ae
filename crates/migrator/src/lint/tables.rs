//! The tables as the files have made them so far.

use std::collections::{BTreeMap, BTreeSet};

use super::alter::{Change, Changes};
use super::column::Column;
use super::element::Element;
use crate::Name;

/// Names without letter case: whether it counts for tables depends on the server, and for columns it never does.
pub(super) fn key(name: &Name) -> Name {
    let lower = |text: &String| text.to_lowercase();
    Name { database: name.database.as_ref().map(lower), name: lower(&name.name) }
}

type Columns = BTreeMap<String, Column>;

/// The tables, and what the file at hand has done.
#[derive(Debug, Default)]
pub(super) struct Tables {
    known: BTreeMap<Name, Columns>,
    /// Made by the file at hand: nobody else uses them yet.
    new_tables: BTreeSet<Name>,
    new_columns: BTreeSet<(Name, String)>,
}

impl Tables {
    /// Another file begins.
    pub(super) fn begin_file(&mut self) {
        self.new_tables.clear();
        self.new_columns.clear();
    }

    pub(super) fn is_known(&self, table: &Name) -> bool {
        self.known.contains_key(&key(table))
    }

    /// Whether the file at hand has made the table.
    pub(super) fn is_new(&self, table: &Name) -> bool {
        self.new_tables.contains(&key(table))
    }

    /// Whether the file at hand has added the column.
    pub(super) fn is_new_column(&self, table: &Name, column: &str) -> bool {
        self.new_columns.contains(&(key(table), column.to_lowercase()))
    }

    pub(super) fn column(&self, table: &Name, column: &str) -> Option<&Column> {
        self.known.get(&key(table))?.get(&column.to_lowercase())
    }

    pub(super) fn create(&mut self, table: &Name, elements: &[Element]) {
        let mut columns = Columns::new();
        for element in elements {
            match element {
                Element::Column(column) => insert(&mut columns, column),
                Element::Index(index) => take_no_null(&mut columns, &index.columns),
                Element::ForeignKey => {}
            }
        }
        self.insert_new(table, columns);
    }

    pub(super) fn create_like(&mut self, table: &Name, model: &Name) {
        let columns = self.known.get(&key(model)).cloned().unwrap_or_default();
        self.insert_new(table, columns);
    }

    fn insert_new(&mut self, table: &Name, columns: Columns) {
        self.known.insert(key(table), columns);
        self.new_tables.insert(key(table));
    }

    /// One that only this session sees, whatever there is of its name.
    pub(super) fn create_temporary(&mut self, table: &Name) {
        self.new_tables.insert(key(table));
    }

    pub(super) fn drop(&mut self, table: &Name) {
        self.known.remove(&key(table));
        self.new_tables.remove(&key(table));
    }

    pub(super) fn rename(&mut self, from: &Name, to: &Name) {
        if let Some(columns) = self.known.remove(&key(from)) {
            self.known.insert(key(to), columns);
        }
        if self.new_tables.remove(&key(from)) {
            self.new_tables.insert(key(to));
        }
    }

    pub(super) fn alter(&mut self, table: &Name, changes: &Changes) {
        let new = self.new_columns.clone();
        // Of a table that is not known its new columns are.
        let columns = self.known.entry(key(table)).or_default();
        for (_, change) in changes {
            match change {
                Change::AddColumn(column) => {
                    insert(columns, column);
                    self.new_columns.insert((key(table), column.name.to_lowercase()));
                }
                Change::Redefine { from, column } => {
                    columns.remove(&from.to_lowercase());
                    insert(columns, column);
                }
                Change::RenameColumn { from, to } => {
                    if let Some(column) = columns.remove(&from.to_lowercase()) {
                        insert(columns, &Column { name: to.clone(), ..column });
                    }
                }
                Change::DropColumn(name) => {
                    columns.remove(&name.to_lowercase());
                }
                Change::AddIndex(index) => take_no_null(columns, &index.columns),
                _ => {}
            }
            if let Change::Redefine { from, column: Column { name: to, .. } }
            | Change::RenameColumn { from, to } = change
                && new.contains(&(key(table), from.to_lowercase()))
            {
                self.new_columns.insert((key(table), to.to_lowercase()));
            }
        }
    }
}

fn insert(columns: &mut Columns, column: &Column) {
    columns.insert(column.name.to_lowercase(), column.clone());
}

/// The columns of a primary key.
fn take_no_null(columns: &mut Columns, names: &[String]) {
    for name in names {
        if let Some(column) = columns.get_mut(&name.to_lowercase()) {
            column.not_null = true;
        }
    }
}
