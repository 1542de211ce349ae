//! Changes of columns.

use kseekers_display_config::{DisplayConfig, DisplayConfigError, DisplayConfigId, NumericFlag};
use serde_json::{Value, json};

use crate::{fixture, input, support::used_elsewhere};

#[tokio::test]
async fn a_new_column_is_given_back_as_it_is_kept() {
    let f = fixture().await;
    let plain =
        json!({"gridNameId": "Orders_Grid", "displayId": "größe", "title": "尺寸 😀", "sortIndex": i32::MIN});
    let plain = f.config_of(plain).await;
    assert_eq!((plain.display_id.as_str(), plain.title.as_str()), ("größe", "尺寸 😀"));
    assert_eq!((plain.hidden, plain.ellipsis, plain.width), (NumericFlag(false), None, None));
    assert_eq!((&plain.align, &plain.format, plain.sort_index), (&None, &None, i32::MIN));
    assert!(plain.created_at.is_some() && plain.updated_at.is_some());
    assert_eq!(f.config_now(plain.id).await, plain);
    assert_eq!(f.columns("orders_grid").await, [plain.id.get(), 12, 11, 14]);

    let full = json!({"gridNameId": "orders_grid", "displayId": "d", "title": "T", "hidden": true, "width": i32::MAX,
        "sortIndex": 9, "ellipsis": false, "align": "left", "dbDataType": "date", "codeDataType": "Date",
        "format": "YYYY"});
    let full = f.config_of(full).await;
    assert_eq!((full.hidden, full.ellipsis), (NumericFlag(true), Some(NumericFlag(false))));
    assert_eq!(
        (full.width, full.align.as_deref(), full.format.as_deref()),
        (Some(i32::MAX), Some("left"), Some("YYYY"))
    );
    assert_eq!((full.db_data_type.as_deref(), full.code_data_type.as_deref()), (Some("date"), Some("Date")));
    assert_eq!(f.config_now(full.id).await, full);
}

#[tokio::test]
async fn the_longest_texts_are_kept_whole() {
    let f = fixture().await;
    let long = |length| "😀".repeat(length);
    f.grid_of(json!({"gridName": long(100), "gridNameId": long(50), "description": "é".repeat(32_767)}))
        .await;
    let kept = json!({"gridNameId": long(50), "displayId": long(100), "title": long(255), "sortIndex": 0,
        "align": long(20), "dbDataType": long(50), "codeDataType": long(50), "format": long(100)});
    let kept = f.config_of(kept).await;
    assert_eq!((kept.grid_name_id, kept.display_id, kept.title), (long(50), long(100), long(255)));
    assert_eq!((kept.align, kept.format), (Some(long(20)), Some(long(100))));
    assert_eq!((kept.db_data_type, kept.code_data_type), (Some(long(50)), Some(long(50))));
}

#[tokio::test]
async fn a_column_needs_a_grid() {
    let f = fixture().await;
    let orphan = input(json!({"gridNameId": "nowhere", "displayId": "d", "title": "T", "sortIndex": 1}));
    let created = f.store.create_config(&orphan).await;
    assert!(matches!(created, Err(DisplayConfigError::GridNotFound)), "{created:?}");
    let moved = f.store.update_config(&input(json!({"id": 11, "gridNameId": "nowhere"}))).await;
    assert!(matches!(moved, Err(DisplayConfigError::GridNotFound)), "{moved:?}");
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14]);
}

#[tokio::test]
async fn a_display_id_is_taken_in_its_own_grid_only() {
    let f = fixture().await;
    let taken = |grid: &str| json!({"gridNameId": grid, "displayId": "TOTAL", "title": "T", "sortIndex": 1});
    let created = f.store.create_config(&input(taken("ORDERS_grid"))).await;
    assert!(matches!(created, Err(DisplayConfigError::ConfigExists)), "{created:?}");
    let elsewhere = f.config_of(taken("users_grid")).await.id;
    let before = f.config_now(elsewhere).await;
    for change in
        [json!({"id": 12, "displayId": "total"}), json!({"id": elsewhere, "gridNameId": "orders_grid"})]
    {
        let updated = f.store.update_config(&input(change)).await;
        assert!(matches!(updated, Err(DisplayConfigError::ConfigExists)), "{updated:?}");
    }
    assert_eq!(f.config_now(elsewhere).await, before);
}

