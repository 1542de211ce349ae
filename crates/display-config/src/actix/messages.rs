//! What only the routes say: bodies that name a row, and short answers.

use kseekers_envelope::input::Text;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{DisplayConfigId, GridId};

kseekers_envelope::input! {
    /// The columns of a grid.
    pub struct DisplayConfigsOfGrid {
        /// The id of the grid.
        pub grid_name_id as "gridNameId" | "type": Text<1, 50> => "Grid Name ID is required",
    }
}

kseekers_envelope::input! {
    /// A column by its number.
    pub struct DisplayConfigById {
        /// The number.
        pub config_id as "config_id" | "id": DisplayConfigId,
    }
}

kseekers_envelope::input! {
    /// A grid by its id.
    pub struct GridByNameId {
        /// The id.
        pub grid_name_id as "gridNameId": Text<1, 50> => "Grid Name ID is required",
    }
}

kseekers_envelope::input! {
    /// A grid by its number.
    pub struct GridById {
        /// The number.
        pub id: GridId,
    }
}

/// The column that was changed or deleted, or the grid that was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisplayConfigChanged {
    /// Its number.
    pub id: i32,
}

/// The grid that was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct GridDeleted {
    /// Its number.
    #[schema(value_type = i32)]
    pub id: GridId,
    /// How many columns went with it.
    pub deleted_configs: u64,
}

/// The grids that have columns.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisplayConfigTypes {
    /// Their ids, each once.
    pub types: Vec<String>,
}
