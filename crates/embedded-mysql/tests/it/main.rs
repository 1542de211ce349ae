//! What a user of this crate is promised, on the server that is found or named by `KSEEKERS_MYSQLD`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail as tests do")]

mod clones;
mod data_dirs;
mod databases;
mod processes;
mod servers;
mod support;
