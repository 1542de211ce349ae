#![doc = include_str!("../README.md")]

mod apparmor;
mod arguments;
mod background;
mod data_dir;
mod engine;
mod error;
mod find;
mod folders;
mod log;
mod options;
mod running;
mod server;
mod supervisor;
mod template;
mod test_databases;

pub use engine::{Engine, EngineKind};
pub use error::{BoxError, Error};
pub use find::find_server;
pub use options::Options;
pub use server::EmbeddedMysql;
pub use test_databases::{Filler, Filling, TestDatabase, TestDatabases};

/// The driver's, which connections are made with.
pub use mysql_async::{Opts, OptsBuilder};
