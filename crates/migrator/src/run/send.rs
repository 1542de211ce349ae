//! Sends what is noted before a statement in one round trip with the statement, where that can be.

use std::time::Duration;

use mysql_async::Error;
use mysql_async::prelude::Queryable;

use super::Runner;
use super::failure::{Failure, SYNTAX};
use super::file::{File, keeps_session};
use super::note::Note;
use super::packet::{Answers, Packet, Part};
use crate::MigrateError;
use crate::recovery::{definition_in, is_missing, show_table, shows_itself};
use crate::sql::{DataAction, Kind, Object};

/// In bytes: a longer statement, beside which a round trip is nothing, is not copied, and meets the server's limit alone.
const LONGEST: usize = 64 * 1024;

impl Runner<'_> {
    /// Whether the statement behind this one is sent in the same round trip: a change of rows behind a new table, which are
    /// [one commit](Self::beginning_for_rows).
    pub(super) fn takes_along(&self, file: &File<'_>, index: usize, note: &Note) -> bool {
        let settled = note.settles || file.has_none_ended();
        !note.sql.is_empty()
            && settled
            && self.shares_round_trip(file, index)
            && self.shares_round_trip(file, index + 1)
            && may_be_followed(file, index)
            && file.kind(index).is_some_and(shows_itself)
            && file.is_data(index + 1)
    }

    /// Sends the note, and the statement with this index if it can be in the same round trip; `along`: and the one behind
    /// it. Returns what became of the statement.
    pub(super) async fn send_note(
        &mut self,
        file: &mut File<'_>,
        index: usize,
        note: &Note,
        along: bool,
        next: Option<&mut File<'_>>,
    ) -> Result<Option<Result<Duration, Error>>, Failure> {
        let sent = file.sent_along.take();
        debug_assert!(sent.is_none() || note.sql == self.beginning_for_rows(), "{:?}", note.sql);
        if sent.is_some() || note.sql.is_empty() {
            return Ok(sent);
        }
        if !self.shares_round_trip(file, index) {
            self.write_note(note).await.map_err(Failure::NotSent)?;
            noted(file, note, next);
            return Ok(None);
        }
        let mut packet = Packet::default();
        packet.add(Part::Note, &note.sql);
        packet.add(Part::Statement, &[file.text(index)]);
        if along {
            packet.add(Part::NextNote, &self.beginning_for_rows());
            packet.add(Part::NextStatement, &[file.text(index + 1)]);
        }
        let last = index + usize::from(along);
        if let Some(table) = file.changed_table(last + 1).filter(|_| may_be_followed(file, last)) {
            packet.add(Part::Look, &[show_table(self.database, table)]);
        }
        let Answers { done, refused } = packet.send(self.conn).await;
        let (mut sent, mut next) = (None, next);
        for (part, answer) in done {
            match part {
                Part::Note => noted(file, note, next.take()),
                Part::Statement => sent = Some(Ok(answer.took)),
                Part::NextNote => {}
                Part::NextStatement => file.sent_along = Some(Ok(answer.took)),
                Part::Look => file.looked = Some((last + 1, definition_in(answer.row))),
            }
        }
        match refused {
            None => {}
            Some((Part::Note, error)) => {
                self.refused_note(note, error).await.map_err(Failure::NotSent)?;
                noted(file, note, next);
            }
            // What stands behind it is in the server's sentence: it is sent again alone.
            Some((part, Error::Server(error))) if error.code == SYNTAX && !packet.ends_with(part) => {}
            Some((Part::Statement, error)) => sent = Some(Err(error)),
            Some((Part::NextNote, error)) => return Err(Failure::NotSent(self.refused(error).await)),
            Some((Part::NextStatement, error)) => file.sent_along = Some(Err(error)),
            Some((Part::Look, Error::Server(error))) => {
                if is_missing(error.code) {
                    file.looked = Some((last + 1, None));
                }
                // The answer says which transaction is open, as a refusal does not.
                self.conn.query_drop("DO 0").await.map_err(|error| Failure::NotSent(error.into()))?;
            }
            Some((Part::Look, error)) => return Err(Failure::NotSent(error.into())),
        }
        Ok(sent)
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
