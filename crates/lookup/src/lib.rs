#![doc = include_str!("../README.md")]

mod error;
mod service;
mod store;
mod types;
mod values;

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "mysql")]
mod mysql;

pub use error::LookupError;
#[cfg(feature = "mysql")]
pub use mysql::MySqlLookups;
pub use service::LookupService;
pub use store::LookupStore;
pub use types::{LookupType, LookupTypeChange, LookupTypeEntry, LookupTypeId, NewLookupType};
pub use values::{LookupValue, LookupValueChange, LookupValueId, LookupValuesQuery, NewLookupValue};

/// The tables of [`MySqlLookups`], as this version wants them: the statements of `schema.sql`.
#[cfg(feature = "mysql")]
pub const SCHEMA: &str = include_str!("../schema.sql");
