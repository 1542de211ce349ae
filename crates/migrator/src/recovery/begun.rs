//! A file that was begun and not finished.

use mysql_async::Conn;

use super::decide::{Decision, Known, Seen, Why, decide, in_flight};
use super::look::look;
use super::stop::{StatementAt, advice, reason};
use crate::check::unfinished_file;
use crate::journal::{Journal, JournalRow, StatementState};
use crate::ledger::{LedgerRow, UNDOING};
use crate::plan::Step;
use crate::sql::Trace;
use crate::{Direction, MigrateError, Migration, MigrationSet, Statement};

/// What is known of it.
#[derive(Debug)]
pub(crate) struct Begun<'a> {
    pub(crate) step: Step<'a>,
    pub(crate) decision: Decision,
    journal: Vec<JournalRow>,
    known: Vec<Known>,
}

impl<'a> Begun<'a> {
    /// Finds out how far the file came that this row of the ledger is about.
    ///
    /// # Errors
    /// [`MigrateError::Dirty`] where there is no such file any more; a file that cannot be used.
    pub(crate) async fn find(
        conn: &mut Conn,
        database: &str,
        set: &'a MigrationSet,
        row: &LedgerRow,
    ) -> Result<Self, MigrateError> {
        let direction = direction(row);
        let migration = migration(set, row);
        let migration = migration.ok_or_else(|| gone(set, row))?;
        let file = match direction {
            Direction::Up => &migration.up,
            Direction::Down => migration.down.as_ref().ok_or_else(|| gone(set, row))?.file()?,
        };
        let step =
            Step { migration, direction, file, statements: file.statements()?, row: row.version.clone() };
        Self::of(conn, database, step).await
    }

    /// Finds out how far this step came.
    pub(crate) async fn of(conn: &mut Conn, database: &str, step: Step<'a>) -> Result<Self, MigrateError> {
        let record = Journal::new(database, &step.row, step.direction);
        let journal = record.read(conn).await?;
        let known = Known::all(&step.statements);
        let seen = match in_flight(&journal, &known) {
            Some((index, _)) => look(conn, database, &known, index, &record.started_at(index + 1)).await?,
            None => Seen::default(),
        };
        let decision = decide(&journal, &known, &seen);
        Ok(Self { step, decision, journal, known })
    }

    /// The statement that was in flight, if it was found to be done when the file is gone on with from this one.
    pub(crate) fn settled(&self, from: usize) -> Option<usize> {
        let last = self.journal.last().filter(|last| last.state == StatementState::Started)?;
        let index = last.statement.checked_sub(1)?;
        (index < from).then_some(index)
    }

    /// What has to be run again in a new session before the statement with this index.
    pub(crate) fn settings(&self, from: usize) -> Vec<Statement<'a>> {
        let before = self.step.statements.iter().zip(&self.known).take(from);
        let needed = before.filter(|(_, known)| from < self.known.len() && known.trace == Trace::Setting);
        needed.map(|(statement, _)| *statement).collect()
    }

    pub(crate) fn known(&self, index: usize) -> Option<&Known> {
        self.known.get(index)
    }

    /// The statement that a person has to judge, and why.
    fn cannot(&self) -> Option<(usize, &Why)> {
        match &self.decision {
            Decision::Cannot { statement, why } => Some((*statement, why)),
            _ => None,
        }
    }

    pub(crate) fn at(&self, index: usize) -> Option<StatementAt> {
        let statement = self.step.statements.get(index)?;
        Some(StatementAt::new(index, self.step.statements.len(), statement))
    }

    /// Why it cannot be gone on with, for a person.
    pub(crate) fn dirty(&self) -> MigrateError {
        let step = &self.step;
        let (at, why, known) = match self.cannot() {
            Some((_, why @ Why::NoJournal)) => (None, reason(why, step), None),
            Some((index, why)) => (self.at(index), reason(why, step), Some(why)),
            None => (None, "it can be gone on with".to_owned(), None),
        };
        MigrateError::Dirty {
            file: step.file.name().to_owned(),
            direction: step.direction,
            version: step.row.clone(),
            at: at.map(Box::new),
            why,
            advice: advice(&step.row, step.direction, known),
        }
    }
}

/// The way that was being gone.
pub(super) fn direction(row: &LedgerRow) -> Direction {
    if row.state == UNDOING { Direction::Down } else { Direction::Up }
}

/// The migration that this row is about, if our files still have it.
pub(super) fn migration<'a>(set: &'a MigrationSet, row: &LedgerRow) -> Option<&'a Migration> {
    let migration = row.version.parse().ok().and_then(|version| set.get(version));
    migration.filter(|migration| migration.name == row.name.replace('_', " "))
}

/// What is said where they do not.
pub(super) fn gone(set: &MigrationSet, row: &LedgerRow) -> MigrateError {
    let (file, direction) = unfinished_file(set, row);
    MigrateError::Dirty {
        file,
        direction,
        version: row.version.clone(),
        at: None,
        why: "its file is not there any more".to_owned(),
        advice: advice(&row.version, direction, None),
    }
}
