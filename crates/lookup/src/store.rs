//! Where lookups are kept.

use std::fmt;

use async_trait::async_trait;

use crate::{
    LookupError, LookupType, LookupTypeChange, LookupTypeEntry, LookupTypeId, LookupValue, LookupValueChange,
    LookupValueId, NewLookupType, NewLookupValue,
};

/// Keeps lookup types and their values. Names and codes are compared without regard to letter case.
///
/// Each method does all of its work or none of it, whoever else writes at the same time. Each can fail with
/// [`LookupError::Storage`]; `# Errors` names the rest.
#[async_trait]
pub trait LookupStore: fmt::Debug + Send + Sync {
    /// All types by name.
    async fn types(&self) -> Result<Vec<LookupType>, LookupError>;

    /// The type of this name.
    async fn type_named(&self, name: &str) -> Result<Option<LookupType>, LookupError>;

    /// Adds a type and gives it back as it is kept.
    ///
    /// # Errors
    /// [`LookupError::TypeExists`].
    async fn create_type(&self, new: &NewLookupType) -> Result<LookupType, LookupError>;

    /// Changes a type.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`], [`LookupError::TypeExists`].
    async fn update_type(&self, change: &LookupTypeChange) -> Result<(), LookupError>;

    /// Adds a type, or changes the one of this name, which keeps its name as it is written.
    async fn put_type(&self, entry: &LookupTypeEntry) -> Result<(), LookupError>;

    /// Deletes a type with its values, and says how many those were.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`]; [`LookupError::TypeInUse`] or [`LookupError::ValueInUse`] if tables that are not
    /// of this crate point to it or to one of its values.
    async fn delete_type(&self, id: LookupTypeId) -> Result<u64, LookupError>;

    /// The values of the type of this name by place, then by what people read; none if there is no such type.
    async fn values(&self, type_name: &str, include_inactive: bool) -> Result<Vec<LookupValue>, LookupError>;

    /// The value with this number, active or not.
    async fn value(&self, id: LookupValueId) -> Result<Option<LookupValue>, LookupError>;

    /// Adds a value and gives it back as it is kept.
    ///
    /// # Errors
    /// [`LookupError::TypeNotFound`], [`LookupError::ValueExists`].
    async fn create_value(&self, new: &NewLookupValue) -> Result<LookupValue, LookupError>;

    /// Changes a value.
    ///
    /// # Errors
    /// [`LookupError::ValueNotFound`], [`LookupError::ValueExists`].
    async fn update_value(&self, change: &LookupValueChange) -> Result<(), LookupError>;

    /// Deletes a value.
    ///
    /// # Errors
    /// [`LookupError::ValueNotFound`], [`LookupError::ValueInUse`].
    async fn delete_value(&self, id: LookupValueId) -> Result<(), LookupError>;
}
