#![doc = include_str!("../README.md")]

mod options;
mod server;
mod shelf;

pub use options::Options;
pub use server::LocalS3;
