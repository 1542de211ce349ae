//! Lookup types.

use std::sync::Arc;

use kseekers_lookup::{LookupError, LookupType, LookupTypeId};
use serde_json::{Value, json};

use crate::{fixture, input, support::used_elsewhere};

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
async fn a_type_that_another_table_points_to_stays_with_its_values() {
    let f = fixture().await;
    let colours = f.type_of(json!({"name": "colours"})).await;
    f.value_of(json!({"lookup_type_id": colours.id, "code": "red", "value": "Red"})).await;
    used_elsewhere(&f.pool, Some(colours.id.get().into()), None).await;

    let deleted = f.store.delete_type(colours.id).await;
    assert!(matches!(deleted, Err(LookupError::TypeInUse)), "{deleted:?}");
    assert_eq!(f.type_now("colours").await, colours);
    assert_eq!(f.codes("colours", true).await, ["red"]);
}
