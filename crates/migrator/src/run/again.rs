//! Statements, and what is written down about them, that waited in vain for a lock. While one waits, everybody who comes
//! later waits behind it; so it waits a few seconds only, gives way, and is sent again.

use std::time::{Duration, Instant};

use mysql_async::Error;
use mysql_async::prelude::Queryable;
use tokio::time::sleep;

use super::failure::Failure;
use super::file::{File, Transaction};
use super::note::{BEGIN_OURS, Note};
use super::{Runner, Told};
use crate::random::random;
use crate::sql::Kind;
use crate::{MigrateError, Progress};

const DEADLOCK: u16 = 1213;
/// What passes by itself: a lock that others have (1205, and where a file says NOWAIT 3572), a row that has changed since the
/// transaction began (1020), a node of a cluster that is not ready (1047).
const PASSING: [u16; 5] = [1205, DEADLOCK, 3572, 1020, 1047];
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Whoever was in the way has it already.
const PAUSE_AFTER_DEADLOCK: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Runner<'_> {
    /// Sends the note and the statement with this index. Returns how long that took.
    pub(super) async fn send<'f>(
        &mut self,
        file: &mut File<'f>,
        index: usize,
        note: &Note,
        next: Option<&mut File<'f>>,
        told: &mut Told<'_>,
    ) -> Result<Duration, Failure> {
        let (name, text) = (file.step.file.name(), file.text(index));
        let mut first = self.send_note(file, index, note, next, told).await?;
        let begun = Instant::now();
        let of = self.options.lock_wait_attempts;
        for attempt in 1.. {
            let error = match first.take() {
                Some(Ok(took)) => return Ok(took),
                Some(Err(error)) => error,
                None => match self.query(index, text).await {
                    Ok(()) => break,
                    Err(Failure::Statement(_, error)) => error,
                    Err(failure) => return Err(failure),
                },
            };
            let may_be_sent_again = attempt < of && file.may_be_sent_again(index, note.ours);
            let Some(code) = passing(&error).filter(|_| may_be_sent_again) else {
                return Err(Failure::Statement(index, error));
            };
            if note.ours {
                // Nobody shall wait for what it has locked so far.
                self.conn.query_drop("ROLLBACK").await.map_err(|error| Failure::NotSent(error.into()))?;
            }
            if !self.is_whole(file, index, None).await.map_err(Failure::NotSent)? {
                return Err(Failure::Statement(index, error));
            }
            (told.watch)(Progress::Again { file: name, number: index + 1, attempt: attempt + 1, of });
            sleep(pause(code, attempt)).await;
            let fence = self.lock.fence_that_writes_nothing();
            let begin = if note.ours { format!("; {BEGIN_OURS}") } else { String::new() };
            self.write(&format!("{fence}{begin}")).await.map_err(Failure::NotSent)?;
        }
        Ok(begun.elapsed())
    }

    /// A note was refused: tries again, as [`Self::write_again`] does, where nothing is lost.
    pub(super) async fn refused_note(&mut self, note: &Note, error: Error) -> Result<(), MigrateError> {
        let passing = passing(&error).filter(|_| note.is_whole && self.options.lock_wait_attempts > 1);
        let refused = self.refused(error).await;
        let Some(code) = passing else { return Err(refused) };
        sleep(pause(code, 1)).await;
        self.write_from(2, &note.sql.join("; ")).await
    }

    /// [`Self::write`], as often as a statement is sent. For what is whole by itself: whatever was open before it is lost
    /// with the first attempt.
    pub(super) async fn write_again(&mut self, sql: &str) -> Result<(), MigrateError> {
        self.write_from(1, sql).await
    }

    async fn write_from(&mut self, mut attempt: u32, sql: &str) -> Result<(), MigrateError> {
        loop {
            let written = self.write(sql).await;
            let code = match &written {
                Err(MigrateError::Database(error)) => passing(error),
                _ => None,
            };
            let Some(code) = code.filter(|_| attempt < self.options.lock_wait_attempts) else {
                return written;
            };
            sleep(pause(code, attempt)).await;
            attempt += 1;
        }
    }
}

impl File<'_> {
    /// Only what is alone: a transaction of the file may have lost what came before.
    fn may_be_sent_again(&self, index: usize, ours: bool) -> bool {
        match self.kind(index) {
            Some(Kind::Data(_)) => ours && !self.is_for_next,
            Some(Kind::Definition(definition)) => {
                let in_transaction = matches!(self.transaction, Transaction::Files | Transaction::ReadOnly);
                !definition.fills && !self.closed && !in_transaction
            }
            _ => false,
        }
    }
}

fn passing(error: &Error) -> Option<u16> {
    match error {
        Error::Server(error) => Some(error.code).filter(|code| PASSING.contains(code)),
        _ => None,
    }
}

pub(super) fn is_conflict(error: &Error) -> bool {
    passing(error) == Some(DEADLOCK)
}

/// Longer each time, and never the same for two that got into each other's way.
fn pause(code: u16, attempt: u32) -> Duration {
    let first = if code == DEADLOCK { PAUSE_AFTER_DEADLOCK } else { FIRST_PAUSE };
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = (first * 2u32.pow(doublings)).min(LONGEST_PAUSE);
    let part = u32::try_from(random() % 1000).unwrap_or_default();
    whole / 2 + whole / 2000 * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_differ() {
        for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (4_000_000_000, 10)] {
            let whole = Duration::from_secs(seconds);
            let pauses: Vec<Duration> = (0..100).map(|_| pause(1205, attempt)).collect();
            assert!(pauses.iter().all(|pause| (whole / 2..=whole).contains(pause)), "{pauses:?}");
            assert!(pauses.iter().any(|pause| pause != &pauses[0]), "{pauses:?}");
        }
        assert!(pause(DEADLOCK, 1) <= PAUSE_AFTER_DEADLOCK);
    }
}
