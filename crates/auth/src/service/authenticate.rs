//! Tokens on requests.

use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller};
use tracing::instrument;

use super::AuthService;
use crate::{Account, User};

impl AuthService {
    /// The user that `token` (without the word `Bearer`) stands for. What the token says about him is not looked at:
    /// he may have been made inactive or another role since.
    ///
    /// # Errors
    /// [`AccessError::NotAuthenticated`] or [`AccessError::TokenExpired`] if the token does not count,
    /// [`AccessError::Storage`].
    // The token is left out: it opens doors.
    #[instrument(target = "kseekers::profile", level = "trace", skip(token), ret)]
    pub async fn signed_in(&self, token: &str) -> Result<User, AccessError> {
        let id = self.tokens.verify(token, self.clock.now())?;
        match self.users.find(id).await? {
            Some(Account { user, is_active: true }) => Ok(user),
            _ => Err(AccessError::NotAuthenticated),
        }
    }
}

#[async_trait]
impl Authenticator for AuthService {
    #[instrument(target = "kseekers::profile", level = "trace", skip(token), ret)]
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        let User { id: user_id, username, is_admin, .. } = self.signed_in(token).await?;
        Ok(Caller { user_id, username, is_admin })
    }
}
