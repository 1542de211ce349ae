//! Databases that another system has migrated: recognises them, and puts our history in the place of theirs.
//!
//! Nothing here knows a particular system: an [`Adoption`] describes one.

mod handover;
mod mend;
mod recognise;
mod refusal;
mod report;

use mysql_async::prelude::Queryable;

use crate::lock::Lock;
use crate::{LedgerRow, MigrateError, MigrationSet, Migrator, Progress, Version, ledger};

pub(crate) use handover::{finish_giving_back, give_back};
pub use mend::Mend;
pub use recognise::{History, HistoryRow};
pub use refusal::Unadoptable;
pub use report::{AdoptReport, Mended, Remarked};

/// Another system, and what its databases need so that our history can go on from there.
///
/// Its ledger is a table `schema_migrations` with at least the columns `id`, `version`, `name`, `applied_at` and
/// `checksum`, as ours has them.
#[derive(Debug, Clone, Copy)]
pub struct Adoption<'a> {
    /// What the system is called in sentences and in names of tables: a few lower-case letters.
    pub system: &'a str,
    /// What its ledger says, once for each of its versions that is in use.
    pub histories: &'a [History<'a>],
    /// The version of ours whose schema is the other system's. It and all before it then count as applied.
    pub equals: Version,
    /// What is put right, in this order.
    pub mends: &'a [Mend<'a>],
    /// What a person should know before.
    pub remarks: &'a [Remark<'a>],
}

/// Something in the data that stays as it is, but that a person should know.
#[derive(Debug, Clone, Copy)]
pub struct Remark<'a> {
    /// What it is, as a clause: `is an administrator here too`.
    pub what: &'a str,
    /// A query of one text for each case.
    pub list: &'a str,
}

impl Adoption<'_> {
    /// Which version of the other system has written this ledger: [`History::name`]. Touches no database; `ledger` is what
    /// [`LEDGER_QUERY`](crate::LEDGER_QUERY) gave. That the tables are those of this version is not looked at.
    pub fn recognise(&self, set: &MigrationSet, ledger: &[LedgerRow]) -> Option<String> {
        recognise::recognise(self, set, Some(ledger)).ok().map(|recognised| recognised.history)
    }

    /// The table that holds the other system's ledger as long as ours is in its place.
    pub fn side_table(&self) -> String {
        format!("{}_{}", ledger::LEDGER, self.system)
    }
}

impl Migrator {
    /// What [`Self::adopt`] would do. Changes nothing in this database and takes no lock; to know what our files would
    /// make, it lets them make it in a scratch database (see [`verify`](crate::verify), also for `scratch`).
    ///
    /// # Errors
    /// [`MigrateError::CannotAdopt`], the database cannot be read, and whatever keeps the history from being made in the
    /// scratch database.
    pub async fn adopt_plan(
        &mut self,
        adoption: &Adoption<'_>,
        scratch: Option<&str>,
    ) -> Result<AdoptReport, MigrateError> {
        let rows = ledger::read(&mut self.conn).await?;
        let recognised = recognise::recognise(adoption, &self.set, rows.as_deref())?;
        let leftovers = self.fits(adoption.equals, scratch, &recognised.history).await?;
        let mut report = AdoptReport::new(adoption, &self.set, recognised, leftovers);
        // One moment for all counts, and a promise of the server that nothing is written.
        self.conn.query_drop("START TRANSACTION READ ONLY").await?;
        let looked = self.look(adoption, &mut report).await;
        self.conn.query_drop("ROLLBACK").await?;
        looked?;
        Ok(report)
    }

    /// Takes over a database that another system has migrated: puts right what our keys need, keeps the old ledger in a
    /// table beside, and counts our files up to [`Adoption::equals`] as applied. Then [`up`](Self::up) goes on from there.
    ///
    /// The ledger comes last, and at once: ended half way, by a crash too, the database is still the other system's, and
    /// this goes on when called again. [`down`](Self::down) to what was adopted gives the other system its ledger back.
    /// The other system must not be at work meanwhile.
    ///
    /// # Errors
    /// As [`Self::adopt_plan`]: nothing was changed. [`MigrateError::Mend`]: something could not be put right.
    /// [`MigrateError::Busy`]: another runner is at work.
    pub async fn adopt(
        &mut self,
        adoption: &Adoption<'_>,
        scratch: Option<&str>,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<AdoptReport, MigrateError> {
        let lock = self.lock(watch).await?;
        let adopted = self.adopt_locked(&lock, adoption, scratch).await;
        self.unlock(lock, adopted).await
    }

    async fn adopt_locked(
        &mut self,
        lock: &Lock,
        adoption: &Adoption<'_>,
        scratch: Option<&str>,
    ) -> Result<AdoptReport, MigrateError> {
        let report = self.adopt_plan(adoption, scratch).await?;
        for mend in adoption.mends {
            mend.apply(&mut self.conn, lock).await?;
        }
        handover::take_over(&mut self.conn, lock, &self.set, adoption).await?;
        Ok(report)
    }

    async fn look(
        &mut self,
        adoption: &Adoption<'_>,
        report: &mut AdoptReport,
    ) -> Result<(), mysql_async::Error> {
        for mend in adoption.mends {
            report.mends.extend(mend.look(&mut self.conn).await?);
        }
        for remark in adoption.remarks {
            let items = mend::texts(&mut self.conn, remark.list).await?;
            if !items.is_empty() {
                report.remarks.push(Remarked { what: remark.what.to_owned(), items });
            }
        }
        Ok(())
    }

    /// Refuses a database on which statements that were written for our tables would do something else. What only the
    /// other system has, and our statements do not notice, may stay. Gives the scratch databases that were left before.
    async fn fits(
        &mut self,
        equals: Version,
        scratch: Option<&str>,
        history: &str,
    ) -> Result<Vec<String>, MigrateError> {
        // What is run in the scratch database is no progress of this one. Boxed: with a whole run inside, this future would be
        // too deep for the compiler wherever a caller's is around it.
        let (ours, leftovers) = Box::pin(self.schema_of(equals, scratch, &mut |_| {})).await?;
        let differences = self.schema().await?.compare(&ours);
        let differences = differences.into_iter().filter(|difference| !difference.is_foreign());
        let differences: Vec<String> = differences.map(|difference| difference.to_string()).collect();
        if differences.is_empty() {
            return Ok(leftovers);
        }
        Err(Unadoptable::OtherSchema { history: history.to_owned(), differences }.into())
    }
}
