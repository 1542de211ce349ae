//! Adding, changing and deleting.

use kseekers_spare_parts::{CarModelId, SparePart, SparePartError, SparePartId};
use serde_json::{Value, json};

use crate::{fixture, input, support::used_elsewhere};

#[tokio::test]
async fn a_new_one_is_given_back_as_it_is_kept() {
    let f = fixture().await;
    let plain = f.new_one(json!({"name": "Größe 尺寸 😀"})).await;
    assert_eq!((plain.name.as_str(), plain.is_active), ("Größe 尺寸 😀", true));
    assert_eq!((plain.description.as_deref(), plain.car_model_id), (None, None));
    assert_eq!(f.now(plain.id).await, plain);

    let full = json!({"name": "full", "description": " as sent ", "car_model_id": 2, "is_active": false});
    let full = f.new_one(full).await;
    assert_eq!((full.description.as_deref(), full.is_active), (Some(" as sent "), false));
    assert_eq!(full.car_model_id, Some(CarModelId::new(2)));
    assert_eq!(f.now(full.id).await, full);
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_name() {
    let f = fixture().await;
    let before = f.new_one(json!({"name": "old", "description": "d", "car_model_id": 1})).await;
    let update = async |change: Value| {
        f.store.update(before.id, &input(change)).await.unwrap();
        SparePart { updated_at: before.updated_at, ..f.now(before.id).await }
    };

    assert_eq!(update(json!({})).await, before);
    let mut expected = SparePart { name: "new".to_owned(), ..before.clone() };
    assert_eq!(update(json!({"name": "new"})).await, expected);
    expected.car_model_id = Some(CarModelId::new(2));
    assert_eq!(update(json!({"car_model_id": 2})).await, expected);
    expected.car_model_id = None;
    assert_eq!(update(json!({"car_model_id": null})).await, expected);
    expected.description = None;
    assert_eq!(update(json!({"description": null})).await, expected);
    expected.is_active = false;
    assert_eq!(update(json!({"is_active": 0})).await, expected);
    let everything = json!({"name": "old", "description": "d", "car_model_id": 1, "is_active": true});
    assert_eq!(update(everything).await, before);
}

#[tokio::test]
async fn a_car_model_must_exist() {
    let f = fixture().await;
    let created = f.store.create(&input(json!({"name": "name", "car_model_id": 7}))).await;
    assert!(matches!(created, Err(SparePartError::CarModelNotFound)), "{created:?}");
    let before = f.new_one(json!({"name": "name", "car_model_id": 1})).await;
    let updated = f.store.update(before.id, &input(json!({"name": "other", "car_model_id": 7}))).await;
    assert!(matches!(updated, Err(SparePartError::CarModelNotFound)), "{updated:?}");
    assert_eq!(f.now(before.id).await, before);
}

#[tokio::test]
async fn a_deactivated_one_is_kept_but_not_listed_and_can_come_back() {
    let f = fixture().await;
    let before = f.new_one(json!({"name": "name", "car_model_id": 1})).await;
    for _ in 0..2 {
        f.store.deactivate(before.id).await.unwrap();
        assert!(!f.now(before.id).await.is_active);
        assert_eq!((f.page(json!({})).await.total, f.names_of(1).await.len()), (0, 0));
    }
    f.store.update(before.id, &input(json!({"is_active": true}))).await.unwrap();
    assert_eq!(f.names_of(1).await, ["name"]);
}

#[tokio::test]
async fn a_deleted_one_is_gone() {
    let f = fixture().await;
    let (gone, stays) = (f.new_one(json!({"name": "gone"})).await, f.new_one(json!({"name": "stays"})).await);
    f.store.delete(gone.id).await.unwrap();
    assert_eq!(f.store.get(gone.id).await.unwrap(), None);
    assert_eq!(f.now(stays.id).await, stays);
}

#[tokio::test]
async fn an_unknown_one_can_be_neither_changed_nor_deleted() {
    let f = fixture().await;
    let id = SparePartId::new(7);
    for done in [
        f.store.update(id, &input(json!({"name": "name"}))).await,
        f.store.deactivate(id).await,
        f.store.delete(id).await,
    ] {
        assert!(matches!(done, Err(SparePartError::NotFound)), "{done:?}");
    }
}

#[tokio::test]
async fn one_that_another_table_points_to_stays() {
    let f = fixture().await;
    let used = f.new_one(json!({"name": "used"})).await;
    used_elsewhere(&f.pool, used.id.get()).await;
    let deleted = f.store.delete(used.id).await;
    assert!(matches!(deleted, Err(SparePartError::InUse)), "{deleted:?}");
    assert_eq!(f.now(used.id).await, used);
}
