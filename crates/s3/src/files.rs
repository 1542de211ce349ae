//! Files: what users upload, and the ledger of who owns what.

mod content_type;
mod error;
mod key;
mod ledger;
#[cfg(feature = "mysql")]
mod mysql;
mod name;
mod service;
mod types;

pub use content_type::ContentType;
pub use error::FileError;
pub use ledger::FileLedger;
#[cfg(feature = "mysql")]
pub use mysql::MySqlFiles;
pub use name::FileName;
#[cfg(feature = "aws")]
pub(crate) use name::turns_text;
pub use service::FileService;
pub use types::{File, FileId, FileState, NewFile};
