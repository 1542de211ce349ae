#![doc = include_str!("../README.md")]

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "aws")]
pub mod aws;
mod error;
mod files;
mod key;
mod object;
mod store;

pub use error::ObjectError;
#[cfg(feature = "mysql")]
pub use files::MySqlFiles;
pub use files::{
    ContentType, File, FileError, FileId, FileLedger, FileName, FileService, FileState, NewFile,
};
pub use key::{InvalidKey, ObjectKey};
pub use object::{
    ByteStream, InvalidSha256, Object, ObjectInfo, Presigned, PresignedPut, Sha256, StoredObject,
};
pub use store::ObjectStore;

/// The table of [`MySqlFiles`], as this version wants it: the statement of `schema.sql`.
#[cfg(feature = "mysql")]
pub const SCHEMA: &str = include_str!("../schema.sql");
