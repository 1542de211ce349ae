//! The rules.

use std::sync::Arc;

use kseekers_envelope::input::Flag;

use crate::{
    DisplayConfig, DisplayConfigError, DisplayConfigId, DisplayConfigStore, Grid, GridFilter,
    NamedDisplayConfig,
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
    pub async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError> {
        self.store.configs().await
    }

    /// The columns of a grid by place, hidden ones too; none if there is no such grid.
    pub async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError> {
        self.store.configs_of(grid_name_id).await
    }

    /// The column with this number.
    ///
    /// # Errors
    /// [`DisplayConfigError::ConfigNotFound`].
    pub async fn config(&self, id: DisplayConfigId) -> Result<DisplayConfig, DisplayConfigError> {
        self.store.config(id).await?.ok_or(DisplayConfigError::ConfigNotFound)
    }

    /// The ids of the grids that have columns, each once.
    pub async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError> {
        self.store.used_grids().await
    }

    /// The grids that are in use, by name.
    pub async fn active_grids(&self) -> Result<Vec<Grid>, DisplayConfigError> {
        self.store.grids(&GridFilter { name: None, is_active: Some(Flag(true)) }).await
    }

    /// The grids that the filter lets through, by name.
    pub async fn grids(&self, filter: &GridFilter) -> Result<Vec<Grid>, DisplayConfigError> {
        self.store.grids(filter).await
    }

    /// The grid that programs know by this id, in use or not.
    ///
    /// # Errors
    /// [`DisplayConfigError::GridNotFound`].
    pub async fn grid(&self, grid_name_id: &str) -> Result<Grid, DisplayConfigError> {
        self.store.grid(grid_name_id).await?.ok_or(DisplayConfigError::GridNotFound)
    }
}
