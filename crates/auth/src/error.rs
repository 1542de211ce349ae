//! What can go wrong, and what clients are told of it.

use std::borrow::Cow;

use kseekers_envelope::{BoxError, Code, ErrorCode, StorageError};

/// Why somebody could not register, sign in or be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The user name or the e-mail address is taken: 409.
    #[error("a user with this name or e-mail address exists")]
    UserExists,
    /// Nobody may register: 403.
    #[error("registration is closed")]
    RegistrationClosed,
    /// No user with this name or address, or an inactive one: 404. Said only where the service is set to reveal it.
    #[error("there is no such active user")]
    UnknownUser,
    /// The code is wrong, used, expired or tried too often, or there is no such user: 401, all the same to clients.
    #[error("the one-time code does not count")]
    InvalidCode,
    /// The token could not be signed: 500.
    #[error("a token could not be made: {0}")]
    TokenNotMade(#[source] BoxError),
    /// The system gave no random numbers: 500.
    #[error("the random generator failed: {0}")]
    Randomness(#[source] BoxError),
    /// A setting that cannot work; met while the service is built, never by a request.
    #[error("{name}: {problem}")]
    Setting {
        /// The name of the setting.
        name: &'static str,
        /// What is wrong with it, without its value.
        problem: Cow<'static, str>,
    },
    /// The database failed: 503 or 500.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for AuthError {
    fn code(&self) -> Code {
        match self {
            AuthError::UserExists => Code::Conflict,
            AuthError::RegistrationClosed => Code::Forbidden,
            AuthError::UnknownUser => Code::NotFound,
            AuthError::InvalidCode => Code::Unauthorized,
            AuthError::TokenNotMade(_) | AuthError::Randomness(_) | AuthError::Setting { .. } => {
                Code::Internal
            }
            AuthError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            AuthError::UnknownUser => "Member Not Found".into(),
            AuthError::InvalidCode => "Invalid OTP".into(),
            AuthError::TokenNotMade(_) => "Token generation failed".into(),
            AuthError::Storage(error) => error.message(),
            _ => self.code().message().into(),
        }
    }

    fn stack(&self) -> Vec<String> {
        match self {
            AuthError::UserExists => vec!["User already exists".to_owned()],
            AuthError::RegistrationClosed => vec!["Registration is closed".to_owned()],
            AuthError::Storage(error) => error.stack(),
            _ => vec![self.message().into_owned()],
        }
    }
}
