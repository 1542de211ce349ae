//! What every [`LookupStore`] promises.
#![cfg(feature = "mysql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod support;

use std::sync::Arc;

use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_lookup::{
    LookupError, LookupStore, LookupType, LookupTypeId, LookupValue, LookupValueId, MySqlLookups,
};
use serde::de::DeserializeOwned;
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
fn input<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
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
async fn a_new_type_is_given_back_as_it_is_kept() {
    let f = fixture().await;
    let created = f.type_of(json!({"name": "Größe 尺寸 😀", "description": " as sent "})).await;
    assert_eq!((created.name.as_str(), created.description.as_deref()), ("Größe 尺寸 😀", Some(" as sent ")));
    assert!(created.created_at.is_some());
    assert_eq!(f.type_now("Größe 尺寸 😀").await, created);
}

#[tokio::test]
async fn types_come_by_name() {
    let f = fixture().await;
    assert_eq!(f.store.types().await.unwrap(), []);
    for name in ["b", "C", "a"] {
        f.type_of(json!({ "name": name })).await;
    }
    let names: Vec<_> = f.store.types().await.unwrap().into_iter().map(|found| found.name).collect();
    assert_eq!(names, ["a", "b", "C"]);
}

#[tokio::test]
async fn a_type_is_found_in_any_letter_case() {
    let f = fixture().await;
    f.type_of(json!({"name": "Colours"})).await;
    assert_eq!(f.type_now("cOLOURS").await.name, "Colours");
    assert_eq!(f.store.type_named("colour").await.unwrap(), None);
}

#[tokio::test]
async fn a_name_is_taken_in_any_letter_case() {
    let f = fixture().await;
    f.type_of(json!({"name": "Colours"})).await;
    let sizes = f.type_of(json!({"name": "Sizes"})).await;
    let created = f.store.create_type(&input(json!({"name": "COLOURS"}))).await;
    assert!(matches!(created, Err(LookupError::TypeExists)), "{created:?}");
    let renamed = f.store.update_type(&input(json!({"type_id": sizes.id, "name": "colours"}))).await;
    assert!(matches!(renamed, Err(LookupError::TypeExists)), "{renamed:?}");
}

#[tokio::test]
async fn an_update_of_a_type_keeps_what_it_does_not_name() {
    let f = fixture().await;
    let before = f.type_of(json!({"name": "a", "description": "d"})).await;
    let update = async |change: Value| f.store.update_type(&input(change)).await.unwrap();

    update(json!({"type_id": before.id})).await;
    assert_eq!(f.type_now("a").await, before);
    update(json!({"type_id": before.id, "name": "A"})).await;
    assert_eq!(f.type_now("a").await, LookupType { name: "A".to_owned(), ..before.clone() });
    update(json!({"type_id": before.id, "description": null})).await;
    assert_eq!(f.type_now("a").await.description, None);
    update(json!({"type_id": before.id, "description": ""})).await;
    assert_eq!(f.type_now("a").await.description.as_deref(), Some(""));
}

#[tokio::test]
async fn an_unknown_type_can_be_neither_changed_nor_deleted() {
    let f = fixture().await;
    for change in [json!({"type_id": 7}), json!({"type_id": 7, "name": "a", "description": null})] {
        let updated = f.store.update_type(&input(change)).await;
        assert!(matches!(updated, Err(LookupError::TypeNotFound)), "{updated:?}");
    }
    let deleted = f.store.delete_type(LookupTypeId::new(7)).await;
    assert!(matches!(deleted, Err(LookupError::TypeNotFound)), "{deleted:?}");
}

#[tokio::test]
async fn putting_a_type_adds_it_or_changes_the_one_of_its_name() {
    let f = fixture().await;
    let put = async |entry: Value| f.store.put_type(&input(entry)).await.unwrap();

    put(json!({"name": "Colours", "description": "d"})).await;
    let added = f.type_now("Colours").await;
    put(json!({"name": "COLOURS"})).await;
    assert_eq!(f.type_now("Colours").await, added);
    put(json!({"name": "colours", "description": "e"})).await;
    assert_eq!(
        f.type_now("Colours").await,
        LookupType { description: Some("e".to_owned()), ..added.clone() }
    );
    put(json!({"name": "Colours", "description": null})).await;
    assert_eq!(f.type_now("Colours").await, LookupType { description: None, ..added });
}

