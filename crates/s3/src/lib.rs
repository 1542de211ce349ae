#![doc = include_str!("../README.md")]

mod key;
mod object;

pub use key::{InvalidKey, ObjectKey};
pub use object::{
    ByteStream, Object, ObjectError, ObjectInfo, ObjectStore, Presigned, PresignedPut, StoredObject,
};
