//! The real binary on a real database, driven over HTTP as its clients drive it.
#![cfg(feature = "http")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails loudly"
)]

mod harness;
#[path = "../python_databases/mod.rs"]
mod python_databases;

mod adopted;
mod auth;
mod auto_migrate;
mod contract;
mod documentation;
mod files;
mod grids;
mod http;
mod log_files;
mod mail;
mod overload;
mod profile;
mod races;
mod recovery;
mod reference_data;
mod start_and_stop;
mod tour;
