//! From rows to types.

use chrono::NaiveDateTime;
use kseekers_db_pool::{DecodeError, FromRow, Row};
use kseekers_envelope::Timestamp;

use crate::{DisplayConfig, DisplayConfigId, Grid, GridId, NamedDisplayConfig, NumericFlag};

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
