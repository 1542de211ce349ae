#![doc = include_str!("../README.md")]

mod code;
mod envelope;
mod error;
pub mod input;
#[path = "input/macros.rs"]
mod macros;
mod storage;
mod timestamp;

#[cfg(feature = "actix")]
pub mod actix;

pub use code::{Code, Status};
pub use envelope::{Envelope, Health, Outcome, RawJson};
pub use error::{ApiError, BoxError, ErrorCode};
pub use storage::StorageError;
pub use timestamp::Timestamp;
