//! The store on MySQL and MariaDB.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use kseekers_db_pool::{DbError, DbPool, DecodeError, FromRow, Row};
use kseekers_envelope::{StorageError, Timestamp};

use crate::{
    DisplayConfig, DisplayConfigError, DisplayConfigId, DisplayConfigStore, Grid, GridFilter, GridId,
    NamedDisplayConfig, NumericFlag,
};

/// Grids and their columns in the tables of this crate's `schema.sql`.
#[derive(Debug, Clone)]
pub struct MySqlDisplayConfigs {
    pool: DbPool,
}

impl MySqlDisplayConfigs {
    /// The store in the database of this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl DisplayConfigStore for MySqlDisplayConfigs {
    async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError> {
        const CONFIGS: &str = "
            SELECT c.id, c.gridNameId, c.displayId, c.title, c.hidden, c.width, c.sortIndex, c.ellipsis, c.align,
                c.dbDataType, c.codeDataType, c.format, c.created_at, c.updated_at, g.gridName
            FROM grid_metadata g JOIN result_display_config c ON c.gridNameId = g.gridNameId
            ORDER BY g.gridName, c.sortIndex, c.id";
        Ok(self.pool.query(CONFIGS, ()).await?)
    }

    async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError> {
        const CONFIGS_OF: &str = "
            SELECT id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align,
                dbDataType, codeDataType, format, created_at, updated_at
            FROM result_display_config WHERE gridNameId = ? ORDER BY sortIndex, id";
        Ok(self.pool.query(CONFIGS_OF, (grid_name_id,)).await?)
    }

    async fn config(&self, id: DisplayConfigId) -> Result<Option<DisplayConfig>, DisplayConfigError> {
        const CONFIG: &str = "
            SELECT id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align,
                dbDataType, codeDataType, format, created_at, updated_at
            FROM result_display_config WHERE id = ?";
        Ok(self.pool.query_optional(CONFIG, (id.get(),)).await?)
    }

    async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError> {
        // From the grid, as its columns may spell its id in another letter case.
        const USED_GRIDS: &str = "
            SELECT gridNameId FROM grid_metadata g
            WHERE EXISTS (SELECT 1 FROM result_display_config c WHERE c.gridNameId = g.gridNameId)
            ORDER BY gridNameId";
        let ids: Vec<(String,)> = self.pool.query(USED_GRIDS, ()).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    async fn grids(&self, filter: &GridFilter) -> Result<Vec<Grid>, DisplayConfigError> {
        const GRIDS: &str = "
            SELECT id, gridName, gridNameId, description, is_active, created_at, updated_at
            FROM grid_metadata
            WHERE gridName LIKE ? ESCAPE '!' AND (? OR (COALESCE(is_active, 0) <> 0) = ?)
            ORDER BY gridName";
        let name = containing(filter.name.as_deref().unwrap_or_default());
        let (any, active) = filter.is_active.map_or((true, false), |active| (false, active.0));
        Ok(self.pool.query(GRIDS, (name, any, active)).await?)
    }

    async fn grid(&self, grid_name_id: &str) -> Result<Option<Grid>, DisplayConfigError> {
        const GRID: &str = "
            SELECT id, gridName, gridNameId, description, is_active, created_at, updated_at
            FROM grid_metadata WHERE gridNameId = ?";
        Ok(self.pool.query_optional(GRID, (grid_name_id,)).await?)
    }
}

/// The pattern of texts that have `part` in them, for `LIKE … ESCAPE '!'`.
fn containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for character in part.chars() {
        if matches!(character, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

impl FromRow for DisplayConfig {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            id: DisplayConfigId::new(row.get("id")?),
            grid_name_id: row.get("gridNameId")?,
            display_id: row.get("displayId")?,
            title: row.get("title")?,
            hidden: flag(row, "hidden")?.unwrap_or(NumericFlag(false)),
            width: row.get("width")?,
            sort_index: row.get("sortIndex")?,
            ellipsis: flag(row, "ellipsis")?,
            align: row.get("align")?,
            db_data_type: row.get("dbDataType")?,
            code_data_type: row.get("codeDataType")?,
            format: row.get("format")?,
            created_at: time(row, "created_at")?,
            updated_at: time(row, "updated_at")?,
        })
    }
}

impl FromRow for NamedDisplayConfig {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self { config: DisplayConfig::from_row(row)?, grid_name: row.get("gridName")? })
    }
}

impl FromRow for Grid {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self {
            id: GridId::new(row.get("id")?),
            grid_name: row.get("gridName")?,
            grid_name_id: row.get("gridNameId")?,
            description: row.get("description")?,
            is_active: flag(row, "is_active")?.unwrap_or(NumericFlag(false)),
            created_at: time(row, "created_at")?,
            updated_at: time(row, "updated_at")?,
        })
    }
}

/// Old rows hold NULL in flags, and whatever else fits into a TINYINT.
fn flag(row: &mut Row, column: &str) -> Result<Option<NumericFlag>, DecodeError> {
    Ok(row.get::<Option<i8>>(column)?.map(|flag| NumericFlag(flag != 0)))
}

fn time(row: &mut Row, column: &str) -> Result<Option<Timestamp>, DecodeError> {
    Ok(row.get::<Option<NaiveDateTime>>(column)?.map(Into::into))
}

impl From<DbError> for DisplayConfigError {
    fn from(error: DbError) -> Self {
        StorageError::from(error).into()
    }
}
