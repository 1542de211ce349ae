//! Users in the table `users`.

use async_trait::async_trait;
use kseekers_access::UserId;
use kseekers_db_pool::{DbError, DbPool, DecodeError, FromRow, Row};
use kseekers_envelope::StorageError;
use tracing::instrument;

use super::{Account, Identifier, NewUser, User, UserStore};
use crate::AuthError;

/// Keeps users in MySQL or MariaDB; the unique keys of the table settle who was first.
#[derive(Debug, Clone)]
pub struct MySqlUsers {
    pool: DbPool,
}

impl MySqlUsers {
    /// Uses this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

const CREATE: &str = "INSERT INTO users (username, email, phone, is_active, is_admin) VALUES (?, ?, ?, 1, 0)";

const FIND: &str = "SELECT id, username, email, phone, is_active, is_admin FROM users WHERE id = ?";

const FIND_BY_USERNAME: &str =
    "SELECT id, username, email, phone, is_active, is_admin FROM users WHERE username = ?";

const FIND_BY_EMAIL: &str =
    "SELECT id, username, email, phone, is_active, is_admin FROM users WHERE email = ?";

#[async_trait]
impl UserStore for MySqlUsers {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create(&self, new: &NewUser) -> Result<User, AuthError> {
        let (username, email, phone) = (new.username.as_str(), new.email.as_str(), new.phone());
        let id = self.pool.insert(CREATE, (username, email, phone)).await.map_err(|error| match error {
            DbError::Duplicate { .. } => AuthError::UserExists,
            other => AuthError::Storage(other.into()),
        })?;
        Ok(User {
            id: UserId::new(i32::try_from(id).map_err(|error| StorageError::Unreadable(error.into()))?),
            username: username.to_owned(),
            email: email.to_owned(),
            phone: phone.map(str::to_owned),
            is_admin: false,
        })
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn find(&self, id: UserId) -> Result<Option<Account>, StorageError> {
        Ok(self.pool.query_optional(FIND, (id.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn find_by(&self, identifier: &Identifier) -> Result<Option<Account>, StorageError> {
        let sql = match identifier {
            Identifier::Email(_) => FIND_BY_EMAIL,
            Identifier::Username(_) => FIND_BY_USERNAME,
        };
        Ok(self.pool.query_optional(sql, (identifier.as_str(),)).await?)
    }
}

impl FromRow for Account {
    /// Old rows hold NULL in the flags, which counts as no.
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            user: User {
                id: UserId::new(row.get("id")?),
                username: row.get("username")?,
                email: row.get("email")?,
                phone: row.get("phone")?,
                is_admin: row.get::<Option<bool>>("is_admin")?.unwrap_or(false),
            },
            is_active: row.get::<Option<bool>>("is_active")?.unwrap_or(false),
        })
    }
}
