#![doc = include_str!("../README.md")]

mod error;
mod service;
mod store;
mod types;

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "mysql")]
mod mysql;

pub use error::SparePartError;
#[cfg(feature = "mysql")]
pub use mysql::MySqlSpareParts;
pub use service::SparePartService;
pub use store::SparePartStore;
pub use types::{CarModel, CarModelId, NewSparePart, SparePart, SparePartChange, SparePartId, SparePartPage};

/// The table of [`MySqlSpareParts`], as this version wants it: the statement of `schema.sql`.
#[cfg(feature = "mysql")]
pub const SCHEMA: &str = include_str!("../schema.sql");
