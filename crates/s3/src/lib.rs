#![doc = include_str!("../README.md")]

#[cfg(feature = "aws")]
pub mod aws;
mod error;
mod key;
mod object;
mod store;

pub use error::ObjectError;
pub use key::{InvalidKey, ObjectKey};
pub use object::{
    ByteStream, InvalidSha256, Object, ObjectInfo, Presigned, PresignedPut, Sha256, StoredObject,
};
pub use store::ObjectStore;
