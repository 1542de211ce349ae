//! Where users are kept.

use async_trait::async_trait;
use kseekers_access::UserId;
use kseekers_envelope::StorageError;

use super::{Account, Identifier, NewUser, User};
use crate::AuthError;

/// Keeps users. No two of them have the same name or the same address, whoever else writes at the same time.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Adds an active user who is no administrator.
    ///
    /// # Errors
    /// [`AuthError::UserExists`] if the name or the address is taken, [`AuthError::Storage`].
    async fn create(&self, new: &NewUser) -> Result<User, AuthError>;

    /// The user with this number, active or not.
    ///
    /// # Errors
    /// When the database fails.
    async fn find(&self, id: UserId) -> Result<Option<Account>, StorageError>;

    /// The user with this name or address, active or not.
    ///
    /// # Errors
    /// When the database fails.
    async fn find_by(&self, identifier: &Identifier) -> Result<Option<Account>, StorageError>;
}
