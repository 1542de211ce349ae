//! Display configurations: the columns of a grid.

use kseekers_envelope::{Timestamp, input::Id};
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
    /// What programs know the column by. Old rows may have it twice in one grid.
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
