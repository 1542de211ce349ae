//! The store on MySQL and MariaDB.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use kseekers_db_pool::{DbError, DbPool, DecodeError, ForeignKeyViolation, FromRow, Row, Transaction};
use kseekers_envelope::{
    StorageError,
    input::{LongText, PageQuery, Patch},
};
use tracing::instrument;

use crate::{
    CarModelId, NewSparePart, SparePart, SparePartChange, SparePartError, SparePartId, SparePartPage,
    SparePartService, SparePartStore,
};

/// Spare parts in the table of this crate's `schema.sql`.
#[derive(Debug, Clone)]
pub struct MySqlSpareParts {
    pool: DbPool,
}

impl MySqlSpareParts {
    /// The store in the database of this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

impl SparePartService {
    /// The service on the database of this pool.
    pub fn on_mysql(pool: &DbPool) -> Self {
        Self::new(Arc::new(MySqlSpareParts::new(pool.clone())))
    }
}

const BY_ID: &str = "
    SELECT id, name, description, car_model_id, is_active, created_at, updated_at
    FROM spare_parts WHERE id = ?";

#[async_trait]
impl SparePartStore for MySqlSpareParts {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn page(&self, page: &PageQuery) -> Result<SparePartPage, SparePartError> {
        const PAGE: &str = "
            SELECT id, name, description, car_model_id, is_active, created_at, updated_at
            FROM spare_parts WHERE is_active = 1 ORDER BY name, id LIMIT ? OFFSET ?";
        const COUNT: &str = "SELECT COUNT(*) FROM spare_parts WHERE is_active = 1";
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let spare_parts = tx.query(PAGE, (page.size(), page.offset())).await?;
                let (total,) = tx.query_one(COUNT, ()).await?;
                Ok(SparePartPage { spare_parts, page: page.number(), page_size: page.size(), total })
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn of_car_model(&self, car_model: CarModelId) -> Result<Vec<SparePart>, SparePartError> {
        const OF_CAR_MODEL: &str = "
            SELECT id, name, description, car_model_id, is_active, created_at, updated_at
            FROM spare_parts WHERE car_model_id = ? AND is_active = 1 ORDER BY name, id";
        Ok(self.pool.query(OF_CAR_MODEL, (car_model.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn get(&self, id: SparePartId) -> Result<Option<SparePart>, SparePartError> {
        Ok(self.pool.query_optional(BY_ID, (id.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create(&self, new: &NewSparePart) -> Result<SparePart, SparePartError> {
        const INSERT: &str =
            "INSERT INTO spare_parts (name, description, car_model_id, is_active) VALUES (?, ?, ?, ?)";
        let values = (
            new.name.as_str(),
            new.description.as_ref().map(LongText::as_str),
            new.car_model_id.map(CarModelId::get),
            new.is_active.0.is_none_or(|flag| flag.0),
        );
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let id = tx.insert(INSERT, values).await?;
                Ok(tx.query_one(BY_ID, (id,)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn update(&self, id: SparePartId, change: &SparePartChange) -> Result<(), SparePartError> {
        const UPDATE: &str = "
            UPDATE spare_parts
            SET name = COALESCE(?, name), description = IF(?, ?, description),
                car_model_id = IF(?, ?, car_model_id), is_active = COALESCE(?, is_active)
            WHERE id = ?";
        let (set_description, description) = assignment(&change.description, LongText::as_str);
        let (set_car_model, car_model) = assignment(&change.car_model_id, |id| id.get());
        let values = (
            change.name.0.as_deref(),
            set_description,
            description,
            set_car_model,
            car_model,
            change.is_active.0.map(|flag| flag.0),
            id.get(),
        );
        found(self.pool.execute(UPDATE, values).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn deactivate(&self, id: SparePartId) -> Result<(), SparePartError> {
        const DEACTIVATE: &str = "UPDATE spare_parts SET is_active = 0 WHERE id = ?";
        found(self.pool.execute(DEACTIVATE, (id.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete(&self, id: SparePartId) -> Result<(), SparePartError> {
        const DELETE: &str = "DELETE FROM spare_parts WHERE id = ?";
        found(self.pool.execute(DELETE, (id.get(),)).await?)
    }
}

fn found(matched_rows: u64) -> Result<(), SparePartError> {
    if matched_rows == 0 { Err(SparePartError::NotFound) } else { Ok(()) }
}

/// Whether a column is set at all, and to what.
fn assignment<'a, T, V>(patch: &'a Patch<T>, value: impl FnOnce(&'a T) -> V) -> (bool, Option<V>) {
    let change = patch.as_change();
    (change.is_some(), change.flatten().map(value))
}

impl FromRow for SparePart {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            id: SparePartId::new(row.get("id")?),
            name: row.get("name")?,
            description: row.get("description")?,
            car_model_id: row.get::<Option<i32>>("car_model_id")?.map(CarModelId::new),
            is_active: row.get::<i8>("is_active")? != 0,
            created_at: row.get::<NaiveDateTime>("created_at")?.into(),
            updated_at: row.get::<NaiveDateTime>("updated_at")?.into(),
        })
    }
}

impl From<DbError> for SparePartError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::ForeignKey { violation: ForeignKeyViolation::MissingParent, .. } => {
                SparePartError::CarModelNotFound
            }
            DbError::ForeignKey { violation: ForeignKeyViolation::StillReferenced, .. } => SparePartError::InUse,
            other => StorageError::from(other).into(),
        }
    }
}
