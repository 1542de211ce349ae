//! What an `ObjectStore` promises, on a real server.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]
#![cfg(feature = "aws")]

mod support;
mod writing;
