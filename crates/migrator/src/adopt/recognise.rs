//! Tells by the ledger which version of the other system a database has.

use crate::check::compare;
use crate::{Adoption, LedgerRow, MigrateError, MigrationSet, Unadoptable, Version};

/// What the ledger says of one version of the other system.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// What this version is called in sentences.
    pub name: &'a str,
    /// Its migrations. All of them, and no other, must be applied.
    pub rows: &'a [HistoryRow<'a>],
}

/// A migration of the other system.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRow<'a> {
    /// Its number.
    pub version: Version,
    /// Its name with blanks for underscores.
    pub name: &'a str,
    /// The checksum of its file. Another one is told and accepted: files are edited, and change their line ends.
    pub checksum: &'a str,
}

/// A ledger that was recognised.
#[derive(Debug)]
pub(super) struct Recognised {
    pub(super) history: String,
    pub(super) rows: usize,
    /// Files of the other system that were not the text that we know.
    pub(super) edited: Vec<String>,
}

pub(super) fn recognise(
    adoption: &Adoption<'_>,
    set: &MigrationSet,
    ledger: Option<&[LedgerRow]>,
) -> Result<Recognised, MigrateError> {
    let rows = ledger.unwrap_or_default();
    if rows.is_empty() {
        return Err(Unadoptable::NoHistory.into());
    }
    let found = compare(set, rows);
    if !found.unfinished.is_empty() {
        // The error of any other operation: which file it is, and what to do.
        found.accept(set)?;
        return Err(Unadoptable::Ours.into());
    }
    if found.mismatches.is_empty() {
        return Err(Unadoptable::Ours.into());
    }
    // A file that both have under one name and number may have been accepted with `repair`; that makes none of the others
    // ours.
    let ours_or = |why| if found.applied.is_empty() { why } else { Unadoptable::Ours };
    let matching =
        |history: &&History<'_>| history.rows.iter().filter(|known| row_of(known, rows).is_some()).count();
    let closest = adoption.histories.iter().rev().max_by_key(matching);
    let closest = closest.filter(|history| matching(history) > 0);
    let Some(history) = closest else {
        let system = adoption.system.to_owned();
        return Err(ours_or(Unadoptable::Unknown { system, rows: rows.iter().map(told).collect() }).into());
    };
    let missing: Vec<String> = history
        .rows
        .iter()
        .filter(|known| row_of(known, rows).is_none())
        .map(|known| format!("{} ({})", known.version, known.name))
        .collect();
    let unknown: Vec<String> =
        rows.iter().filter(|row| !history.rows.iter().any(|known| is(known, row))).map(told).collect();
    if !missing.is_empty() || !unknown.is_empty() {
        let history = history.name.to_owned();
        return Err(ours_or(Unadoptable::OtherHistory { history, missing, unknown }).into());
    }
    let edited = history.rows.iter().filter_map(|known| {
        let row = row_of(known, rows)?;
        let same = row.checksum.as_ref().is_some_and(|applied| applied.eq_ignore_ascii_case(known.checksum));
        (!same).then(|| told(row))
    });
    Ok(Recognised { history: history.name.to_owned(), rows: rows.len(), edited: edited.collect() })
}

fn row_of<'r>(known: &HistoryRow<'_>, rows: &'r [LedgerRow]) -> Option<&'r LedgerRow> {
    rows.iter().find(|row| is(known, row))
}

fn is(known: &HistoryRow<'_>, row: &LedgerRow) -> bool {
    row.version.parse::<Version>().is_ok_and(|version| version == known.version)
        && row.name.replace('_', " ").eq_ignore_ascii_case(known.name)
}

fn told(row: &LedgerRow) -> String {
    format!("{} ({})", row.version, row.name)
}

#[cfg(test)]
mod tests;
