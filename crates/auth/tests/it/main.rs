//! What the crate promises, on a real database and with a real mail server.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests fail in the shortest way, as tests do"
)]

mod delivery;
#[cfg(feature = "smtp")]
mod mail;
mod support;

#[cfg(feature = "mysql")]
mod codes;
#[cfg(all(feature = "actix", feature = "mysql"))]
mod http;
#[cfg(feature = "mysql")]
mod recorder;
#[cfg(feature = "mysql")]
mod service;
#[cfg(feature = "mysql")]
mod sessions;
#[cfg(feature = "mysql")]
mod users;
#[cfg(feature = "mysql")]
mod who_is_a_user;
