//! Users: who can sign in.

mod email;
mod identifier;
#[cfg(feature = "mysql")]
mod mysql;
mod store;
mod username;

use kseekers_access::UserId;
use kseekers_envelope::input::Text;
use serde::Serialize;

pub use email::Email;
pub use identifier::Identifier;
#[cfg(feature = "mysql")]
pub use mysql::MySqlUsers;
pub use store::UserStore;
pub use username::Username;

/// A user as clients see one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct User {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The address that codes go to; signs in as well.
    pub email: String,
    /// A telephone number, not checked.
    pub phone: Option<String>,
    /// Whether the user may change reference data.
    pub is_admin: bool,
}

/// A user as the store holds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What clients see.
    pub user: User,
    /// Whether the user may sign in and act.
    pub is_active: bool,
}

kseekers_envelope::input! {
    /// Somebody who wants to become a user.
    pub struct NewUser {
        /// The name to sign in with: 2 to 50 characters, without `@`.
        pub username: Username,
        /// The address that codes will go to.
        pub email: Email,
        /// A telephone number; blank counts as none.
        pub phone: Option<Text<0, 20>>,
    }
}

impl NewUser {
    /// The telephone number, if there is one.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref().filter(|phone| !phone.is_empty())
    }
}
