//! Goes on with files that were begun, by itself or because somebody has decided how.

use std::fmt;

use super::begun::{Begun, direction, gone, migration};
use super::decide::{Decision, Why};
use super::stop::StatementAt;
use crate::check::compare;
use crate::journal::{Entry, Journal, StatementState};
use crate::ledger::{self, DONE, LedgerRow};
use crate::lock::Lock;
use crate::run::{Runner, Told, Watcher};
use crate::{Direction, MigrateError, MigrationSet, Migrator, Origin, Progress, Report};

/// How to go on with a file of which nobody can tell how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// Run the statement again at which the file stopped, and the rest after it.
    Again,
    /// Go on after that statement: it took effect, or is not wanted.
    SkipStatement,
}

/// A file that was begun and not finished, as somebody has seen it who decides about it: what [`Migrator::resume`],
/// [`mark_applied`](Migrator::mark_applied) and [`mark_rolled_back`](Migrator::mark_rolled_back) are about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The file.
    pub file: String,
    /// Its version, as the ledger has it.
    pub version: String,
    /// Which way it goes.
    pub direction: Direction,
    /// The statement to go on with; `None` if only the ledger is behind, or if nothing can be gone on with.
    pub at: Option<StatementAt>,
    /// Why [`Migrator::up`] does not go on with it by itself; `None` if it does.
    pub why: Option<String>,
    /// What is left to do where nothing can be gone on with.
    advice: Option<String>,
    row: LedgerRow,
    /// Where the journal ends.
    last: Option<String>,
}

impl Unfinished {
    /// Whether [`Migrator::resume`] can go on with it.
    ///
    /// # Errors
    /// [`MigrateError::Dirty`] if what was run is not in the file any more, or no journal says what was run: it can only be
    /// marked.
    pub fn resumable(&self) -> Result<(), MigrateError> {
        let Some(advice) = self.advice.clone() else { return Ok(()) };
        let Self { file, version, direction, at, why, .. } = self.clone();
        let why = why.unwrap_or_default();
        Err(MigrateError::Dirty { file, direction, version, at: at.map(Box::new), why, advice })
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.at.as_ref().map_or(Ok(()), |at| write!(f, ", {at}"))
    }
}

impl Migrator {
    /// The file that was begun and not finished, if there is one. Reads only and takes no lock, so a run may be in the midst
    /// of it.
    ///
    /// # Errors
    /// The database cannot be read, or a file cannot be used.
    pub async fn unfinished(&mut self) -> Result<Option<Unfinished>, MigrateError> {
        let Some(row) = self.unfinished_row().await? else { return Ok(None) };
        let Self { conn, database, set, .. } = self;
        let last = Journal::new(database, &row.version, direction(&row)).last(conn).await?;
        let begun = Begun::find(conn, database, set, &row).await;
        let stopped = begun.and_then(|begun| {
            let (index, why) = begun.stop()?;
            Ok((begun.step.file.name().to_owned(), begun.at(index), why))
        });
        let (file, at, why, advice) = match stopped {
            Ok((file, at, why)) => (file, at, why, None),
            Err(MigrateError::Dirty { file, at, why, advice, .. }) => {
                (file, at.map(|at| *at), Some(why), Some(advice))
            }
            Err(error) => return Err(error),
        };
        let (version, direction) = (row.version.clone(), direction(&row));
        Ok(Some(Unfinished { file, version, direction, at, why, advice, row, last }))
    }

    /// The row of the ledger about this file, which nobody has gone on with since. To be asked under the lock.
    async fn still(&mut self, lock: &Lock, unfinished: &Unfinished) -> Result<LedgerRow, MigrateError> {
        let ledger = ledger::read(&mut self.conn).await?.unwrap_or_default();
        unfinished_row(&self.set, &ledger)?;
        self.take_next_back(lock, &ledger).await?;
        match self.unfinished().await? {
            Some(now) if now == *unfinished => Ok(now.row),
            now => {
                let (file, now) = (unfinished.file.clone(), now.map(|now| now.to_string()));
                Err(MigrateError::MovedOn { file, now })
            }
        }
    }

