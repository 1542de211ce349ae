//! Finds out how far a file came whose run has ended in the middle.

mod decide;
mod look;

pub(crate) use look::{changed_table, definition_of, is_transactional};
