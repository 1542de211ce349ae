//! A history for a database that was there before it.

use mysql_async::prelude::Queryable;

use crate::lock::Lock;
use crate::run::Watcher;
use crate::scratch::{self, Scratch};
use crate::{Difference, MigrateError, Migrator, Origin, Progress, Schema, Version, ledger};

/// What a baseline has found and done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BaselineReport {
    /// The files that count as applied now.
    pub files: Vec<String>,
    /// Tables, views and programs that are not of this history. They were left as they are.
    pub foreign: Vec<Difference>,
    /// Scratch databases that earlier runs left behind when they were cut off. Nobody uses them; they can be dropped.
    pub leftovers: Vec<String>,
}

impl Migrator {
    /// Takes a database without a history as one that is at `version`: makes the history up to there in a scratch
    /// database (see [`verify`](crate::verify), also for `scratch`), compares, and if all tables, views and programs of
    /// the history are there and the same, writes into the ledger that its files are applied. No file is run on the
    /// database itself, and the way down never goes below.
    ///
    /// What makes a difference is told at [`Schema::compare`]: names of keys and constraints do not. A later migration
    /// that changes one by its name needs it to have that name.
    ///
    /// # Errors
    /// Nothing was changed: [`MigrateError::HasHistory`], [`MigrateError::OtherSchema`] with everything that is
    /// different, [`MigrateError::UnknownTarget`], another runner ([`MigrateError::Busy`]), and whatever keeps the
    /// history from being made in the scratch database.
    pub async fn baseline(
        &mut self,
        version: Version,
        scratch: Option<&str>,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<BaselineReport, MigrateError> {
        crate::plan::known(&self.set, Some(version))?;
        let lock = self.lock(watch).await?;
        let done = self.baseline_locked(&lock, version, scratch, watch).await;
        self.unlock(lock, done).await
    }

    async fn baseline_locked(
        &mut self,
        lock: &Lock,
        version: Version,
        scratch: Option<&str>,
        watch: Watcher<'_>,
    ) -> Result<BaselineReport, MigrateError> {
        let rows = ledger::read(&mut self.conn).await?;
        if let Some(rows) = rows.as_ref().filter(|rows| !rows.is_empty()) {
            return Err(MigrateError::HasHistory { rows: rows.len() });
        }
        let (ours, leftovers) = self.schema_of(version, scratch, watch).await?;
        let differences = self.schema().await?.compare(&ours);
        let (foreign, differences): (Vec<_>, Vec<_>) =
            differences.into_iter().partition(Difference::is_foreign_object);
        if !differences.is_empty() {
            return Err(MigrateError::OtherSchema { version, differences });
        }
        ledger::prepare(&mut self.conn, rows.is_some()).await?;
        let files = self.record(lock, version).await?;
        Ok(BaselineReport { files, foreign, leftovers })
    }

    /// The schema that the history makes up to this version, and scratch databases that were left behind before. The
    /// database itself is not touched.
    ///
    /// # Errors
    /// As [`Self::baseline`].
    pub(crate) async fn schema_of(
        &self,
        version: Version,
        scratch: Option<&str>,
        watch: Watcher<'_>,
    ) -> Result<(Schema, Vec<String>), MigrateError> {
        scratch::stays_inside(&self.set)?;
        let scratch = Scratch::create(&self.opts, scratch, &self.options).await?;
        let made = self.make_in(&scratch, version, watch).await;
        let leftovers = scratch.leftovers().to_vec();
        Ok((scratch.end(made).await?, leftovers))
    }

    async fn make_in(
        &self,
        scratch: &Scratch,
        version: Version,
        watch: Watcher<'_>,
    ) -> Result<Schema, MigrateError> {
        let mut migrator = Self::connect_with(scratch.opts(), self.set.clone(), self.options).await?;
        migrator.up_with(Some(version), watch).await?;
        let schema = migrator.schema().await;
        migrator.close().await;
        schema
    }

    /// All rows or none.
    async fn record(&mut self, lock: &Lock, version: Version) -> Result<Vec<String>, MigrateError> {
        let mut files = Vec::new();
        let mut transaction = self.conn.start_transaction(mysql_async::TxOpts::default()).await?;
        transaction.query_drop(lock.fence()).await.map_err(|error| lock.explain(error))?;
        for migration in self.set.iter().filter(|migration| migration.version <= version) {
            ledger::insert(&mut transaction, migration, Origin::Baseline).await?;
            files.push(migration.up.name().to_owned());
        }
        transaction.commit().await?;
        Ok(files)
    }
}
