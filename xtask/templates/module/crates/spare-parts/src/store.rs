//! Where spare parts are kept.

use std::fmt;

use async_trait::async_trait;
use kseekers_envelope::input::PageQuery;

use crate::{
    CarModelId, NewSparePart, SparePart, SparePartChange, SparePartError, SparePartId, SparePartPage,
};

/// Keeps spare parts.
///
/// Each method does all of its work or none of it, whoever else writes at the same time. Each can fail with
/// [`SparePartError::Storage`]; `# Errors` names the rest.
#[async_trait]
pub trait SparePartStore: fmt::Debug + Send + Sync {
    /// A page of the active ones by name. Beyond the last page there are none.
    async fn page(&self, page: &PageQuery) -> Result<SparePartPage, SparePartError>;

    /// The active ones of a car model by name; none if there is no such car model.
    async fn of_car_model(&self, car_model: CarModelId) -> Result<Vec<SparePart>, SparePartError>;

    /// The one with this number, active or not.
    async fn get(&self, id: SparePartId) -> Result<Option<SparePart>, SparePartError>;

    /// Adds one and gives it back as it is kept.
    ///
    /// # Errors
    /// [`SparePartError::CarModelNotFound`].
    async fn create(&self, new: &NewSparePart) -> Result<SparePart, SparePartError>;

    /// Changes one.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`], [`SparePartError::CarModelNotFound`].
    async fn update(&self, id: SparePartId, change: &SparePartChange) -> Result<(), SparePartError>;

    /// Keeps one, but no longer shows it in lists. To do it again changes nothing.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`].
    async fn deactivate(&self, id: SparePartId) -> Result<(), SparePartError>;

    /// Deletes one for good.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`], [`SparePartError::InUse`].
    async fn delete(&self, id: SparePartId) -> Result<(), SparePartError>;
}
