//! The store on MySQL and MariaDB.

mod rows;

use async_trait::async_trait;
use kseekers_db_pool::{DbError, DbPool, ForeignKeyViolation, Transaction, params};
use kseekers_envelope::{
    StorageError,
    input::{Flag, LongText, Patch, Text},
};
use tracing::instrument;

use crate::{
    DisplayConfig, DisplayConfigChange, DisplayConfigError, DisplayConfigId, DisplayConfigStore, Grid,
    GridChange, GridFilter, GridId, NamedDisplayConfig, NewDisplayConfig, NewGrid,
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

const CONFIG: &str = "
    SELECT id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align,
        dbDataType, codeDataType, format, created_at, updated_at
    FROM result_display_config WHERE id = ?";

#[async_trait]
impl DisplayConfigStore for MySqlDisplayConfigs {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn configs(&self) -> Result<Vec<NamedDisplayConfig>, DisplayConfigError> {
        const CONFIGS: &str = "
            SELECT c.id, c.gridNameId, c.displayId, c.title, c.hidden, c.width, c.sortIndex, c.ellipsis, c.align,
                c.dbDataType, c.codeDataType, c.format, c.created_at, c.updated_at, g.gridName
            FROM grid_metadata g JOIN result_display_config c ON c.gridNameId = g.gridNameId
            ORDER BY g.gridName, c.sortIndex, c.id";
        Ok(self.pool.query(CONFIGS, ()).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn configs_of(&self, grid_name_id: &str) -> Result<Vec<DisplayConfig>, DisplayConfigError> {
        const CONFIGS_OF: &str = "
            SELECT id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align,
                dbDataType, codeDataType, format, created_at, updated_at
            FROM result_display_config WHERE gridNameId = ? ORDER BY sortIndex, id";
        Ok(self.pool.query(CONFIGS_OF, (grid_name_id,)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn config(&self, id: DisplayConfigId) -> Result<Option<DisplayConfig>, DisplayConfigError> {
        Ok(self.pool.query_optional(CONFIG, (id.get(),)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create_config(&self, new: &NewDisplayConfig) -> Result<DisplayConfig, DisplayConfigError> {
        const INSERT_CONFIG: &str = "
            INSERT INTO result_display_config (gridNameId, displayId, title, hidden, width, sortIndex, ellipsis,
                align, dbDataType, codeDataType, format)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let values = (
            new.grid_name_id.as_str(),
            new.display_id.as_str(),
            new.title.as_str(),
            new.hidden.0.is_some_and(|flag| flag.0),
            new.width,
            new.sort_index,
            new.ellipsis.map(|flag| flag.0),
            new.align.as_deref(),
            new.db_data_type.as_deref(),
            new.code_data_type.as_deref(),
            new.format.as_deref(),
        );
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let id = tx.insert(INSERT_CONFIG, values).await?;
                Ok(tx.query_one(CONFIG, (id,)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn update_config(&self, change: &DisplayConfigChange) -> Result<(), DisplayConfigError> {
        const UPDATE_CONFIG: &str = "
            UPDATE result_display_config
            SET gridNameId = COALESCE(:grid_name_id, gridNameId), displayId = COALESCE(:display_id, displayId),
                title = COALESCE(:title, title), hidden = COALESCE(:hidden, hidden),
                width = IF(:set_width, :width, width), sortIndex = COALESCE(:sort_index, sortIndex),
                ellipsis = IF(:set_ellipsis, :ellipsis, ellipsis), align = IF(:set_align, :align, align),
                dbDataType = IF(:set_db_data_type, :db_data_type, dbDataType),
                codeDataType = IF(:set_code_data_type, :code_data_type, codeDataType),
                format = IF(:set_format, :format, format)
            WHERE id = :id";
        let (set_width, width) = assignment(&change.width, |width| *width);
        let (set_ellipsis, ellipsis) = assignment(&change.ellipsis, |flag: &Flag| flag.0);
        let (set_align, align) = assignment(&change.align, Text::as_str);
        let (set_db_data_type, db_data_type) = assignment(&change.db_data_type, Text::as_str);
        let (set_code_data_type, code_data_type) = assignment(&change.code_data_type, Text::as_str);
        let (set_format, format) = assignment(&change.format, Text::as_str);
        let values = params! {
            "id" => change.config_id.get(),
            "grid_name_id" => change.grid_name_id.0.as_deref(),
            "display_id" => change.display_id.0.as_deref(),
            "title" => change.title.0.as_deref(),
            "hidden" => change.hidden.0.map(|flag| flag.0),
            set_width,
            width,
            "sort_index" => change.sort_index.0,
            set_ellipsis,
            ellipsis,
            set_align,
            align,
            set_db_data_type,
            db_data_type,
            set_code_data_type,
            code_data_type,
            set_format,
            format,
        };
        // A transaction runs again when it deadlocks, as it may with a new id of the grid.
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let matched = tx.execute(UPDATE_CONFIG, values.clone()).await?;
                found(matched, DisplayConfigError::ConfigNotFound)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete_config(&self, id: DisplayConfigId) -> Result<(), DisplayConfigError> {
        const DELETE_CONFIG: &str = "DELETE FROM result_display_config WHERE id = ?";
        let deleted = self.pool.execute(DELETE_CONFIG, (id.get(),)).await;
        found(unless_in_use(deleted, DisplayConfigError::ConfigInUse)?, DisplayConfigError::ConfigNotFound)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn used_grids(&self) -> Result<Vec<String>, DisplayConfigError> {
        // From the grid, as its columns may spell its id in another letter case.
        const USED_GRIDS: &str = "
            SELECT gridNameId FROM grid_metadata g
            WHERE EXISTS (SELECT 1 FROM result_display_config c WHERE c.gridNameId = g.gridNameId)
            ORDER BY gridNameId";
        let ids: Vec<(String,)> = self.pool.query(USED_GRIDS, ()).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
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

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn grid(&self, grid_name_id: &str) -> Result<Option<Grid>, DisplayConfigError> {
        const GRID: &str = "
            SELECT id, gridName, gridNameId, description, is_active, created_at, updated_at
            FROM grid_metadata WHERE gridNameId = ?";
        Ok(self.pool.query_optional(GRID, (grid_name_id,)).await?)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn create_grid(&self, new: &NewGrid) -> Result<Grid, DisplayConfigError> {
        const INSERT_GRID: &str =
            "INSERT INTO grid_metadata (gridName, gridNameId, description, is_active) VALUES (?, ?, ?, ?)";
        const NEW_GRID: &str = "
            SELECT id, gridName, gridNameId, description, is_active, created_at, updated_at
            FROM grid_metadata WHERE id = ?";
        let values = (
            new.grid_name.as_str(),
            new.grid_name_id.as_str(),
            new.description.as_ref().map(LongText::as_str),
            new.is_active.0.is_none_or(|flag| flag.0),
        );
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let id = tx.insert(INSERT_GRID, values).await?;
                Ok(tx.query_one(NEW_GRID, (id,)).await?)
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn update_grid(&self, change: &GridChange) -> Result<(), DisplayConfigError> {
        // The foreign key of the columns carries a new id on to them.
        const UPDATE_GRID: &str = "
            UPDATE grid_metadata
            SET gridName = COALESCE(?, gridName), gridNameId = COALESCE(?, gridNameId),
                description = IF(?, ?, description), is_active = COALESCE(?, is_active)
            WHERE id = ?";
        let (set, description) = assignment(&change.description, LongText::as_str);
        let values = (
            change.grid_name.0.as_deref(),
            change.grid_name_id.0.as_deref(),
            set,
            description,
            change.is_active.0.map(|flag| flag.0),
            change.id.get(),
        );
        // A transaction runs again when it deadlocks, as it may with a column that moves.
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let matched = tx.execute(UPDATE_GRID, values).await;
                found(
                    unless_in_use(matched, DisplayConfigError::GridInUse)?,
                    DisplayConfigError::GridNotFound,
                )
            })
            .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete_grid(&self, id: GridId) -> Result<u64, DisplayConfigError> {
        // Held, the grid takes no further columns: what is counted is what goes. Columns point to its gridNameId, and
        // who adds one looks only at the index of that: the row alone would keep nobody out.
        const LOCK_GRID: &str = "SELECT gridNameId FROM grid_metadata WHERE id = ? FOR UPDATE";
        const LOCK_NAME_ID: &str = "SELECT gridNameId FROM grid_metadata WHERE gridNameId = ? FOR UPDATE";
        const DELETE_CONFIGS: &str = "DELETE FROM result_display_config WHERE gridNameId = ?";
        const DELETE_GRID: &str = "DELETE FROM grid_metadata WHERE id = ?";
        let id = (id.get(),);
        self.pool
            .transaction(async |tx: &mut Transaction| {
                let locked: Option<(String,)> = tx.query_optional(LOCK_GRID, id).await?;
                let grid_name_id = locked.ok_or(DisplayConfigError::GridNotFound)?;
                let grid_name_id: (String,) = tx.query_one(LOCK_NAME_ID, grid_name_id).await?;
                let deleted_configs = tx.execute(DELETE_CONFIGS, grid_name_id).await;
                let deleted_configs = unless_in_use(deleted_configs, DisplayConfigError::ConfigInUse)?;
                unless_in_use(tx.execute(DELETE_GRID, id).await, DisplayConfigError::GridInUse)?;
                Ok(deleted_configs)
            })
            .await
    }
}

fn found(matched_rows: u64, otherwise: DisplayConfigError) -> Result<(), DisplayConfigError> {
    if matched_rows == 0 { Err(otherwise) } else { Ok(()) }
}

/// Tables that know nothing of this crate may point to its rows: their keys can have any name, so that only the
/// statement tells which row was to go.
fn unless_in_use(
    matched: Result<u64, DbError>,
    otherwise: DisplayConfigError,
) -> Result<u64, DisplayConfigError> {
    match matched {
        Err(DbError::ForeignKey { violation: ForeignKeyViolation::StillReferenced, .. }) => Err(otherwise),
        other => Ok(other?),
    }
}

/// Whether a column is set at all, and to what.
fn assignment<'a, T, V>(patch: &'a Patch<T>, value: impl FnOnce(&'a T) -> V) -> (bool, Option<V>) {
    let change = patch.as_change();
    (change.is_some(), change.flatten().map(value))
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

impl From<DbError> for DisplayConfigError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Duplicate { key } if key == "unique_display_id" => DisplayConfigError::ConfigExists,
            DbError::Duplicate { .. } => DisplayConfigError::GridExists,
            DbError::ForeignKey { violation: ForeignKeyViolation::MissingParent, .. } => {
                DisplayConfigError::GridNotFound
            }
            other => StorageError::from(other).into(),
        }
    }
}
