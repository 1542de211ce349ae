//! Reads SQL as far as a migrator must: what a statement is about, and whether two texts say the same.
//!
//! This is no parser of SQL. What is not understood is [`Kind::Opaque`], and the server judges what is right.

mod between;
mod body;
mod clauses;
mod data;
mod definition;
mod kind;
mod leftovers;
mod normal;
mod place;
pub(crate) mod reader;
mod session;
pub(crate) mod token;

pub(crate) use between::{Between, Trace, has_list, moves_rows, reads_last_insert_id, runs_others};
pub(crate) use clauses::{Clause, are_in, are_seen, clauses};
pub use kind::{
    Action, DataAction, DataChange, Definition, Kind, Name, Object, SessionChange, TransactionStep,
};
pub(crate) use leftovers::left_behind;
pub(crate) use normal::{digests, file_digest, statement_digest};
pub(crate) use place::kinds;
pub(crate) use token::{Token, TokenKind, tokens};

#[cfg(test)]
mod tests;
