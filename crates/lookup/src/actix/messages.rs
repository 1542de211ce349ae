//! What only the routes say: bodies that name a row, and short answers.

use kseekers_envelope::input::Text;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{LookupTypeId, LookupValueId};

kseekers_envelope::input! {
    /// A lookup type by its name.
    pub struct LookupTypeByName {
        /// The name.
        pub name as "type": Text<1, 100> => "Name is required",
    }
}

kseekers_envelope::input! {
    /// A lookup type by its number.
    pub struct LookupTypeById {
        /// The number.
        pub type_id: LookupTypeId,
    }
}

kseekers_envelope::input! {
    /// A lookup value by its number.
    pub struct LookupValueById {
        /// The number.
        pub value_id: LookupValueId,
    }
}

/// The lookup type that was changed, or the lookup value that was changed or deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookupChanged {
    /// Its number.
    pub id: i32,
}

/// The lookup type that was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookupTypeDeleted {
    /// Its number.
    #[schema(value_type = i32)]
    pub id: LookupTypeId,
    /// How many values went with it.
    pub deleted_values: u64,
}

/// The lookup type that was added or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookupTypeManaged {
    /// Its name as sent, trimmed.
    pub name: String,
}
