//! The rules.

use std::sync::Arc;

use kseekers_envelope::input::Flag;
use tracing::instrument;

use crate::{
    DisplayConfig, DisplayConfigChange, DisplayConfigError, DisplayConfigId, DisplayConfigStore, Grid,
    GridChange, GridFilter, GridId, NamedDisplayConfig, NewDisplayConfig, NewGrid,
};

/// Grids and their columns.
///
/// Any method can fail with [`DisplayConfigError::Storage`]; `# Errors` names the rest.
#[derive(Debug, Clone)]
pub struct DisplayConfigService {
    store: Arc<dyn DisplayConfigStore>,
}

impl DisplayConfigService {
    /// The service on this store.
    pub fn new(store: Arc<dyn DisplayConfigStore>) -> Self {
        Self { store }
    }

    /// The columns of all grids by the name of the grid, then by place.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError> {
        self.store.configs().await
    }

    /// The columns of a grid by place, hidden ones too; none if there is no such grid.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError> {
        self.store.configs_of(grid_name_id).await
    }

    /// The column with this number.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn config(&self, id: DisplayConfigId) -> Result<DisplayConfig, DisplayConfigError> {
        self.store.config(id).await?.ok_or(DisplayConfigError::ConfigNotFound)
    }

    /// Adds a column to a grid.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`], [`DisplayConfigError::ConfigExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn create_config(&self, new: &NewDisplayConfig) -> Result<DisplayConfig, DisplayConfigError> {
        self.store.create_config(new).await
    }

    /// Changes a column, which may move to another grid. What the change does not name stays as it is.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`], [`DisplayConfigError::GridNotFound`],
    /// [`DisplayConfigError::ConfigExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn update_config(&self, change: &DisplayConfigChange) -> Result<(), DisplayConfigError> {
        self.store.update_config(change).await
    }

    /// Deletes a column.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`], [`DisplayConfigError::ConfigInUse`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete_config(&self, id: DisplayConfigId) -> Result<(), DisplayConfigError> {
        self.store.delete_config(id).await
    }

    /// The ids of the grids that have columns, each once.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError> {
        self.store.used_grids().await
    }

    /// The grids that are in use, by name.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn active_grids(&self) -> Result<Vec<Grid>, DisplayConfigError> {
        self.store.grids(&GridFilter { name: None, is_active: Some(Flag(true)) }).await
    }

    /// The grids that the filter lets through, by name.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn grids(&self, filter: &GridFilter) -> Result<Vec<Grid>, DisplayConfigError> {
        self.store.grids(filter).await
    }

    /// The grid that programs know by this id, in use or not.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn grid(&self, grid_name_id: &str) -> Result<Grid, DisplayConfigError> {
        self.store.grid(grid_name_id).await?.ok_or(DisplayConfigError::GridNotFound)
    }

    /// Adds a grid.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn create_grid(&self, new: &NewGrid) -> Result<Grid, DisplayConfigError> {
        self.store.create_grid(new).await
    }

    /// Changes a grid. What the change does not name stays as it is; a new id carries the columns along.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`], [`DisplayConfigError::GridExists`]; [`DisplayConfigError::GridInUse`] if
    /// tables that are not of this crate point to its old id.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn update_grid(&self, change: &GridChange) -> Result<(), DisplayConfigError> {
        self.store.update_grid(change).await
    }

    /// Deletes a grid with its columns, and says how many those were.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`]; [`DisplayConfigError::GridInUse`] or [`DisplayConfigError::ConfigInUse`]
    /// if tables that are not of this crate point to it or to one of its columns.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete_grid(&self, id: GridId) -> Result<u64, DisplayConfigError> {
        self.store.delete_grid(id).await
    }
}
