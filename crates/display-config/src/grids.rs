//! Grids: the tables that a front end shows.

use kseekers_envelope::{
    Timestamp,
    input::{Change, Flag, Id, LongText, Patch, Text},
};
use serde::Serialize;

use crate::NumericFlag;

/// The number of a grid.
pub type GridId = Id<Grid>;

/// A table that a front end shows, without its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct Grid {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: GridId,
    /// What people call it; no two grids have the same, whatever the letter case.
    #[serde(rename = "gridName")]
    pub grid_name: String,
    /// What programs and columns know it by; no two grids have the same, whatever the letter case.
    #[serde(rename = "gridNameId")]
    pub grid_name_id: String,
    /// What it shows.
    pub description: Option<String>,
    /// Whether it is in use.
    pub is_active: NumericFlag,
    /// When it was made; old rows may not know.
    pub created_at: Option<Timestamp>,
    /// When it was last changed; old rows may not know.
    pub updated_at: Option<Timestamp>,
}

kseekers_envelope::input! {
    /// Which grids are wanted; all that is said must be so.
    pub struct GridFilter {
        /// Their name has this text in it, in any letter case.
        pub name: Option<Text<0, 100>>,
        /// They are in use, or not.
        pub is_active: Option<Flag>,
    }
}

kseekers_envelope::input! {
    /// A grid that does not exist yet.
    pub struct NewGrid {
        /// What people call it.
        pub grid_name as "gridName": Text<1, 100> => "Grid Name is required",
        /// What programs and columns know it by.
        pub grid_name_id as "gridNameId": Text<1, 50> => "Grid Name ID is required",
        /// What it shows.
        pub description: Option<LongText>,
        /// Whether it is in use, yes if nothing is said.
        pub is_active: Change<Flag>,
    }
}

kseekers_envelope::input! {
    /// What is to change in a grid.
    pub struct GridChange {
        /// Which one.
        pub id: GridId,
        /// What people call it from now on.
        pub grid_name as "gridName": Change<Text<1, 100>> => "Grid Name cannot be empty",
        /// What programs and columns know it by from now on; its columns go along.
        pub grid_name_id as "gridNameId": Change<Text<1, 50>> => "Grid Name ID cannot be empty",
        /// What it shows from now on.
        pub description: Patch<LongText>,
        /// Whether it is in use.
        pub is_active: Change<Flag>,
    }
}
