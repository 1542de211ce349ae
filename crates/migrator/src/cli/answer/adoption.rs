//! What `adopt` answers.

use serde::Serialize;

use crate::{AdoptReport, Mended, Remarked};

/// What `adopt` has done or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AdoptionAnswer {
    /// The version of the other system.
    pub history: String,
    /// Migrations of the other system whose files were not those that we know.
    pub edited: Vec<String>,
    /// What is put right.
    pub mends: Vec<CaseAnswer>,
    /// What stays as it is, and should be known.
    pub remarks: Vec<CaseAnswer>,
    /// The table that keeps the other system's ledger.
    pub side_table: String,
    /// How many rows it keeps.
    pub kept: usize,
    /// Our files that count as applied then.
    pub adopted: Vec<String>,
}

/// Something that `adopt` puts right or tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CaseAnswer {
    /// What it is.
    pub what: String,
    /// How many there are.
    pub count: u64,
    /// Each of them, where they are told.
    pub items: Vec<String>,
}

impl From<&AdoptReport> for AdoptionAnswer {
    fn from(report: &AdoptReport) -> Self {
        let mend = |mended: &Mended| {
            let Mended { what, count, items } = mended.clone();
            CaseAnswer { what, count, items }
        };
        let remark = |remarked: &Remarked| {
            let Remarked { what, items } = remarked.clone();
            CaseAnswer { what, count: items.len() as u64, items }
        };
        Self {
            history: report.history.clone(),
            edited: report.edited.clone(),
            mends: report.mends.iter().map(mend).collect(),
            remarks: report.remarks.iter().map(remark).collect(),
            side_table: report.side_table.clone(),
            kept: report.kept,
            adopted: report.adopted.clone(),
        }
    }
}
