//! The promises of the pool, on a real server.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests assert as the tests do"
)]

mod abroad;
mod cancellation;
mod conflicts;
mod errors;
mod holding;
mod limits;
mod log;
mod numbers;
mod opening_ahead;
mod proxy;
mod recovery;
mod rows;
mod runtimes;
mod saturation;
mod sessions;
mod statements;
mod stopping;
mod support;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;
mod transactions;
mod watch;