#[tokio::test]
async fn many_who_create_the_same_column_at_once_make_one() {
    let f = fixture().await;
    let new = json!({"gridNameId": "orders_grid", "displayId": "once", "title": "T", "sortIndex": 1});
    let creations: Vec<_> = (0..32)
        .map(|_| {
            let (store, new) = (std::sync::Arc::clone(&f.store), input(new.clone()));
            tokio::spawn(async move { store.create_config(&new).await })
        })
        .collect();
    let mut created = 0;
    for creation in creations {
        match creation.await.unwrap() {
            Ok(_) => created += 1,
            Err(DisplayConfigError::ConfigExists) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((created, f.columns("orders_grid").await.len()), (1, 4));
}

#[tokio::test]
async fn an_update_of_a_column_keeps_what_it_does_not_name() {
    let f = fixture().await;
    let update = async |mut change: Value| {
        change["config_id"] = json!(11);
        f.store.update_config(&input(change)).await.unwrap();
        // When it was changed says nothing about what was changed.
        DisplayConfig { updated_at: None, ..f.config_now(DisplayConfigId::new(11)).await }
    };
    let before = f.config_now(DisplayConfigId::new(11)).await;
    let mut expected = DisplayConfig { updated_at: None, ..before.clone() };
    assert_eq!(update(json!({})).await, expected);
    assert_eq!(f.config_now(DisplayConfigId::new(11)).await.updated_at, before.updated_at);

    expected.grid_name_id = "users_grid".to_owned();
    assert_eq!(update(json!({"gridNameId": "users_grid"})).await, expected);
    expected.display_id = "sum".to_owned();
    assert_eq!(update(json!({"displayId": "sum"})).await, expected);
    expected.title = "ö".to_owned();
    assert_eq!(update(json!({"title": "ö"})).await, expected);
    expected.hidden = NumericFlag(false);
    assert_eq!(update(json!({"hidden": 0})).await, expected);
    expected.width = Some(7);
    assert_eq!(update(json!({"width": 7})).await, expected);
    expected.sort_index = 0;
    assert_eq!(update(json!({"sortIndex": 0})).await, expected);
    expected.ellipsis = Some(NumericFlag(false));
    assert_eq!(update(json!({"ellipsis": false})).await, expected);
    expected.align = Some(String::new());
    assert_eq!(update(json!({"align": ""})).await, expected);
    expected.db_data_type = Some("text".to_owned());
    assert_eq!(update(json!({"dbDataType": "text"})).await, expected);
    expected.code_data_type = Some("String".to_owned());
    assert_eq!(update(json!({"codeDataType": "String"})).await, expected);
    expected.format = Some("%s".to_owned());
    assert_eq!(update(json!({"format": "%s"})).await, expected);

    (expected.width, expected.ellipsis, expected.align) = (None, None, None);
    (expected.db_data_type, expected.code_data_type, expected.format) = (None, None, None);
    let nothing = json!({"width": null, "ellipsis": null, "align": null, "dbDataType": null, "codeDataType": null,
        "format": null});
    assert_eq!(update(nothing).await, expected);
    assert_eq!(
        update(serde_json::to_value(&before).unwrap()).await,
        DisplayConfig { updated_at: None, ..before }
    );
}

#[tokio::test]
async fn a_deleted_column_is_gone_and_cannot_be_changed() {
    let f = fixture().await;
    let id = DisplayConfigId::new(11);
    f.store.delete_config(id).await.unwrap();
    assert_eq!(f.store.config(id).await.unwrap(), None);
    assert_eq!(f.columns("orders_grid").await, [12, 14]);
    let deleted = f.store.delete_config(id).await;
    assert!(matches!(deleted, Err(DisplayConfigError::ConfigNotFound)), "{deleted:?}");
    let updated = f.store.update_config(&input(json!({"id": id, "gridNameId": "nowhere"}))).await;
    assert!(matches!(updated, Err(DisplayConfigError::ConfigNotFound)), "{updated:?}");
}

#[tokio::test]
async fn a_column_that_another_table_points_to_stays() {
    let f = fixture().await;
    used_elsewhere(&f.pool, None, Some(11)).await;
    let deleted = f.store.delete_config(DisplayConfigId::new(11)).await;
    assert!(matches!(deleted, Err(DisplayConfigError::ConfigInUse)), "{deleted:?}");
    // With its grid it cannot go either, and the other columns stay with it.
    let deleted = f.store.delete_grid(f.grid_now("orders_grid").await.id).await;
    assert!(matches!(deleted, Err(DisplayConfigError::ConfigInUse)), "{deleted:?}");
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14]);
}
