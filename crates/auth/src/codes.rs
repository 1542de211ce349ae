//! One-time codes: six digits that somebody gets by mail and types back.
//!
//! A code counts for five minutes, for one user and one purpose, for five tries and once. Only the newest code of a
//! user and purpose counts. Nothing that is stored gives a code away: the database has a keyed hash of it, and the
//! key is not in the database.

mod code;
mod mac;
#[cfg(feature = "mysql")]
mod mysql;
mod store;
mod sweep;

use std::time::Duration;

pub use code::{Code, TypedCode};
pub use mac::{CodeKey, CodeMac};
#[cfg(feature = "mysql")]
pub use mysql::MySqlCodes;
pub use store::{CodeId, CodeStore, NewCode, TriedCode};
pub(crate) use sweep::Sweeper;

/// How long a code counts.
pub const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// How often a code may be tried. Five tries at a million codes leave a guesser one chance in 200,000.
pub const MAX_TRIES: u8 = 5;

/// After how long asking for another code makes sense. It is announced to clients, not enforced.
pub const RESEND_AFTER: Duration = Duration::from_secs(60);

/// What a code is for. A code for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Signing in.
    Login,
}

impl Purpose {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Login => "login",
        }
    }
}
