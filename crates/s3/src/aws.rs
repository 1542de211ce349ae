//! The store on S3, or on anything that speaks its protocol.

mod client;
mod disposition;
mod download;
mod error;
mod options;
mod parts;
mod presign;
mod runtime;
mod store;
mod upload;

pub use options::{S3Options, S3OptionsError};
/// What the secret of an access key is given as; it never prints.
pub use secrecy::SecretString;
pub use store::AwsStore;
