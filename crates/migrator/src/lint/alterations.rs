//! Changes of a table that is there.

use super::Rule;
use super::alter::{Change, Changes};
use super::column::Column;
use super::element::Index;
use super::judge::Judge;
use crate::Name;

impl Judge<'_> {
    /// Judges the changes of one statement, and keeps in mind what they make of the table.
    pub(super) fn alterations(&mut self, table: &Name, changes: &Changes, lets_others_write: bool) {
        let new = self.tables.is_new(table);
        let copies = changes.iter().any(|(_, change)| matches!(change, Change::AddForeignKey));
        for (at, change) in changes {
            match change {
                Change::Options(options) if !self.takes_back(table) => self.options(table, *at, options),
                // Nobody else uses the table yet.
                _ if new => {}
                Change::AddColumn(column) => self.add_column(table, *at, column),
                // Where the table is copied for a foreign key, its indexes take no time of their own.
                Change::AddIndex(index) if !lets_others_write && !copies => self.add_index(table, *at, index),
                Change::AddForeignKey if !lets_others_write => {
                    let sentence = format!(
                        "makes a foreign key of table {table} and keeps writers out until it is done"
                    );
                    self.find(*at, Rule::LockingForeignKey, sentence);
                }
                Change::Redefine { from, column } => self.redefine(table, *at, from, column),
                Change::RenameColumn { from, to } => self.rename_column(table, *at, from, to),
                Change::DropColumn(name) if !self.tables.is_new_column(table, name) => {
                    let sentence = format!("drops column {} with all that it holds", of(table, name));
                    self.find(*at, Rule::DropColumn, sentence);
                }
                Change::DropPartition { stays } => {
                    let verb = if *stays { "empties" } else { "drops" };
                    self.find(*at, Rule::DropPartition, format!("{verb} a partition of table {table}"));
                }
                _ => {}
            }
        }
        self.primary_key(table, changes);
        self.tables.alter(table, changes);
    }

    fn add_column(&mut self, table: &Name, at: usize, column: &Column) {
        if column.not_null && !column.has_default {
            let name = of(table, &column.name);
            let sentence = format!("adds column {name}, which takes no NULL and has no default");
            self.find(at, Rule::NotNullWithoutDefault, sentence);
        }
    }

    fn add_index(&mut self, table: &Name, at: usize, index: &Index) {
        let sentence = match index.always_locks {
            Some(why) => {
                format!("builds an index on table {table} and keeps writers out meanwhile, as {why}")
            }
            None => {
                format!("builds an index on table {table} and does not say that others may write meanwhile")
            }
        };
        self.find(at, Rule::LockingIndex, sentence);
    }

    fn redefine(&mut self, table: &Name, at: usize, from: &str, column: &Column) {
        self.rename_column(table, at, from, &column.name);
        if self.tables.is_new_column(table, from) {
            return;
        }
        let Some(old) = self.tables.column(table, from).cloned() else { return };
        let name = of(table, from);
        if let (Some(before), Some(after)) = (&old.kind, &column.kind)
            && before.loses_in(after)
        {
            let (before, after) = (old.written, &column.written);
            let sentence =
                format!("column {name} becomes {after}, which cannot hold all that {before} could");
            self.find(at, Rule::NarrowedType, sentence);
        }
        if !old.not_null && column.not_null && !column.has_default {
            let sentence = format!("column {name} takes no NULL any more and has no default");
            self.find(at, Rule::NotNullWithoutDefault, sentence);
        }
    }

    fn rename_column(&mut self, table: &Name, at: usize, from: &str, to: &str) {
        if from.to_lowercase() != to.to_lowercase() && !self.tables.is_new_column(table, from) {
            self.find(at, Rule::RenameColumn, format!("column {} becomes {}", of(table, from), quoted(to)));
        }
    }

    fn primary_key(&mut self, table: &Name, changes: &Changes) {
        if changes.iter().any(|(_, change)| matches!(change, Change::AddIndex(index) if index.primary)) {
            self.keyless.retain(|(keyless, ..)| keyless != table);
        } else if let Some((at, _)) =
            changes.iter().find(|(_, change)| matches!(change, Change::DropPrimaryKey))
        {
            self.drop_primary_key(table, *at);
        }
    }
}

/// A column as SQL.
fn of(table: &Name, column: &str) -> String {
    format!("{table}.{}", quoted(column))
}

fn quoted(name: &str) -> String {
    crate::session::quoted(name)
}