    /// Goes on with this file and with no other. Who decided that is written down.
    ///
    /// # Errors
    /// [`MigrateError::MovedOn`] if it is not as it was when it was [seen](Self::unfinished): nothing was done. Those of
    /// [`Unfinished::resumable`], and those of [`Self::up`] that come of a file.
    pub async fn resume(&mut self, unfinished: &Unfinished, how: Resume) -> Result<Report, MigrateError> {
        self.resume_with(unfinished, how, &mut |_| {}).await
    }

    /// [`Self::resume`], telling `watch` each thing that happens.
    ///
    /// # Errors
    /// As [`Self::resume`].
    pub async fn resume_with(
        &mut self,
        unfinished: &Unfinished,
        how: Resume,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Report, MigrateError> {
        let lock = self.lock(watch).await?;
        let resumed = self.resume_locked(&lock, unfinished, how, watch).await;
        self.unlock(lock, resumed).await
    }

    async fn resume_locked(
        &mut self,
        lock: &Lock,
        unfinished: &Unfinished,
        how: Resume,
        watch: Watcher<'_>,
    ) -> Result<Report, MigrateError> {
        let row = self.still(lock, unfinished).await?;
        let Self { conn, database, options, set, .. } = self;
        let begun = Begun::find(conn, database, set, &row).await?;
        let (index, _) = begun.stop()?;
        let mut runner = Runner { conn, lock, database, options };
        let journal = Journal::new(database, &row.version, begun.step.direction);
        let skipped = begun.known(index).filter(|_| how == Resume::SkipStatement);
        let skip = skipped.map(|known| {
            let (statement, digest, state) = (index + 1, known.digest.as_str(), StatementState::Skipped);
            journal.upsert(&[Entry { statement, digest, state, before: None, milliseconds: None }])
        });
        let decision = match skip {
            Some(_) => format!("resume --skip-statement at {}", index + 1),
            None => format!("resume at {}", index + 1),
        };
        let note = journal.note(&decision);
        let from = index + usize::from(skip.is_some());
        runner.write_all(skip.into_iter().chain([note])).await?;
        let mut report = Report::default();
        let mut told = Told { report: &mut report, watch };
        go_on(&mut runner, &begun, from, begun.settled(index), &mut told).await?;
        let rows = ledger::read(conn).await?.unwrap_or_default();
        report.found(&rows, compare(set, &rows).warnings(), &[]);
        Ok(report)
    }

    /// Notes that this file is in effect: the rest of it was done by hand or, on the way down,
    /// what it did was undone by hand.
    ///
    /// # Errors
    /// [`MigrateError::MovedOn`] as [`Self::resume`]; [`MigrateError::Dirty`] where there is no such file any more,
    /// [`MigrateError::Busy`].
    pub async fn mark_applied(&mut self, unfinished: &Unfinished) -> Result<(), MigrateError> {
        let mark = |database: &str, set: &MigrationSet, row: &LedgerRow| {
            let migration = migration(set, row).ok_or_else(|| gone(set, row))?;
            let digest = migration.up.digest()?;
            Ok(vec![ledger::applied(database, &row.version, &migration.up, &digest, Origin::Marked)])
        };
        self.mark(unfinished, "mark-applied", mark).await
    }

    /// Notes that this file is not in effect: what it did was undone by hand or, on the way
    /// down, the rest of it was done by hand.
    ///
    /// # Errors
    /// [`MigrateError::MovedOn`] as [`Self::resume`], [`MigrateError::Busy`].
    pub async fn mark_rolled_back(&mut self, unfinished: &Unfinished) -> Result<(), MigrateError> {
        let mark = |database: &str, _: &MigrationSet, row: &LedgerRow| {
            let way_up = Journal::new(database, &row.version, Direction::Up).clear();
            Ok(vec![ledger::forget(database, &row.version), way_up])
        };
        self.mark(unfinished, "mark-rolled-back", mark).await
    }

    async fn mark(
        &mut self,
        unfinished: &Unfinished,
        decision: &str,
        sql: impl Fn(&str, &MigrationSet, &LedgerRow) -> Result<Vec<String>, MigrateError>,
    ) -> Result<(), MigrateError> {
        let lock = self.lock(&mut |_| {}).await?;
        let marked = async {
            let row = self.still(&lock, unfinished).await?;
            let Self { conn, database, options, set, .. } = &mut *self;
            ledger::prepare(conn, true).await?;
            let mut sql = sql(database, set, &row)?;
            sql.push(Journal::new(database, &row.version, direction(&row)).note(decision));
            Runner { conn, lock: &lock, database, options }.write_all(sql).await
        }
        .await;
        self.unlock(lock, marked).await
    }

    /// Goes on with what earlier runs have begun, where it can be told how. Returns the ledger as it is then.
    pub(crate) async fn finish_begun(
        &mut self,
        lock: &Lock,
        told: &mut Told<'_>,
    ) -> Result<Option<Vec<LedgerRow>>, MigrateError> {
        loop {
            let ledger = ledger::read(&mut self.conn).await?;
            let rows = ledger.as_deref().unwrap_or_default();
            let Some(row) = unfinished_row(&self.set, rows)? else {
                return Ok(ledger);
            };
            self.take_next_back(lock, rows).await?;
            let Self { conn, database, options, set, .. } = self;
            let begun = Begun::find(conn, database, set, &row).await?;
            let from = match begun.decision {
                Decision::GoOn { from } => from,
                Decision::AllDone => begun.step.statements.len(),
                Decision::Cannot { .. } => return Err(begun.dirty()),
            };
            let mut runner = Runner { conn, lock, database, options };
            go_on(&mut runner, &begun, from, begun.settled(from), told).await?;
        }
    }

    async fn unfinished_row(&mut self) -> Result<Option<LedgerRow>, MigrateError> {
        let ledger = ledger::read(&mut self.conn).await?;
        unfinished_row(&self.set, ledger.as_deref().unwrap_or_default())
    }
}

/// The first row of the ledger that was begun and not finished.
///
/// # Errors
/// Others are not of our files: nothing may be changed then.
fn unfinished_row(set: &MigrationSet, ledger: &[LedgerRow]) -> Result<Option<LedgerRow>, MigrateError> {
    let Some(row) = ledger.iter().find(|row| row.state != DONE) else { return Ok(None) };
    let found = compare(set, ledger);
    if !found.mismatches.is_empty() {
        let mismatches = found.mismatches.into_iter().map(|(mismatch, _)| mismatch).collect();
        return Err(MigrateError::NotOurs { mismatches });
    }
    Ok(Some(row.clone()))
}

async fn go_on(
    runner: &mut Runner<'_>,
    begun: &Begun<'_>,
    from: usize,
    settled: Option<usize>,
    told: &mut Told<'_>,
) -> Result<(), MigrateError> {
    let (file, of) = (begun.step.file.name(), begun.step.statements.len());
    (told.watch)(Progress::GoingOn { file, done: from, of });
    runner.go_on(&begun.step, from, settled, &begun.settings(from), told).await
}

impl Begun<'_> {
    /// The statement to go on with, and why that is for a person to decide.
    fn stop(&self) -> Result<(usize, Option<String>), MigrateError> {
        match &self.decision {
            Decision::GoOn { from } => Ok((*from, None)),
            Decision::AllDone => Ok((self.step.statements.len(), None)),
            Decision::Cannot { why: Why::NoJournal | Why::Changed(_), .. } => Err(self.dirty()),
            Decision::Cannot { statement, why } => Ok((*statement, Some(super::reason(why, &self.step)))),
        }
    }
}
