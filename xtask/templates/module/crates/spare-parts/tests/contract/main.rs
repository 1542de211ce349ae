//! What every [`SparePartStore`] promises.
#![cfg(feature = "mysql")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly")]

mod changes;
mod lists;
mod session;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::{StorageError, input::Input};
use kseekers_spare_parts::{
    CarModelId, MySqlSpareParts, SparePart, SparePartError, SparePartId, SparePartPage, SparePartStore,
};
use serde_json::{Value, json};
use support::database;

struct Fixture {
    store: Arc<dyn SparePartStore>,
    pool: DbPool,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let (database, pool) = database().await;
    Fixture { store: Arc::new(MySqlSpareParts::new(pool.clone())), pool, _database: database }
}

/// What a client sends as this JSON.
#[allow(clippy::needless_pass_by_value, reason = "each caller makes it for this call")]
fn input<T: Input>(json: Value) -> T {
    T::from_json(json.to_string().as_bytes()).unwrap()
}

impl Fixture {
    async fn new_one(&self, json: Value) -> SparePart {
        self.store.create(&input(json)).await.unwrap()
    }

    async fn now(&self, id: SparePartId) -> SparePart {
        self.store.get(id).await.unwrap().expect("it is there")
    }

    async fn page(&self, json: Value) -> SparePartPage {
        self.store.page(&input(json)).await.unwrap()
    }

    /// The names of the active ones of a car model, in their order.
    async fn names_of(&self, car_model: i32) -> Vec<String> {
        names(self.store.of_car_model(CarModelId::new(car_model)).await.unwrap())
    }
}

fn names(found: Vec<SparePart>) -> Vec<String> {
    found.into_iter().map(|one| one.name).collect()
}

#[tokio::test]
async fn the_longest_texts_are_kept_whole() {
    let f = fixture().await;
    let (name, description) = ("😀".repeat(255), "é".repeat(32_767));
    let created = f.new_one(json!({"name": name, "description": description})).await;
    assert_eq!((&created.name, created.description.as_ref()), (&name, Some(&description)));
    assert_eq!(f.now(created.id).await, created);
}

#[tokio::test]
async fn a_database_that_is_away_is_told_as_such() {
    let f = fixture().await;
    f.pool.close(std::time::Duration::ZERO).await;
    let found = f.store.get(SparePartId::new(1)).await;
    assert!(matches!(found, Err(SparePartError::Storage(StorageError::Unavailable(_)))), "{found:?}");
}
