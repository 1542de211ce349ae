//! Lookup values: what a dropdown offers.

use kseekers_envelope::{
    Timestamp,
    input::{Change, Flag, Id, LongText, Patch, Text},
};
use serde::Serialize;

use crate::LookupTypeId;

/// The number of a lookup value.
pub type LookupValueId = Id<LookupValue>;

/// One choice in a dropdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct LookupValue {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: LookupValueId,
    /// The dropdown that it belongs to.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub lookup_type_id: LookupTypeId,
    /// What programs know it by; no two values of a type have the same, whatever the letter case.
    pub code: String,
    /// What people read.
    pub value: String,
    /// What it means.
    pub description: Option<String>,
    /// Whether dropdowns offer it.
    pub is_active: bool,
    /// Its place: smaller ones come first, equal ones in the order of `value`.
    pub sort_order: i32,
    /// When it was made; old rows may not know.
    pub created_at: Option<Timestamp>,
}

kseekers_envelope::input! {
    /// A lookup value that does not exist yet.
    pub struct NewLookupValue {
        /// The dropdown that it belongs to.
        pub lookup_type_id: LookupTypeId,
        /// What programs know it by.
        pub code: Text<1, 50> => "Code is required",
        /// What people read.
        pub value: Text<1, 255> => "Value is required",
        /// What it means.
        pub description: Option<LongText>,
        /// Whether dropdowns offer it, yes if nothing is said.
        pub is_active: Change<Flag>,
        /// Its place, 0 if nothing is said.
        pub sort_order: Change<i32>,
    }
}

kseekers_envelope::input! {
    /// What is to change in a lookup value.
    pub struct LookupValueChange {
        /// Which one.
        pub value_id: LookupValueId,
        /// What programs know it by from now on.
        pub code: Change<Text<1, 50>> => "Code is required",
        /// What people read from now on.
        pub value: Change<Text<1, 255>> => "Value is required",
        /// What it means from now on.
        pub description: Patch<LongText>,
        /// Whether dropdowns offer it.
        pub is_active: Change<Flag>,
        /// Its place.
        pub sort_order: Change<i32>,
    }
}

kseekers_envelope::input! {
    /// Which values are wanted.
    pub struct LookupValuesQuery {
        /// The name of their type.
        pub type_name as "lookup_type_name" | "type_name" | "type": Text<1, 100> => "Name is required",
        /// Also those that dropdowns do not offer; for administrators.
        pub include_inactive: Option<Flag>,
    }
}
