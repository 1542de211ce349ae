//! Where grids and their columns are kept.

use std::fmt;

use async_trait::async_trait;

use crate::{
    DisplayConfig, DisplayConfigChange, DisplayConfigError, DisplayConfigId, Grid, GridChange, GridFilter,
    GridId, NamedDisplayConfig, NewDisplayConfig, NewGrid,
};

/// Keeps grids and their columns. Names and ids are compared without regard to letter case.
///
/// Each method does all of its work or none of it, whoever else writes at the same time. Each can fail with
/// [`DisplayConfigError::Storage`]; `# Errors` names the rest.
#[async_trait]
pub trait DisplayConfigStore: fmt::Debug + Send + Sync {
    /// The columns of all grids by the name of the grid, then by place.
    async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError>;

    /// The columns of a grid by place; none if there is no such grid.
    async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError>;

    /// The column with this number.
    async fn config(&self, id: DisplayConfigId) -> Result<Option<DisplayConfig>, DisplayConfigError>;

    /// Adds a column to a grid and gives it back as it is kept.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`], [`DisplayConfigError::ConfigExists`].
    async fn create_config(&self, new: &NewDisplayConfig) -> Result<DisplayConfig, DisplayConfigError>;

    /// Changes a column, which may move to another grid.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`], [`DisplayConfigError::GridNotFound`],
    /// [`DisplayConfigError::ConfigExists`].
    async fn update_config(&self, change: &DisplayConfigChange) -> Result<(), DisplayConfigError>;

    /// Deletes a column.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`], [`DisplayConfigError::ConfigInUse`].
    async fn delete_config(&self, id: DisplayConfigId) -> Result<(), DisplayConfigError>;

    /// The ids of the grids that have columns, each once, in their order.
    async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError>;

    /// The grids that the filter lets through, by name.
    async fn grids(&self, filter: &GridFilter) -> Result<Vec<Grid>, DisplayConfigError>;

    /// The grid that programs know by this id.
    async fn grid(&self, grid_name_id: &str) -> Result<Option<Grid>, DisplayConfigError>;

    /// Adds a grid and gives it back as it is kept.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridExists`].
    async fn create_grid(&self, new: &NewGrid) -> Result<Grid, DisplayConfigError>;

    /// Changes a grid. Its columns stay with it when it gets a new id.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`], [`DisplayConfigError::GridExists`]; [`DisplayConfigError::GridInUse`] if
    /// tables that are not of this crate point to its old id.
    async fn update_grid(&self, change: &GridChange) -> Result<(), DisplayConfigError>;

    /// Deletes a grid with its columns, and says how many those were.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`]; [`DisplayConfigError::GridInUse`] or [`DisplayConfigError::ConfigInUse`]
    /// if tables that are not of this crate point to it or to one of its columns.
    async fn delete_grid(&self, id: GridId) -> Result<u64, DisplayConfigError>;
}
