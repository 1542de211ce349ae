//! What every [`DisplayConfigStore`] promises; the grids are those of `support/grids.sql`.
#![cfg(feature = "mysql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod configs;
mod grids;
mod session;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use kseekers_db_pool::DbPool;
use kseekers_display_config::{
    DisplayConfig, DisplayConfigError, DisplayConfigId, DisplayConfigStore, Grid, GridFilter,
    MySqlDisplayConfigs, NumericFlag,
};
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::{StorageError, input::Input};
use serde_json::{Value, json};
use support::database;

struct Fixture {
    store: Arc<dyn DisplayConfigStore>,
    pool: DbPool,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let (database, pool) = database().await;
    Fixture { store: Arc::new(MySqlDisplayConfigs::new(pool.clone())), pool, _database: database }
}

/// What a client sends as this JSON.
#[allow(clippy::needless_pass_by_value, reason = "each caller makes it for this call")]
fn input<T: Input>(json: Value) -> T {
    T::from_json(json.to_string().as_bytes()).unwrap()
}

impl Fixture {
    async fn config_of(&self, json: Value) -> DisplayConfig {
        self.store.create_config(&input(json)).await.unwrap()
    }

    async fn config_now(&self, id: DisplayConfigId) -> DisplayConfig {
        self.store.config(id).await.unwrap().expect("there is such a column")
    }

    async fn grid_of(&self, json: Value) -> Grid {
        self.store.create_grid(&input(json)).await.unwrap()
    }

    async fn grid_now(&self, grid_name_id: &str) -> Grid {
        self.store.grid(grid_name_id).await.unwrap().expect("there is such a grid")
    }

    /// The numbers of the columns of a grid, in their order.
    async fn columns(&self, grid_name_id: &str) -> Vec<i32> {
        let configs = self.store.configs_of(grid_name_id).await.unwrap();
        configs.into_iter().map(|config| config.id.get()).collect()
    }

    /// The names of the grids that a filter lets through.
    async fn grids(&self, filter: Value) -> Vec<String> {
        let grids = self.store.grids(&input::<GridFilter>(filter)).await.unwrap();
        grids.into_iter().map(|grid| grid.grid_name).collect()
    }
}

#[tokio::test]
async fn columns_come_by_place_and_equal_ones_by_age() {
    let f = fixture().await;
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14]);
    assert_eq!(f.columns("users_grid").await, [15, 13]);
}

#[tokio::test]
async fn a_grid_is_found_in_any_letter_case() {
    let f = fixture().await;
    assert_eq!(f.columns("ORDERS_grid").await, [12, 11, 14]);
    assert_eq!(f.store.grid("ORDERS_grid").await.unwrap().unwrap().grid_name, "Orders");
    assert_eq!(f.store.grid("GRÖSSE 尺寸 😀").await.unwrap().unwrap().id.get(), 3);
}

#[tokio::test]
async fn a_grid_that_is_not_there_has_no_columns() {
    let f = fixture().await;
    assert_eq!(f.columns("orders").await, [0; 0]);
    assert_eq!(f.columns("Größe 尺寸 😀").await, [0; 0]);
    assert_eq!(f.store.grid("orders").await.unwrap(), None);
}

#[tokio::test]
async fn all_columns_come_by_the_name_of_their_grid() {
    let f = fixture().await;
    let configs = f.store.configs().await.unwrap();
    let found: Vec<_> =
        configs.iter().map(|named| (named.grid_name.as_str(), named.config.id.get())).collect();
    assert_eq!(found, [("Orders", 12), ("Orders", 11), ("Orders", 14), ("users", 15), ("users", 13)]);
}

