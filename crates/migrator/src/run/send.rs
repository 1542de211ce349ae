//! Sends what is noted before a statement in one round trip with the statement, where that can be.

use std::time::{Duration, Instant};

use mysql_async::Error;
use mysql_async::prelude::Queryable;

use super::failure::{Failure, SYNTAX};
use super::file::{File, keeps_session};
use super::note::Note;
use super::packet::{Answers, Packet, Part};
use super::{Runner, Told};
use crate::MigrateError;
use crate::recovery::{definition_in, is_missing, show_table, shows_itself};
use crate::sql::{DataAction, Kind, Object};

/// In bytes: a longer statement, beside which a round trip is nothing, is not copied, and meets the server's limit alone.
const LONGEST: usize = 64 * 1024;

/// What is sent in one round trip: statements of the file whose turn it is, and those with which the next one begins.
struct Trip {
    packet: Packet,
    /// Whether the next file begins behind the first statement.
    runs_on: bool,
    /// The index of the last statement in its file.
    last: usize,
}

impl Runner<'_> {
    /// Whether the statement behind this one is sent in the same round trip: a change of rows behind a new table, which are
    /// [one commit](Self::beginning_for_rows).
    fn takes_along(&self, file: &File<'_>, index: usize, note: &Note) -> bool {
        let settled = note.settles || file.has_none_ended();
        settled
            && self.shares_round_trip(file, index + 1)
            && may_be_followed(file, index)
            && file.kind(index).is_some_and(shows_itself)
            && file.is_data(index + 1)
    }

    /// Sends the note, and the statement with this index if it can be in the same round trip, and more behind it. Returns what
    /// became of the statement.
    pub(super) async fn send_note<'f>(
        &mut self,
        file: &mut File<'f>,
        index: usize,
        note: &Note,
        mut next: Option<&mut File<'f>>,
        told: &mut Told<'_>,
    ) -> Result<Option<Result<Duration, Error>>, Failure> {
        let sent = file.sent.pop_front();
        debug_assert!(
            sent.is_none() || note.sql.is_empty() || note.sql == self.beginning_for_rows(),
            "{:?}",
            note.sql
        );
        if sent.is_some() || note.sql.is_empty() {
            return Ok(sent);
        }
        if !self.shares_round_trip(file, index) {
            self.write_note(note).await.map_err(Failure::NotSent)?;
            noted(file, note, next);
            return Ok(None);
        }
        let trip = self.compose(file, index, note, next.as_deref());
        let begins = |part| tell(part, file, index, next.as_deref_mut().filter(|_| trip.runs_on), told);
        let Answers { done, refused } = trip.packet.send(self.conn, begins).await;
        let mut sent = None;
        for (part, answer) in done {
            match part {
                Part::Note(0) => noted(file, note, next.as_deref_mut()),
                Part::Note(_) => {}
                Part::Statement(0) => sent = Some(Ok(answer.took)),
                Part::Statement(_) => trip.of_rest(file, &mut next).sent.push_back(Ok(answer.took)),
                Part::Look => {
                    trip.of_rest(file, &mut next).looked = Some((trip.last + 1, definition_in(answer.row)));
                }
            }
        }
        match refused {
            None => {}
            Some((Part::Note(0), error)) => {
                self.refused_note(note, error).await.map_err(Failure::NotSent)?;
                noted(file, note, next);
            }
            // What stands behind it is in the server's sentence: it is sent again alone.
            Some((part, Error::Server(error))) if error.code == SYNTAX && !trip.packet.ends_with(part) => {}
            Some((Part::Statement(0), error)) => sent = Some(Err(error)),
            // It is sent again when it is its turn.
            Some((Part::Note(_), Error::Server(_))) => {}
            Some((Part::Note(_) | Part::Statement(_), error)) => {
                trip.of_rest(file, &mut next).sent.push_back(Err(error));
            }
            Some((Part::Look, Error::Server(error))) => {
                if is_missing(error.code) {
                    trip.of_rest(file, &mut next).looked = Some((trip.last + 1, None));
                }
                // The answer says which transaction is open, as a refusal does not.
                self.conn.query_drop("DO 0").await.map_err(|error| Failure::NotSent(error.into()))?;
            }
            Some((Part::Look, error)) => return Err(Failure::NotSent(error.into())),
        }
        Ok(sent)
    }

    /// The note, the statement with this index, and what can be sent behind them: rows, or the beginning of the next file if
    /// the note has begun that, and a look at the table that is changed then.
    fn compose(&self, file: &File<'_>, index: usize, note: &Note, next: Option<&File<'_>>) -> Trip {
        let mut packet = Packet::default();
        packet.add(Part::Note(0), &note.sql);
        packet.add(Part::Statement(0), &[file.text(index)]);
        let next = next.filter(|next| {
            note.begins_next && may_be_followed(file, index) && self.shares_round_trip(next, 0)
        });
        let (mut of_rest, mut last, mut behind) = (file, index, 1);
        if let Some(next) = next {
            packet.add(Part::Note(1), &[self.settings_and_question()]);
            packet.add(Part::Statement(1), &[next.text(0)]);
            (of_rest, last, behind) = (next, 0, 2);
        }
        if self.takes_along(of_rest, last, note) {
            last += 1;
            packet.add(Part::Note(behind), &self.beginning_for_rows());
            packet.add(Part::Statement(behind), &[of_rest.text(last)]);
        }
        if let Some(table) = of_rest.changed_table(last + 1).filter(|_| may_be_followed(of_rest, last)) {
            packet.add(Part::Look, &[show_table(self.database, table)]);
        }
        Trip { packet, runs_on: next.is_some(), last }
    }

    async fn write_note(&mut self, note: &Note) -> Result<(), MigrateError> {
        let sql = note.sql.join("; ");
        match note.is_whole {
            true => self.write_again(&sql).await,
            false => self.write(&sql).await,
        }
    }

    /// A statement that may be stopped must be alone, and before one on a cluster the heartbeat is to be asked. What goes wrong
    /// with a file of ours that is loaded the driver tells of the statement before.
    fn shares_round_trip(&self, file: &File<'_>, index: usize) -> bool {
        let has_limit = self.options.statement_timeout.is_some_and(|limit| !limit.is_zero());
        let loads = matches!(file.kind(index), Some(Kind::Data(change)) if change.action == DataAction::Load);
        !has_limit && !loads && !self.lock.fence_writes() && file.text(index).len() <= LONGEST
    }
}

