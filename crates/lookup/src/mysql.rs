//! The store on MySQL and MariaDB.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use kseekers_db_pool::{DbError, DbPool, DecodeError, ForeignKeyViolation, FromRow, Row, Transaction};
use kseekers_envelope::{
    StorageError,
    input::{LongText, Patch},
};
use tracing::instrument;

use crate::{
    LookupError, LookupStore, LookupType, LookupTypeChange, LookupTypeEntry, LookupTypeId, LookupValue,
    LookupValueChange, LookupValueId, NewLookupType, NewLookupValue,
};

/// Lookups in the tables of this crate's `schema.sql`.
#[derive(Debug, Clone)]
pub struct MySqlLookups {
    pool: DbPool,
}

impl MySqlLookups {
    /// The store in the database of this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

const TYPE_BY_NAME: &str = "SELECT id, name, description, created_at FROM lookup_types WHERE name = ?";

const VALUE_BY_ID: &str = "
    SELECT id, lookup_type_id, code, value, description, is_active, sort_order, created_at
    FROM lookup_values WHERE id = ?";

#[async_trait]
impl LookupStore for MySqlLookups {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn types(&self) -> Result<Vec<LookupType>, LookupError> {
        const TYPES: &str = "SELECT id, name, description, created_at FROM lookup_types ORDER BY name";
        Ok(self.pool.query(TYPES, ()).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn type_named(&self, name: &str) -> Result<Option<LookupType>, LookupError> {
        Ok(self.pool.query_optional(TYPE_BY_NAME, (name,)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create_type(&self, new: &NewLookupType) -> Result<LookupType, LookupError> {
        const INSERT_TYPE: &str = "INSERT INTO lookup_types (name, description) VALUES (?, ?)";
        let (name, description) = (new.name.as_str(), text(new.description.as_ref()));
        self.pool
            .transaction(async |tx: &mut Transaction| {
                tx.execute(INSERT_TYPE, (name, description)).await?;
                Ok(tx.query_one(TYPE_BY_NAME, (name,)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn update_type(&self, change: &LookupTypeChange) -> Result<(), LookupError> {
        const UPDATE_TYPE: &str = "
            UPDATE lookup_types SET name = COALESCE(?, name), description = IF(?, ?, description) WHERE id = ?";
        let (set, description) = assignment(&change.description);
        let values = (change.name.0.as_deref(), set, description, change.type_id.get());
        found(self.pool.execute(UPDATE_TYPE, values).await?, LookupError::TypeNotFound)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn put_type(&self, entry: &LookupTypeEntry) -> Result<(), LookupError> {
        const PUT_TYPE: &str = "
            INSERT INTO lookup_types (name, description) VALUES (?, ?)
            ON DUPLICATE KEY UPDATE description = IF(?, ?, description)";
        let (set, description) = assignment(&entry.description);
        self.pool.execute(PUT_TYPE, (entry.name.as_str(), description, set, description)).await?;
        Ok(())
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete_type(&self, id: LookupTypeId) -> Result<u64, LookupError> {
        // Held, the type takes no further values: what is counted is what goes.
        const LOCK_TYPE: &str = "SELECT id FROM lookup_types WHERE id = ? FOR UPDATE";
        const DELETE_VALUES: &str = "DELETE FROM lookup_values WHERE lookup_type_id = ?";
        const DELETE_TYPE: &str = "DELETE FROM lookup_types WHERE id = ?";
        let id = (id.get(),);
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let locked: Option<(i32,)> = tx.query_optional(LOCK_TYPE, id).await?;
                locked.ok_or(LookupError::TypeNotFound)?;
                let deleted_values = tx.execute(DELETE_VALUES, id).await;
                let deleted_values = unless_in_use(deleted_values, LookupError::ValueInUse)?;
                unless_in_use(tx.execute(DELETE_TYPE, id).await, LookupError::TypeInUse)?;
                Ok(deleted_values)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn values(&self, type_name: &str, include_inactive: bool) -> Result<Vec<LookupValue>, LookupError> {
        const VALUES: &str = "
            SELECT v.id, v.lookup_type_id, v.code, v.value, v.description, v.is_active, v.sort_order, v.created_at
            FROM lookup_types t JOIN lookup_values v ON v.lookup_type_id = t.id
            WHERE t.name = ? AND (v.is_active OR ?)
            ORDER BY COALESCE(v.sort_order, 0), v.value, v.id";
        Ok(self.pool.query(VALUES, (type_name, include_inactive)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn value(&self, id: LookupValueId) -> Result<Option<LookupValue>, LookupError> {
        Ok(self.pool.query_optional(VALUE_BY_ID, (id.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create_value(&self, new: &NewLookupValue) -> Result<LookupValue, LookupError> {
        const INSERT_VALUE: &str = "
            INSERT INTO lookup_values (lookup_type_id, code, value, description, is_active, sort_order)
            VALUES (?, ?, ?, ?, ?, ?)";
        let values = (
            new.lookup_type_id.get(),
            new.code.as_str(),
            new.value.as_str(),
            text(new.description.as_ref()),
            new.is_active.0.is_none_or(|flag| flag.0),
            new.sort_order.0.unwrap_or(0),
        );
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let id = tx.insert(INSERT_VALUE, values).await?;
                Ok(tx.query_one(VALUE_BY_ID, (id,)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn update_value(&self, change: &LookupValueChange) -> Result<(), LookupError> {
        const UPDATE_VALUE: &str = "
            UPDATE lookup_values
            SET code = COALESCE(?, code), value = COALESCE(?, value), description = IF(?, ?, description),
                is_active = COALESCE(?, is_active), sort_order = COALESCE(?, sort_order)
            WHERE id = ?";
        let (set, description) = assignment(&change.description);
        let values = (
            change.code.0.as_deref(),
            change.value.0.as_deref(),
            set,
            description,
            change.is_active.0.map(|flag| flag.0),
            change.sort_order.0,
            change.value_id.get(),
        );
        found(self.pool.execute(UPDATE_VALUE, values).await?, LookupError::ValueNotFound)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete_value(&self, id: LookupValueId) -> Result<(), LookupError> {
        const DELETE_VALUE: &str = "DELETE FROM lookup_values WHERE id = ?";
        let deleted = self.pool.execute(DELETE_VALUE, (id.get(),)).await;
        found(unless_in_use(deleted, LookupError::ValueInUse)?, LookupError::ValueNotFound)
    }
}

fn found(matched_rows: u64, otherwise: LookupError) -> Result<(), LookupError> {
    if matched_rows == 0 { Err(otherwise) } else { Ok(()) }
}

/// Tables that know nothing of this crate may point to its rows: their keys can have any name, so that only the
/// statement tells which row was to go.
fn unless_in_use(deleted: Result<u64, DbError>, otherwise: LookupError) -> Result<u64, LookupError> {
    match deleted {
        Err(DbError::ForeignKey { violation: ForeignKeyViolation::StillReferenced, .. }) => Err(otherwise),
        other => Ok(other?),
    }
}

fn text(long: Option<&LongText>) -> Option<&str> {
    long.map(LongText::as_str)
}

/// Whether a column is set at all, and to what.
fn assignment(patch: &Patch<LongText>) -> (bool, Option<&str>) {
    let change = patch.as_change();
    (change.is_some(), text(change.flatten()))
}

impl FromRow for LookupType {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            id: LookupTypeId::new(row.get("id")?),
            name: row.get("name")?,
            description: row.get("description")?,
            created_at: row.get::<Option<NaiveDateTime>>("created_at")?.map(Into::into),
        })
    }
}

impl FromRow for LookupValue {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            id: LookupValueId::new(row.get("id")?),
            lookup_type_id: LookupTypeId::new(row.get("lookup_type_id")?),
            code: row.get("code")?,
            value: row.get("value")?,
            description: row.get("description")?,
            // Old rows hold NULL here, and whatever else fits into a TINYINT.
            is_active: row.get::<Option<i8>>("is_active")?.is_some_and(|flag| flag != 0),
            sort_order: row.get::<Option<i32>>("sort_order")?.unwrap_or(0),
            created_at: row.get::<Option<NaiveDateTime>>("created_at")?.map(Into::into),
        })
    }
}

impl From<DbError> for LookupError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Duplicate { key } if key == "unique_lookup_code" => LookupError::ValueExists,
            DbError::Duplicate { .. } => LookupError::TypeExists,
            DbError::ForeignKey { violation: ForeignKeyViolation::MissingParent, .. } => {
                LookupError::TypeNotFound
            }
            other => StorageError::from(other).into(),
        }
    }
}
