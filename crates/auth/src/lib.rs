#![doc = include_str!("../README.md")]

#[cfg(feature = "actix")]
pub mod actix;
pub mod clock;
pub mod codes;
pub mod delivery;
mod error;
mod service;
pub mod tokens;
pub mod users;

pub use clock::{Clock, Randomness, SystemClock, SystemRandomness};
pub use codes::{Code, CodeStore, Purpose, TypedCode};
pub use delivery::{CodeMessage, CodeSender, Delivery, DeliveryError, DeliverySettings, TerminalSender};
pub use error::AuthError;
/// A text that does not print: what the secrets of this crate come in.
pub use secrecy::SecretString;
pub use service::{AuthService, AuthSettings, CodeAnswer, CodeRequest, CodeRequested};
pub use tokens::{AccessToken, Algorithm, TokenSettings, Tokens};
pub use users::{Account, Email, Identifier, NewUser, User, UserStore, Username};

/// The tables of [`MySqlUsers`](users::MySqlUsers) and [`MySqlCodes`](codes::MySqlCodes), as this version wants them: the statements of `schema.sql`.
#[cfg(feature = "mysql")]
pub const SCHEMA: &str = include_str!("../schema.sql");
