//! What an `ObjectStore` promises, on a real server.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]

mod failures;
mod interrupted;
mod keys;
mod links;
mod runtimes;
mod support;
mod writing;
