//! Statements that make, drop and rename.

use super::Rule;
use super::alter::{changes, created_index, lets_others_write};
use super::element::{Element, element};
use super::judge::Judge;
use super::options::TableOptions;
use crate::sql::reader::Reader;
use crate::{Action, Definition, Name, Object};

impl Judge<'_> {
    /// A change of the schema.
    pub(super) fn definition(&mut self, definition: &Definition, reader: Reader<'_>) {
        let Definition { action, object, names, renamed_to, table, .. } = definition;
        match (action, object, names.as_slice()) {
            (Action::Create, Object::Table, [name]) => self.create_table(name, definition.tolerant, reader),
            (Action::Create, Object::Index, _) => self.create_index(table.as_ref(), reader),
            (Action::Drop, Object::Index, [name]) if name.name.eq_ignore_ascii_case("PRIMARY") => {
                if let Some(table) = table {
                    self.drop_primary_key(table, 0);
                }
            }
            (Action::Drop, Object::Table, names) => names.iter().for_each(|name| self.drop_table(name)),
            (Action::Drop, Object::Database, [name]) => {
                self.find(0, Rule::DropTable, format!("drops database {name} with all of its tables"));
            }
            (Action::Drop, object, [name]) => self.drop_object(*object, name),
            (Action::Truncate, _, [name]) if !self.tables.is_new(name) => {
                self.find(0, Rule::DeleteWithoutWhere, format!("deletes all rows of table {name}"));
            }
            (Action::Alter | Action::Rename, Object::Table, names) => {
                if let ([name], true) = (names, reader.is_at("ALTER")) {
                    self.alter_table(name, reader);
                }
                self.rename_tables(names, renamed_to);
            }
            _ => {}
        }
    }

    fn create_table(&mut self, name: &Name, tolerant: bool, mut reader: Reader<'_>) {
        reader.eat("CREATE");
        let replaces = reader.eat_all(&["OR", "REPLACE"]);
        reader.eat("TABLE");
        reader.eat_all(&["IF", "NOT", "EXISTS"]);
        reader.name();
        let live = self.tables.is_known(name) && !self.tables.is_new(name);
        if replaces && live {
            self.find(0, Rule::DropTable, format!("replaces table {name}, and what it holds is lost"));
        }
        let mut inside = reader.clone().brackets().unwrap_or_else(|| reader.clone());
        if inside.eat("LIKE") {
            if let Some(model) = inside.name() {
                self.tables.create_like(name, &model);
            }
            return;
        }
        let mut elements = Vec::new();
        let is_query =
            |inside: &Reader<'_>| inside.is_at("SELECT") || inside.is_at("WITH") || inside.is_at_symbol("(");
        if let Some(inside) = reader.brackets().filter(|inside| !is_query(inside)) {
            elements = inside.parts().into_iter().flat_map(element).collect();
        }
        if !elements.iter().any(|element| matches!(element, Element::Index(index) if index.primary)) {
            self.lacks_key(name, 0, format!("table {name} has no primary key"));
        }
        self.options(name, 0, &TableOptions::read(&mut reader));
        if replaces || !(tolerant && live) {
            self.tables.create(name, &elements);
        }
    }

    /// CREATE TEMPORARY TABLE or DROP TEMPORARY TABLE.
    pub(super) fn temporary_table(&mut self, mut reader: Reader<'_>) {
        let creates = reader.eat("CREATE");
        reader.eat_all(&["OR", "REPLACE"]);
        if creates && reader.eat_all(&["TEMPORARY", "TABLE"]) {
            reader.eat_all(&["IF", "NOT", "EXISTS"]);
            if let Some(name) = reader.name() {
                self.tables.create_temporary(&name);
            }
        }
    }

    /// Engine and character set.
    pub(super) fn options(&mut self, table: &Name, at: usize, options: &TableOptions) {
        if let Some(engine) = options.other_engine() {
            self.find(at, Rule::NotInnodb, format!("table {table} is of engine {engine}"));
        }
        if let Some(charset) = options.other_charset() {
            self.find(at, Rule::NotUtf8mb4, format!("table {table} has character set {charset}"));
        }
    }

    /// Unless a later statement of the file adds the key.
    fn lacks_key(&mut self, table: &Name, at: usize, sentence: String) {
        let line = self.line_at(at);
        self.keyless.push((table.clone(), line, sentence));
    }

    pub(super) fn drop_primary_key(&mut self, table: &Name, at: usize) {
        if self.takes_back(table) {
            return;
        }
        self.lacks_key(table, at, format!("table {table} loses its primary key"));
    }

    fn create_index(&mut self, table: Option<&Name>, mut reader: Reader<'_>) {
        let Some(table) = table else { return };
        reader.eat("CREATE");
        reader.eat_all(&["OR", "REPLACE"]);
        let online = reader.eat("ONLINE") || lets_others_write(&reader);
        let change = created_index(&mut reader);
        self.alterations(table, &vec![(0, change)], online);
    }

    fn alter_table(&mut self, table: &Name, mut reader: Reader<'_>) {
        reader.eat("ALTER");
        let online = reader.eat("ONLINE");
        reader.eat("IGNORE");
        reader.eat("TABLE");
        reader.skip_altered_table();
        self.alterations(table, &changes(&reader), online || lets_others_write(&reader));
    }

    fn drop_table(&mut self, name: &Name) {
        if !self.tables.is_new(name) {
            self.find(0, Rule::DropTable, format!("drops table {name} with all that it holds"));
        }
        self.tables.drop(name);
        self.keyless.retain(|(keyless, ..)| keyless != name);
    }

    fn drop_object(&mut self, object: Object, name: &Name) {
        let what = match object {
            Object::View => "view",
            Object::Trigger => "trigger",
            Object::Procedure => "procedure",
            Object::Function => "function",
            Object::Event => "event",
            Object::Sequence => "sequence",
            _ => return,
        };
        if !self.creates(object, name) {
            self.find(0, Rule::DropObject, format!("drops {what} {name}"));
        }
    }

    fn rename_tables(&mut self, from: &[Name], to: &[Name]) {
        for (old, new) in from.iter().zip(to) {
            // Another one that takes the name, and a view of that name, serve those who ask for it.
            let served = to.contains(old) || self.creates(Object::View, old);
            if !served && !self.tables.is_new(old) {
                self.find(0, Rule::RenameTable, format!("table {old} becomes {new}"));
            }
            self.tables.rename(old, new);
            for (keyless, ..) in self.keyless.iter_mut().filter(|(keyless, ..)| keyless == old) {
                keyless.clone_from(new);
            }
        }
    }
}