#[tokio::test]
async fn many_who_put_the_same_type_at_once_make_one() {
    let f = fixture().await;
    let puts: Vec<_> = (0..32)
        .map(|n| {
            let store = Arc::clone(&f.store);
            tokio::spawn(async move {
                store.put_type(&input(json!({"name": "one", "description": format!("{n}")}))).await
            })
        })
        .collect();
    for put in puts {
        put.await.unwrap().unwrap();
    }
    assert_eq!(f.store.types().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_type_takes_its_own_values_along() {
    let f = fixture().await;
    let gone = f.type_of(json!({"name": "gone"})).await;
    let stays = f.type_of(json!({"name": "stays"})).await;
    f.value_of(json!({"lookup_type_id": gone.id, "code": "a", "value": "A"})).await;
    f.value_of(json!({"lookup_type_id": gone.id, "code": "b", "value": "B", "is_active": false})).await;
    f.value_of(json!({"lookup_type_id": stays.id, "code": "c", "value": "C"})).await;

    assert_eq!(f.store.delete_type(gone.id).await.unwrap(), 2);
    assert_eq!(f.store.type_named("gone").await.unwrap(), None);
    assert_eq!(f.codes("gone", true).await, [""; 0]);
    assert_eq!(f.codes("stays", true).await, ["c"]);
    assert_eq!(f.store.delete_type(stays.id).await.unwrap(), 1);
}

#[tokio::test]
async fn values_that_come_while_their_type_goes_are_counted_or_refused() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "busy"})).await.id;
    let creations: Vec<_> = (0..64)
        .map(|n| {
            let (store, code) = (Arc::clone(&f.store), format!("{n}"));
            let new = input(json!({"lookup_type_id": id, "code": code, "value": "v"}));
            tokio::spawn(async move { store.create_value(&new).await })
        })
        .collect();
    let deleted = f.store.delete_type(id).await.unwrap();
    let mut created = 0;
    for creation in creations {
        match creation.await.unwrap() {
            Ok(_) => created += 1,
            Err(LookupError::TypeNotFound) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(deleted, created);
    let (left,): (u64,) = f.pool.query_one("SELECT COUNT(*) FROM lookup_values", ()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_new_value_is_given_back_as_it_is_kept() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "t"})).await.id;
    let plain = f.value_of(json!({"lookup_type_id": id, "code": "c", "value": "Žluťoučký"})).await;
    assert_eq!((plain.is_active, plain.sort_order, plain.description.as_deref()), (true, 0, None));
    assert_eq!((plain.lookup_type_id, plain.value.as_str()), (id, "Žluťoučký"));
    assert!(plain.created_at.is_some());
    assert_eq!(f.value_now(plain.id).await, plain);

    let full = json!({"lookup_type_id": id, "code": "d", "value": "D", "description": "x",
        "is_active": false, "sort_order": -2_147_483_648_i64});
    let full = f.value_of(full).await;
    assert_eq!((full.is_active, full.sort_order, full.description.as_deref()), (false, i32::MIN, Some("x")));
    assert_eq!(f.value_now(full.id).await, full);
}

#[tokio::test]
async fn a_value_needs_a_type() {
    let f = fixture().await;
    let created = f.store.create_value(&input(json!({"lookup_type_id": 7, "code": "c", "value": "v"}))).await;
    assert!(matches!(created, Err(LookupError::TypeNotFound)), "{created:?}");
}

