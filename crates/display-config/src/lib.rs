#![doc = include_str!("../README.md")]

mod configs;
mod error;
mod flag;
mod grids;
mod service;
mod store;

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "mysql")]
mod mysql;

pub use configs::{
    DisplayConfig, DisplayConfigChange, DisplayConfigId, NamedDisplayConfig, NewDisplayConfig,
};
pub use error::DisplayConfigError;
pub use flag::NumericFlag;
pub use grids::{Grid, GridChange, GridFilter, GridId, NewGrid};
#[cfg(feature = "mysql")]
pub use mysql::MySqlDisplayConfigs;
pub use service::DisplayConfigService;
pub use store::DisplayConfigStore;

/// The tables of [`MySqlDisplayConfigs`], as this version wants them: the statements of `schema.sql`.
#[cfg(feature = "mysql")]
pub const SCHEMA: &str = include_str!("../schema.sql");
