//! Lookup types: what dropdowns there are.

use kseekers_envelope::{
    Timestamp,
    input::{Change, Id, LongText, Patch, Text},
};
use serde::Serialize;

/// The number of a lookup type.
pub type LookupTypeId = Id<LookupType>;

/// A dropdown, without its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct LookupType {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: LookupTypeId,
    /// Its name; no two types have the same, whatever the letter case.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made; old rows may not know.
    pub created_at: Option<Timestamp>,
}

kseekers_envelope::input! {
    /// A lookup type that does not exist yet.
    pub struct NewLookupType {
        /// Its name.
        pub name: Text<1, 100> => "Name is required",
        /// What it is for.
        pub description: Option<LongText>,
    }
}

kseekers_envelope::input! {
    /// What is to change in a lookup type.
    pub struct LookupTypeChange {
        /// Which one.
        pub type_id: LookupTypeId,
        /// Its new name.
        pub name: Change<Text<1, 100>> => "Name is required",
        /// What it is for from now on.
        pub description: Patch<LongText>,
    }
}

kseekers_envelope::input! {
    /// A lookup type that may exist or not, told by its name.
    pub struct LookupTypeEntry {
        /// Its name.
        pub name: Text<1, 100> => "Name is required",
        /// What it is for.
        pub description: Patch<LongText>,
    }
}