#[tokio::test]
async fn a_code_is_taken_in_its_own_type_only() {
    let f = fixture().await;
    let (a, b) = (f.type_of(json!({"name": "a"})).await.id, f.type_of(json!({"name": "b"})).await.id);
    f.value_of(json!({"lookup_type_id": a, "code": "Red", "value": "v"})).await;
    f.value_of(json!({"lookup_type_id": b, "code": "Red", "value": "v"})).await;
    let blue = f.value_of(json!({"lookup_type_id": a, "code": "blue", "value": "v"})).await;

    let created =
        f.store.create_value(&input(json!({"lookup_type_id": a, "code": "rED", "value": "w"}))).await;
    assert!(matches!(created, Err(LookupError::ValueExists)), "{created:?}");
    let updated = f.store.update_value(&input(json!({"value_id": blue.id, "code": "red"}))).await;
    assert!(matches!(updated, Err(LookupError::ValueExists)), "{updated:?}");
    assert_eq!(f.value_now(blue.id).await, blue);
}

#[tokio::test]
async fn values_come_by_place_then_by_what_people_read() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "Places"})).await.id;
    for (code, value, place) in [("1", "b", 1), ("2", "a", 1), ("3", "z", -1), ("4", "A", 1), ("5", "m", 0)] {
        let new = json!({"lookup_type_id": id, "code": code, "value": value, "sort_order": place});
        f.value_of(new).await;
    }
    // "a" and "A" are the same to the database: the older one comes first.
    assert_eq!(f.codes("places", false).await, ["3", "5", "2", "4", "1"]);
    assert_eq!(f.codes("nowhere", true).await, [""; 0]);
}

#[tokio::test]
async fn inactive_values_come_only_when_asked_for() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "t"})).await.id;
    f.value_of(json!({"lookup_type_id": id, "code": "on", "value": "2"})).await;
    f.value_of(json!({"lookup_type_id": id, "code": "off", "value": "1", "is_active": false})).await;
    assert_eq!(f.codes("t", false).await, ["on"]);
    assert_eq!(f.codes("t", true).await, ["off", "on"]);
}

#[tokio::test]
async fn an_update_of_a_value_keeps_what_it_does_not_name() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "t"})).await.id;
    let before =
        json!({"lookup_type_id": id, "code": "c", "value": "v", "description": "d", "sort_order": 5});
    let before = f.value_of(before).await;
    let update = async |mut change: Value| {
        change["value_id"] = json!(before.id);
        f.store.update_value(&input(change)).await.unwrap();
        f.value_now(before.id).await
    };

    assert_eq!(update(json!({})).await, before);
    let mut expected = LookupValue { code: "k".to_owned(), ..before.clone() };
    assert_eq!(update(json!({"code": "k"})).await, expected);
    expected.value = "ö".to_owned();
    assert_eq!(update(json!({"value": "ö"})).await, expected);
    expected.description = None;
    assert_eq!(update(json!({"description": null})).await, expected);
    expected.is_active = false;
    assert_eq!(update(json!({"is_active": 0})).await, expected);
    expected.sort_order = 0;
    assert_eq!(update(json!({"sort_order": 0})).await, expected);
    let everything =
        json!({"code": "c", "value": "v", "description": "d", "is_active": true, "sort_order": 5});
    assert_eq!(update(everything).await, before);
}

#[tokio::test]
async fn a_deleted_value_is_gone_and_cannot_be_changed() {
    let f = fixture().await;
    let id = f.type_of(json!({"name": "t"})).await.id;
    let value = f.value_of(json!({"lookup_type_id": id, "code": "c", "value": "v"})).await;
    f.store.delete_value(value.id).await.unwrap();
    assert_eq!(f.store.value(value.id).await.unwrap(), None);
    let deleted = f.store.delete_value(value.id).await;
    assert!(matches!(deleted, Err(LookupError::ValueNotFound)), "{deleted:?}");
    let updated = f.store.update_value(&input(json!({"value_id": value.id, "code": "c"}))).await;
    assert!(matches!(updated, Err(LookupError::ValueNotFound)), "{updated:?}");
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
    f.pool.close().await;
    let types = f.store.types().await;
    assert!(
        matches!(types, Err(LookupError::Storage(kseekers_envelope::StorageError::Unavailable(_)))),
        "{types:?}"
    );
}
