//! Tokens on requests.

use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller};

use super::AuthService;
use crate::Account;

#[async_trait]
impl Authenticator for AuthService {
    /// What the token says about the user is not looked at: he may have been made inactive or another role since.
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        let id = self.tokens.verify(token, self.clock.now())?;
        match self.users.find(id).await? {
            Some(Account { user, is_active: true }) => {
                Ok(Caller { user_id: user.id, username: user.username, is_admin: user.is_admin })
            }
            _ => Err(AccessError::NotAuthenticated),
        }
    }
}
