#![doc = include_str!("../README.md")]

use std::borrow::Cow;

use async_trait::async_trait;
use kseekers_envelope::{Code, ErrorCode, StorageError, input::Id};

#[cfg(feature = "actix")]
pub mod actix;

/// The number of a user.
pub type UserId = Id<Caller>;

/// Who asks: a user who exists and is active, as the database knows him at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// His number.
    pub user_id: UserId,
    /// His user name.
    pub username: String,
    /// Whether he is an administrator.
    pub is_admin: bool,
}

/// Finds out who a bearer token belongs to.
///
/// A service that has its own sign-in implements this, and every crate that asks for a [`Caller`] works with it.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The caller that `token` (without the word `Bearer`) stands for.
    ///
    /// # Errors
    /// [`AccessError::NotAuthenticated`] or [`AccessError::TokenExpired`] if the token does not count, or
    /// [`AccessError::Storage`] if that could not be found out.
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError>;
}

/// The token in the value of an `Authorization` header: `Bearer <token>`, the scheme in any letter case (RFC 9110, 11.1).
///
/// ```
/// assert_eq!(kseekers_access::bearer("bearer abc").unwrap(), "abc");
/// assert!(kseekers_access::bearer("Basic abc").is_err());
/// ```
///
/// # Errors
/// [`AccessError::NotAuthenticated`] if it holds anything else.
pub fn bearer(authorization: &str) -> Result<&str, AccessError> {
    let (scheme, token) = authorization.trim().split_once(' ').ok_or(AccessError::NotAuthenticated)?;
    let token = token.trim_start();
    let good = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    good.then_some(token).ok_or(AccessError::NotAuthenticated)
}

/// Why somebody may not do what he asks for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// There is no token, or it does not count (any more).
    #[error("not authenticated")]
    NotAuthenticated,
    /// The token was good once.
    #[error("the token has expired")]
    TokenExpired,
    /// Signed in, but not allowed to do this.
    #[error("permission denied")]
    PermissionDenied,
    /// It could not be found out who asks.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ErrorCode for AccessError {
    fn code(&self) -> Code {
        match self {
            AccessError::NotAuthenticated | AccessError::TokenExpired => Code::Unauthorized,
            AccessError::PermissionDenied => Code::Forbidden,
            AccessError::Storage(error) => error.code(),
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            AccessError::TokenExpired => "Token expired".into(),
            AccessError::Storage(error) => error.message(),
            other => other.code().message().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for header in ["Bearer abc", "bearer abc", "BEARER  abc", " Bearer abc "] {
            assert_eq!(bearer(header).ok(), Some("abc"), "{header:?}");
        }
    }

    #[test]
    fn other_schemes_and_missing_tokens_do_not_count() {
        for header in ["", "abc", "Bearer", "Bearer ", "Basic abc", "Bearerabc"] {
            assert!(bearer(header).is_err(), "{header:?}");
        }
    }
}
