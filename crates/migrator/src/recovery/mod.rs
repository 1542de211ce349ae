//! Finds out how far a file came whose run has ended in the middle, and goes on with it.

mod ahead;
mod begun;
mod decide;
mod go_on;
mod look;
mod stop;

pub(crate) use begun::Begun;
pub(crate) use decide::{Decision, definition_digest, shows_its_change, shows_itself};
pub use go_on::{Resume, Unfinished};
pub(crate) use look::{
    changed_table, definition_in, definition_of, is_missing, is_transactional, show_table,
};
pub use stop::StatementAt;
pub(crate) use stop::reason;
