#![doc = include_str!("../README.md")]

mod access;
mod options;
mod server;

pub use options::Options;
pub use server::LocalS3;
