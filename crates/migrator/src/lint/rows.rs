//! UPDATE and DELETE.

use super::Rule;
use super::judge::Judge;
use crate::sql::reader::Reader;

impl Judge<'_> {
    /// A statement that may change rows.
    pub(super) fn rows(&mut self, mut reader: Reader<'_>) {
        if reader.rest().iter().any(|token| token.is_symbol(";")) {
            // A program, or several statements: which WHERE belongs to what is not known.
            return;
        }
        if reader.eat("WITH") {
            reader.skip_to(&["UPDATE", "DELETE", "SELECT", "INSERT", "REPLACE"]);
        }
        let (rule, verb) = match reader.word() {
            Some(verb) if verb.eq_ignore_ascii_case("UPDATE") => (Rule::UpdateWithoutWhere, "changes"),
            Some(verb) if verb.eq_ignore_ascii_case("DELETE") => (Rule::DeleteWithoutWhere, "deletes"),
            _ => return,
        };
        // MariaDB's DELETE HISTORY has other conditions.
        let chosen = reader.is_at("HISTORY") || reader.clone().skip_to(&["WHERE"]) || joins(&reader);
        while reader.eat_any(&["LOW_PRIORITY", "QUICK", "IGNORE", "FROM"]) {}
        let table = reader.name();
        match table {
            Some(table) if !chosen && !self.tables.is_new(&table) => {
                self.find(0, rule, format!("{verb} all rows of table {table}"));
            }
            _ => {}
        }
    }
}

/// An inner join with a condition chooses rows.
fn joins(reader: &Reader<'_>) -> bool {
    let mut assignments = reader.clone();
    assignments.skip_to(&["SET"]);
    let tokens = reader.rest();
    let tokens = tokens.get(..tokens.len() - assignments.rest().len()).unwrap_or_default();
    let has = |words: &[&str]| tokens.iter().any(|token| token.is_one_of(words));
    let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
    let outer =
        pairs.any(|(side, next)| side.is_one_of(&["LEFT", "RIGHT"]) && next.is_one_of(&["JOIN", "OUTER"]));
    has(&["JOIN", "STRAIGHT_JOIN"]) && has(&["ON", "USING", "NATURAL"]) && !outer
}
