//! The definition of a column.

use super::types::Type;
use crate::sql::reader::Reader;
use crate::sql::token::{Token, TokenKind};

/// A column as a statement defines it.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) name: String,
    /// None if it is one that is not judged.
    pub(super) kind: Option<Type>,
    /// The type as it was written.
    pub(super) written: String,
    pub(super) not_null: bool,
    /// It gets a value where an INSERT does not name it, also by counting or computing.
    pub(super) has_default: bool,
    pub(super) counts: bool,
    pub(super) primary: bool,
    pub(super) unique: bool,
    pub(super) references: bool,
}

impl Column {
    /// Reads name, type and attributes.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let name = reader.name()?.name;
        let before = reader.rest().to_vec();
        let kind = Type::read(reader);
        let written = spelled(before.get(..before.len() - reader.rest().len()).unwrap_or_default());
        let mut column = Self { name, kind, written, ..Self::default() };
        if before.first().is_some_and(|first| first.is_word("SERIAL")) {
            (column.counts, column.unique) = (true, true);
        }
        column.attributes(reader);
        column.not_null |= column.primary || column.counts;
        column.has_default |= column.counts;
        Some(column)
    }

    fn attributes(&mut self, reader: &mut Reader<'_>) {
        while reader.peek().is_some_and(|next| !next.is_word("PARTITION")) {
            if reader.eat_all(&["NOT", "NULL"]) {
                self.not_null = true;
            } else if reader.eat_all(&["SERIAL", "DEFAULT", "VALUE"]) {
                (self.counts, self.unique) = (true, true);
            } else if reader.eat("DEFAULT") {
                self.has_default = true;
                reader.skip();
            } else if reader.eat_any(&["GENERATED", "AS"]) {
                self.has_default = true;
            } else if reader.eat("AUTO_INCREMENT") {
                self.counts = true;
            } else if reader.eat("UNIQUE") {
                reader.eat("KEY");
                self.unique = true;
            } else if reader.eat_any(&["PRIMARY", "KEY"]) {
                reader.eat("KEY");
                self.primary = true;
            } else if reader.eat("REFERENCES") {
                self.references = true;
                // ON DELETE SET NULL says nothing about the column.
                reader.skip_to(&["FIRST", "AFTER"]);
            } else if reader.eat_any(&["AFTER", "COMMENT", "COLLATE", "CONSTRAINT"]) {
                // A name may look like anything.
                reader.skip();
            } else {
                reader.skip();
            }
        }
    }
}

/// Tokens as one would write them.
fn spelled(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.kind == TokenKind::Word && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}
