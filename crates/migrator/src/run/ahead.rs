//! The beginning of a file that is written down before the file before it has ended, with its last statement: one commit less
//! for each file. After a crash two files are begun then, of which the schema shows how far they came.

use super::file::{File, keeps_session};
use crate::Direction;
use crate::recovery::{shows_its_change, shows_itself};

impl File<'_> {
    /// Whether `next` may be begun before the statement with this index is sent. `is_seen`: it is known how the table that
    /// this statement changes was before.
    pub(super) fn may_begin(&self, next: &File<'_>, index: usize, is_seen: bool) -> bool {
        let is_last = index + 1 == self.step.statements.len();
        let goes_up = |file: &File<'_>| file.step.direction == Direction::Up;
        let last = self.step.statements.get(index).zip(self.kind(index));
        is_last
            && goes_up(self)
            && goes_up(next)
            && last.is_some_and(|(last, kind)| {
                shows_itself(kind) || is_seen && shows_its_change(last.text, kind)
            })
            && next.kind(0).is_some_and(shows_itself)
            && self.kinds().chain(next.kinds()).all(keeps_session)
            // What is to be taken away is so before the next file begins in truth.
            && self.left_behind().is_empty()
    }
}
