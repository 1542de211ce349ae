//! A file of which only the beginning was written down, before the file before it had ended.

use super::begun::{Begun, direction};
use super::decide::Decision;
use crate::journal::Journal;
use crate::ledger::{self, DONE, LedgerRow};
use crate::lock::Lock;
use crate::run::Runner;
use crate::{MigrateError, Migrator};

impl Migrator {
    /// Where two files are begun, and the first one is not done or nothing of the second one is in effect, the second one
    /// has not begun in truth: it is taken back.
    pub(super) async fn take_next_back(
        &mut self,
        lock: &Lock,
        ledger: &[LedgerRow],
    ) -> Result<(), MigrateError> {
        let begun: Vec<&LedgerRow> = ledger.iter().filter(|row| row.state != DONE).collect();
        let [first, next, ..] = *begun else { return Ok(()) };
        let is_at_its_beginning = matches!(self.decision(next).await?, Some(Decision::GoOn { from: 0 }));
        if !is_at_its_beginning && !matches!(self.decision(first).await?, Some(Decision::GoOn { .. })) {
            return Ok(());
        }
        let Self { conn, database, options, .. } = self;
        let journal = Journal::new(database, &next.version, direction(next));
        let sql = [ledger::forget(database, &next.version), journal.clear()];
        Runner { conn, lock, database, options }.write_all(sql).await
    }

    /// `None` where the file is gone.
    async fn decision(&mut self, row: &LedgerRow) -> Result<Option<Decision>, MigrateError> {
        match Begun::find(&mut self.conn, &self.database, &self.set, row).await {
            Ok(begun) => Ok(Some(begun.decision)),
            Err(MigrateError::Dirty { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
