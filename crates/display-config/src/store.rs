//! Where grids and their columns are kept.

use std::fmt;

use async_trait::async_trait;

use crate::{DisplayConfig, DisplayConfigError, DisplayConfigId, Grid, GridFilter, NamedDisplayConfig};

/// Keeps grids and their columns. Names and ids are compared without regard to letter case.
///
/// Each method can fail with [`DisplayConfigError::Storage`].
#[async_trait]
pub trait DisplayConfigStore: fmt::Debug + Send + Sync {
    /// The columns of all grids by the name of the grid, then by place.
    async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError>;

    /// The columns of a grid by place; none if there is no such grid.
    async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError>;

    /// The column with this number.
    async fn config(&self, id: DisplayConfigId) -> Result<Option<DisplayConfig>, DisplayConfigError>;

    /// The ids of the grids that have columns, each once, in their order.
    async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError>;

    /// The grids that the filter lets through, by name.
    async fn grids(&self, filter: &GridFilter) -> Result<Vec<Grid>, DisplayConfigError>;

    /// The grid that programs know by this id.
    async fn grid(&self, grid_name_id: &str) -> Result<Option<Grid>, DisplayConfigError>;
}