#[tokio::test]
async fn a_column_is_read_whole() {
    let f = fixture().await;
    let config = f.store.config(DisplayConfigId::new(11)).await.unwrap().unwrap();
    assert_eq!(
        serde_json::to_value(config).unwrap(),
        json!({"id": 11, "gridNameId": "orders_grid", "displayId": "total", "title": "Súčet", "hidden": 1,
            "width": 120, "sortIndex": 2, "ellipsis": 1, "align": "right", "dbDataType": "decimal",
            "codeDataType": "number", "format": "0.00", "created_at": "2026-11-20T12:00:00Z",
            "updated_at": "2026-11-21T12:00:00Z"})
    );
    assert_eq!(f.store.config(DisplayConfigId::new(7)).await.unwrap(), None);
}

#[tokio::test]
async fn nulls_of_old_rows_read_as_defaults() {
    let f = fixture().await;
    let config = f.store.config(DisplayConfigId::new(12)).await.unwrap().unwrap();
    assert_eq!((config.hidden, config.ellipsis, config.width), (NumericFlag(false), None, None));
    assert_eq!((config.created_at, config.updated_at), (None, None));
    let grid = f.store.grid("Größe 尺寸 😀").await.unwrap().unwrap();
    assert_eq!((grid.is_active, grid.description), (NumericFlag(false), None));
    assert_eq!((grid.created_at, grid.updated_at), (None, None));
}

#[tokio::test]
async fn whatever_is_not_0_is_a_flag_that_is_set() {
    let f = fixture().await;
    let config = f.store.config(DisplayConfigId::new(15)).await.unwrap().unwrap();
    assert_eq!((config.hidden, config.ellipsis), (NumericFlag(true), Some(NumericFlag(true))));
    f.pool.execute("UPDATE grid_metadata SET is_active = -1 WHERE id = 1", ()).await.unwrap();
    assert_eq!(f.grids(json!({"is_active": 1})).await, ["Orders", "users"]);
}

#[tokio::test]
async fn each_grid_with_columns_is_named_once_as_it_spells_itself() {
    let f = fixture().await;
    assert_eq!(f.store.used_grids().await.unwrap(), ["orders_grid", "Users_Grid"]);
}

#[tokio::test]
async fn without_a_filter_all_grids_come_by_name() {
    let f = fixture().await;
    assert_eq!(f.grids(json!({})).await, ["100%_full!", "Orders", "users"]);
    assert_eq!(f.grids(json!({"name": " ", "is_active": null})).await, ["100%_full!", "Orders", "users"]);
}

#[tokio::test]
async fn grids_are_found_by_a_part_of_their_name_in_any_letter_case() {
    let f = fixture().await;
    assert_eq!(f.grids(json!({"name": "ER"})).await, ["Orders", "users"]);
    assert_eq!(f.grids(json!({"name": "orders"})).await, ["Orders"]);
    assert_eq!(f.grids(json!({"name": "ordersx"})).await, [""; 0]);
}

#[tokio::test]
async fn wildcards_in_a_name_mean_themselves() {
    let f = fixture().await;
    for part in ["%", "_", "!", "%_", "l!", "100%_full!"] {
        assert_eq!(f.grids(json!({ "name": part })).await, ["100%_full!"], "{part}");
    }
    for part in ["1%l", "u_l", "!%", "\\", "'"] {
        assert_eq!(f.grids(json!({ "name": part })).await, [""; 0], "{part}");
    }
}

#[tokio::test]
async fn grids_are_found_by_whether_they_are_in_use() {
    let f = fixture().await;
    assert_eq!(f.grids(json!({"is_active": true})).await, ["Orders"]);
    assert_eq!(f.grids(json!({"is_active": "0"})).await, ["100%_full!", "users"]);
    assert_eq!(f.grids(json!({"is_active": 0, "name": "er"})).await, ["users"]);
}

#[tokio::test]
async fn a_database_that_is_away_is_told_as_such() {
    let f = fixture().await;
    f.pool.close(std::time::Duration::ZERO).await;
    let configs = f.store.configs().await;
    assert!(matches!(configs, Err(DisplayConfigError::Storage(StorageError::Unavailable(_)))), "{configs:?}");
}
