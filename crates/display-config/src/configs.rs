//! Display configurations: the columns of a grid.

use kseekers_envelope::{
    Timestamp,
    input::{Change, Flag, Id, Patch, Text},
};
use serde::Serialize;

use crate::NumericFlag;

/// The number of a column's configuration.
pub type DisplayConfigId = Id<DisplayConfig>;

/// How a grid shows one of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisplayConfig {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: DisplayConfigId,
    /// The grid that the column is in.
    pub grid_name_id: String,
    /// What programs know the column by. No two columns of a grid have the same, whatever the letter case.
    pub display_id: String,
    /// What people read above the column.
    pub title: String,
    /// Whether the column is there but not shown.
    pub hidden: NumericFlag,
    /// How wide it is, in pixels; the front end decides if nothing is said.
    pub width: Option<i32>,
    /// Its place: smaller ones come first.
    pub sort_index: i32,
    /// Whether text that is too long is cut short with dots.
    pub ellipsis: Option<NumericFlag>,
    /// Where the text stands, such as `left`.
    pub align: Option<String>,
    /// The type of the data in the database.
    pub db_data_type: Option<String>,
    /// The type of the data in the program.
    pub code_data_type: Option<String>,
    /// How the data is written, such as `YYYY-MM-DD`.
    pub format: Option<String>,
    /// When it was made; old rows may not know.
    #[serde(rename = "created_at")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed; old rows may not know.
    #[serde(rename = "updated_at")]
    pub updated_at: Option<Timestamp>,
}

/// A column together with the name of its grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct NamedDisplayConfig {
    /// The column.
    #[serde(flatten)]
    pub config: DisplayConfig,
    /// What people call its grid.
    #[serde(rename = "gridName")]
    pub grid_name: String,
}

kseekers_envelope::input! {
    /// A column that does not exist yet.
    pub struct NewDisplayConfig {
        /// The grid that it is in.
        pub grid_name_id as "gridNameId": Text<1, 50> => "Grid Name ID is required",
        /// What programs know it by.
        pub display_id as "displayId": Text<1, 100> => "Display ID is required",
        /// What people read above it.
        pub title: Text<1, 255> => "Title is required",
        /// Whether it is there but not shown, no if nothing is said.
        pub hidden: Change<Flag>,
        /// How wide it is, in pixels.
        pub width: Option<i32>,
        /// Its place.
        pub sort_index as "sortIndex": i32,
        /// Whether text that is too long is cut short with dots.
        pub ellipsis: Option<Flag>,
        /// Where the text stands.
        pub align: Option<Text<0, 20>>,
        /// The type of the data in the database.
        pub db_data_type as "dbDataType": Option<Text<0, 50>>,
        /// The type of the data in the program.
        pub code_data_type as "codeDataType": Option<Text<0, 50>>,
        /// How the data is written.
        pub format: Option<Text<0, 100>>,
    }
}

kseekers_envelope::input! {
    /// What is to change in a column.
    pub struct DisplayConfigChange {
        /// Which one.
        pub config_id as "config_id" | "id": DisplayConfigId,
        /// The grid that it is in from now on.
        pub grid_name_id as "gridNameId": Change<Text<1, 50>> => "Grid Name ID cannot be empty",
        /// What programs know it by from now on.
        pub display_id as "displayId": Change<Text<1, 100>> => "Display ID cannot be empty",
        /// What people read above it from now on.
        pub title: Change<Text<1, 255>> => "Title cannot be empty",
        /// Whether it is there but not shown.
        pub hidden: Change<Flag>,
        /// How wide it is, in pixels.
        pub width: Patch<i32>,
        /// Its place.
        pub sort_index as "sortIndex": Change<i32>,
        /// Whether text that is too long is cut short with dots.
        pub ellipsis: Patch<Flag>,
        /// Where the text stands.
        pub align: Patch<Text<0, 20>>,
        /// The type of the data in the database.
        pub db_data_type as "dbDataType": Patch<Text<0, 50>>,
        /// The type of the data in the program.
        pub code_data_type as "codeDataType": Patch<Text<0, 50>>,
        /// How the data is written.
        pub format: Patch<Text<0, 100>>,
    }
}
