//! What every [`LookupStore`] promises.
#![cfg(feature = "mysql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod session;
#[path = "../support/mod.rs"]
mod support;
mod types;
mod values;

use std::sync::Arc;

use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::{StorageError, input::Input};
use kseekers_lookup::{LookupError, LookupStore, LookupType, LookupValue, LookupValueId, MySqlLookups};
use serde_json::{Value, json};
use support::database;

struct Fixture {
    store: Arc<dyn LookupStore>,
    pool: DbPool,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let (database, pool) = database().await;
    Fixture { store: Arc::new(MySqlLookups::new(pool.clone())), pool, _database: database }
}

/// What a client sends as this JSON.
#[allow(clippy::needless_pass_by_value, reason = "each caller makes it for this call")]
fn input<T: Input>(json: Value) -> T {
    T::from_json(json.to_string().as_bytes()).unwrap()
}

impl Fixture {
    async fn type_of(&self, json: Value) -> LookupType {
        self.store.create_type(&input(json)).await.unwrap()
    }

    async fn type_now(&self, name: &str) -> LookupType {
        self.store.type_named(name).await.unwrap().expect("there is such a type")
    }

    async fn value_of(&self, json: Value) -> LookupValue {
        self.store.create_value(&input(json)).await.unwrap()
    }

    async fn value_now(&self, id: LookupValueId) -> LookupValue {
        self.store.value(id).await.unwrap().expect("there is such a value")
    }

    /// The codes of the values of a type, in their order.
    async fn codes(&self, type_name: &str, include_inactive: bool) -> Vec<String> {
        let values = self.store.values(type_name, include_inactive).await.unwrap();
        values.into_iter().map(|value| value.code).collect()
    }
}

#[tokio::test]
async fn the_longest_texts_are_kept_whole() {
    let f = fixture().await;
    let description = "é".repeat(32_767);
    let new_type = json!({"name": "😀".repeat(100), "description": description});
    let kept_type = f.type_of(new_type).await;
    assert_eq!((kept_type.name, kept_type.description), ("😀".repeat(100), Some(description.clone())));
    let value = json!({"lookup_type_id": kept_type.id, "code": "😀".repeat(50), "value": "😀".repeat(255),
        "description": description});
    let value = f.value_of(value).await;
    assert_eq!((value.code, value.value), ("😀".repeat(50), "😀".repeat(255)));
    assert_eq!(value.description, Some(description));
}

#[tokio::test]
async fn nulls_of_old_rows_read_as_defaults() {
    let f = fixture().await;
    let insert_type = "INSERT INTO lookup_types (id, name, created_at) VALUES (1, 'old', NULL)";
    f.pool.execute(insert_type, ()).await.unwrap();
    let insert_values = "
        INSERT INTO lookup_values (lookup_type_id, code, value, is_active, sort_order, created_at)
        VALUES (1, 'null', 'v', NULL, NULL, NULL), (1, 'minus', 'v', 1, -1, NULL), (1, 'plus', 'v', 1, 1, NULL)";
    f.pool.execute(insert_values, ()).await.unwrap();

    assert_eq!(f.type_now("old").await.created_at, None);
    assert_eq!(f.codes("old", false).await, ["minus", "plus"]);
    assert_eq!(f.codes("old", true).await, ["minus", "null", "plus"]);
    let old = f.store.values("old", true).await.unwrap().swap_remove(1);
    assert_eq!((old.is_active, old.sort_order, old.created_at, &old.description), (false, 0, None, &None));
    f.store.update_value(&input(json!({"value_id": old.id, "value": "w"}))).await.unwrap();
    assert_eq!(f.value_now(old.id).await, LookupValue { value: "w".to_owned(), ..old });
}

#[tokio::test]
async fn a_database_that_is_away_is_told_as_such() {
    let f = fixture().await;
    f.pool.close(std::time::Duration::ZERO).await;
    let types = f.store.types().await;
    assert!(matches!(types, Err(LookupError::Storage(StorageError::Unavailable(_)))), "{types:?}");
}
