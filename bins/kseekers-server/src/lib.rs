#![doc = include_str!("../README.md")]

pub mod adopt;
#[cfg(feature = "http")]
pub mod check_config;
pub mod cli;
pub mod migrate;
pub mod settings;

#[cfg(feature = "http")]
pub mod app;
#[cfg(feature = "http")]
mod auto_migrate;
#[cfg(feature = "http")]
pub mod dependencies;
#[cfg(feature = "http")]
pub mod docs;
#[cfg(feature = "http")]
mod files;
#[cfg(feature = "http")]
pub mod health;
#[cfg(feature = "http")]
pub mod logging;
#[cfg(feature = "http")]
mod modules;
#[cfg(feature = "http")]
pub mod serve;
#[cfg(feature = "http")]
pub mod server;
#[cfg(feature = "http")]
pub mod stop;
#[cfg(feature = "http")]
pub mod verify;
