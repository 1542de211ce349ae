//! Lookup values.

use kseekers_lookup::{LookupError, LookupValue};
use serde_json::{Value, json};

use crate::{fixture, input, support::used_elsewhere};

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
async fn a_value_that_another_table_points_to_stays() {
    let f = fixture().await;
    let colours = f.type_of(json!({"name": "colours"})).await.id;
    let red = f.value_of(json!({"lookup_type_id": colours, "code": "red", "value": "Red"})).await;
    f.value_of(json!({"lookup_type_id": colours, "code": "blue", "value": "Blue"})).await;
    used_elsewhere(&f.pool, None, Some(red.id.get().into())).await;

    let deleted = f.store.delete_value(red.id).await;
    assert!(matches!(deleted, Err(LookupError::ValueInUse)), "{deleted:?}");
    // With its type it cannot go either, and the other value stays with it.
    let deleted = f.store.delete_type(colours).await;
    assert!(matches!(deleted, Err(LookupError::ValueInUse)), "{deleted:?}");
    assert_eq!(f.codes("colours", true).await, ["blue", "red"]);
}
