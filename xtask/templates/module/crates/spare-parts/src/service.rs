//! The rules.

use std::sync::Arc;

use kseekers_envelope::input::PageQuery;
use tracing::instrument;

use crate::{
    CarModelId, NewSparePart, SparePart, SparePartChange, SparePartError, SparePartId, SparePartPage,
    SparePartStore,
};

/// Spare parts.
///
/// Any method can fail with [`SparePartError::Storage`]; `# Errors` names the rest.
#[derive(Debug, Clone)]
pub struct SparePartService {
    store: Arc<dyn SparePartStore>,
}

impl SparePartService {
    /// The service on this store.
    pub fn new(store: Arc<dyn SparePartStore>) -> Self {
        Self { store }
    }

    /// A page of the active ones by name. Beyond the last page there are none.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn page(&self, page: &PageQuery) -> Result<SparePartPage, SparePartError> {
        self.store.page(page).await
    }

    /// The active ones of a car model by name; none if there is no such car model.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn of_car_model(&self, car_model: CarModelId) -> Result<Vec<SparePart>, SparePartError> {
        self.store.of_car_model(car_model).await
    }

    /// The one with this number, active or not.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn get(&self, id: SparePartId) -> Result<SparePart, SparePartError> {
        self.store.get(id).await?.ok_or(SparePartError::NotFound)
    }

    /// Adds one.
    ///
    /// # Errors
    /// [`SparePartError::CarModelNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn create(&self, new: &NewSparePart) -> Result<SparePart, SparePartError> {
        self.store.create(new).await
    }

    /// Changes one. What the change does not name stays as it is.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`], [`SparePartError::CarModelNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn update(&self, id: SparePartId, change: &SparePartChange) -> Result<(), SparePartError> {
        self.store.update(id, change).await
    }

    /// Keeps one, but no longer shows it in lists: an update can bring it back. To do it again changes nothing.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn deactivate(&self, id: SparePartId) -> Result<(), SparePartError> {
        self.store.deactivate(id).await
    }

    /// Deletes one for good.
    ///
    /// # Errors
    /// [`SparePartError::NotFound`]; [`SparePartError::InUse`] if other tables point to it.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete(&self, id: SparePartId) -> Result<(), SparePartError> {
        self.store.delete(id).await
    }
}
