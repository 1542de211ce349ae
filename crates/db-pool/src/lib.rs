#![doc = include_str!("../README.md")]

mod abroad;
mod connect;
mod connection;
#[cfg(feature = "envelope")]
mod envelope;
mod error;
mod holder;
mod jitter;
mod keeper;
mod methods;
mod numbers;
mod open;
mod options;
mod packet;
mod pool;
mod recycle;
mod row;
mod session;
mod shared;
mod statements;
mod stop;
#[cfg(feature = "tls")]
mod tls;
mod transaction;
mod watch;

#[cfg(feature = "tls")]
pub use crate::tls::Tls;
pub use crate::{
    connection::Connection,
    error::{DbError, DecodeError, ForeignKeyViolation},
    numbers::PoolStatus,
    options::DbOptions,
    pool::DbPool,
    row::{FromRow, Row},
    transaction::{Transaction, TransactionBody},
};

/// A text that does not print: what a password comes in.
pub use secrecy::SecretString;

/// What the driver's types show through: parameters of statements and values of columns.
pub use mysql_async::{Params, Value, params, prelude::FromValue};
