//! The rules.

use std::sync::Arc;

use kseekers_access::{AccessError, Caller};
use kseekers_envelope::input::Flag;
use tracing::instrument;

use crate::{
    LookupError, LookupStore, LookupType, LookupTypeChange, LookupTypeEntry, LookupTypeId, LookupValue,
    LookupValueChange, LookupValueId, LookupValuesQuery, NewLookupType, NewLookupValue,
};

/// Lookup types and their values.
///
/// Any method can fail with [`LookupError::Storage`]; `# Errors` names the rest.
#[derive(Debug, Clone)]
pub struct LookupService {
    store: Arc<dyn LookupStore>,
}

impl LookupService {
    /// The service on this store.
    pub fn new(store: Arc<dyn LookupStore>) -> Self {
        Self { store }
    }

    /// All types by name.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn types(&self) -> Result<Vec<LookupType>, LookupError> {
        self.store.types().await
    }

    /// The type of this name, in any letter case.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn type_named(&self, name: &str) -> Result<LookupType, LookupError> {
        self.store.type_named(name).await?.ok_or(LookupError::TypeNotFound)
    }

    /// Adds a type.
    ///
    /// # Errors
    /// [`LookupError::TypeExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn create_type(&self, new: &NewLookupType) -> Result<LookupType, LookupError> {
        self.store.create_type(new).await
    }

    /// Changes a type. What the change does not name stays as it is.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`], [`LookupError::TypeExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn update_type(&self, change: &LookupTypeChange) -> Result<(), LookupError> {
        self.store.update_type(change).await
    }

    /// Adds a type, or changes the one of this name.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn put_type(&self, entry: &LookupTypeEntry) -> Result<(), LookupError> {
        self.store.put_type(entry).await
    }

    /// Deletes a type with its values, and says how many those were.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`]; [`LookupError::TypeInUse`] or [`LookupError::ValueInUse`] if tables that are not
    /// of this crate point to it or to one of its values.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete_type(&self, id: LookupTypeId) -> Result<u64, LookupError> {
        self.store.delete_type(id).await
    }

    /// The values of a type in the order of a dropdown; none if there is no such type. Those that dropdowns do not
    /// offer are for administrators.
    ///
    /// # Errors
    /// [`LookupError::Access`] if the caller asks for more than is his.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn values(
        &self,
        query: &LookupValuesQuery,
        caller: Option<&Caller>,
    ) -> Result<Vec<LookupValue>, LookupError> {
        let include_inactive = query.include_inactive == Some(Flag(true));
        if include_inactive {
            match caller {
                None => return Err(AccessError::NotAuthenticated.into()),
                Some(caller) if !caller.is_admin => return Err(AccessError::PermissionDenied.into()),
                Some(_) => {}
            }
        }
        self.store.values(&query.type_name, include_inactive).await
    }

    /// The active values of a type that lists the headers of a table.
    ///
    /// # Errors
    /// [`LookupError::NoHeaders`] if there are none.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn headers(&self, type_name: &str) -> Result<Vec<LookupValue>, LookupError> {
        let headers = self.store.values(type_name, false).await?;
        if headers.is_empty() { Err(LookupError::NoHeaders) } else { Ok(headers) }
    }

    /// The value with this number, active or not.
    ///
    /// # Errors
    /// [`LookupError::ValueNotFound`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn value(&self, id: LookupValueId) -> Result<LookupValue, LookupError> {
        self.store.value(id).await?.ok_or(LookupError::ValueNotFound)
    }

    /// Adds a value to a type.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`], [`LookupError::ValueExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn create_value(&self, new: &NewLookupValue) -> Result<LookupValue, LookupError> {
        self.store.create_value(new).await
    }

    /// Changes a value. What the change does not name stays as it is.
    ///
    /// # Errors
    /// [`LookupError::ValueNotFound`], [`LookupError::ValueExists`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn update_value(&self, change: &LookupValueChange) -> Result<(), LookupError> {
        self.store.update_value(change).await
    }

    /// Deletes a value.
    ///
    /// # Errors
    /// [`LookupError::ValueNotFound`], [`LookupError::ValueInUse`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn delete_value(&self, id: LookupValueId) -> Result<(), LookupError> {
        self.store.delete_value(id).await
    }
}
