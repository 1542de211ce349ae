//! What adopting would do, or has done.

use std::fmt;

use super::recognise::Recognised;
use crate::{Adoption, MigrationSet};

/// What adopting would do, or has done. `Display` is for a person, in several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdoptReport {
    /// The version of the other system.
    pub history: String,
    /// Migrations of the other system whose files were not those that we know. The schema was compared nevertheless.
    pub edited: Vec<String>,
    /// What is put right; nothing for what needs nothing.
    pub mends: Vec<Mended>,
    /// What stays as it is.
    pub remarks: Vec<Remarked>,
    /// The table that keeps the other system's ledger.
    pub side_table: String,
    /// How many rows of the ledger it keeps.
    pub kept: usize,
    /// Our files that count as applied then.
    pub adopted: Vec<String>,
    /// Scratch databases that earlier runs left behind when they were cut off. Nobody uses them; they can be dropped.
    pub leftovers: Vec<String>,
}

/// One mend.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mended {
    /// What it does.
    pub what: String,
    /// With how many things.
    pub count: u64,
    /// Each of them, where they are told.
    pub items: Vec<String>,
}

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remarked {
    /// What it is.
    pub what: String,
    /// Each case.
    pub items: Vec<String>,
}

impl AdoptReport {
    pub(super) fn new(
        adoption: &Adoption<'_>,
        set: &MigrationSet,
        recognised: Recognised,
        leftovers: Vec<String>,
    ) -> Self {
        let adopted = adopted(adoption, set).map(|migration| migration.up.name().to_owned());
        Self {
            history: recognised.history,
            edited: recognised.edited,
            mends: Vec::new(),
            remarks: Vec::new(),
            side_table: adoption.side_table(),
            kept: recognised.rows,
            adopted: adopted.collect(),
            leftovers,
        }
    }
}

/// The migrations that count as applied.
pub(super) fn adopted<'a>(
    adoption: &Adoption<'_>,
    set: &'a MigrationSet,
) -> impl Iterator<Item = &'a crate::Migration> {
    let equals = adoption.equals;
    set.iter().filter(move |migration| migration.version <= equals)
}

impl fmt::Display for AdoptReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "This is a database of {}.", self.history)?;
        for file in &self.edited {
            writeln!(
                f,
                "- Its {file} was another text than the one that we know; its tables are as they should be."
            )?;
        }
        for Mended { what, count, items } in &self.mends {
            writeln!(f, "- {count}: {what}")?;
            items.iter().try_for_each(|item| writeln!(f, "    {item}"))?;
        }
        let rows = if self.kept == 1 { "row" } else { "rows" };
        writeln!(f, "- {} {rows}: the old ledger is kept in {}", self.kept, self.side_table)?;
        writeln!(f, "- {} counts as applied, and is what `down` never goes below", self.adopted.join(", "))?;
        for Remarked { what, items } in &self.remarks {
            writeln!(f, "To know: {what}")?;
            items.iter().try_for_each(|item| writeln!(f, "    {item}"))?;
        }
        Ok(())
    }
}