impl Trip {
    /// The file of what stands behind the first statement.
    fn of_rest<'b, 'f>(
        &self,
        file: &'b mut File<'f>,
        next: &'b mut Option<&mut File<'f>>,
    ) -> &'b mut File<'f> {
        match next {
            Some(next) if self.runs_on => next,
            _ => file,
        }
    }
}

/// What stands before a statement is short, so that the statement is told when that begins. `index`: of the first statement in
/// this file; `next` is the file of the others, if it is another one.
fn tell(part: Part, file: &mut File<'_>, index: usize, next: Option<&mut File<'_>>, told: &mut Told<'_>) {
    match (part, next) {
        (Part::Note(behind @ 1..), Some(next)) => {
            if behind == 1 {
                file.tell_end(told);
                next.begun = Instant::now();
            }
            next.tell(behind - 1, told);
        }
        (Part::Note(behind @ 1..), None) => file.tell(index + behind, told),
        _ => {}
    }
}

/// Whether something can stand behind the statement with this index, which is sent next or along with the next.
fn may_be_followed(file: &File<'_>, index: usize) -> bool {
    let text = file.text(index);
    // One at its end makes an empty statement of what follows. The others are no comments to a server, and end where that says.
    let is_plain = !text.contains(';') && !text.contains("/*!") && !text.contains("/*M!");
    is_plain && !file.is_for_next && file.has_kept_session() && file.kind(index).is_some_and(ends_by_itself)
}

/// Of a program, an event or a view the server keeps the text up to the end of the statement, and blanks before what follows.
fn ends_by_itself(kind: &Kind) -> bool {
    match kind {
        Kind::Definition(definition) => {
            matches!(definition.object, Object::Table | Object::Index | Object::Sequence)
        }
        kind => keeps_session(kind),
    }
}

fn noted(file: &mut File<'_>, note: &Note, next: Option<&mut File<'_>>) {
    if note.settles {
        file.written();
    }
    if let Some(next) = next.filter(|_| note.begins_next) {
        next.is_begun = true;
    }
}
