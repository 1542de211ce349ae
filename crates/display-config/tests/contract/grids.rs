//! Changes of grids.

use kseekers_db_pool::{DbError, DbPool, Transaction};
use kseekers_display_config::{DisplayConfigError, DisplayConfigId, Grid, GridId, NumericFlag};
use serde_json::{Value, json};

use crate::{fixture, input, support::used_elsewhere};

#[tokio::test]
async fn a_new_grid_is_given_back_as_it_is_kept() {
    let f = fixture().await;
    let plain = f.grid_of(json!({"gridName": "Žluťoučký 尺寸", "gridNameId": "😀"})).await;
    assert_eq!((plain.grid_name.as_str(), plain.grid_name_id.as_str()), ("Žluťoučký 尺寸", "😀"));
    assert_eq!((plain.is_active, plain.description.as_deref()), (NumericFlag(true), None));
    assert!(plain.created_at.is_some() && plain.updated_at.is_some());
    assert_eq!(f.grid_now("😀").await, plain);

    let full = json!({"gridName": "n", "gridNameId": "i", "description": " as sent ", "is_active": false});
    let full = f.grid_of(full).await;
    assert_eq!((full.is_active, full.description.as_deref()), (NumericFlag(false), Some(" as sent ")));
    assert_eq!(f.grid_now("i").await, full);
}

#[tokio::test]
async fn the_name_and_the_id_of_a_grid_are_taken_in_any_letter_case() {
    let f = fixture().await;
    for new in [
        json!({"gridName": "ORDERS", "gridNameId": "new"}),
        json!({"gridName": "new", "gridNameId": "ORDERS_GRID"}),
    ] {
        let created = f.store.create_grid(&input(new)).await;
        assert!(matches!(created, Err(DisplayConfigError::GridExists)), "{created:?}");
    }
    for change in [json!({"id": 1, "gridName": "orders"}), json!({"id": 1, "gridNameId": "orders_grid"})] {
        let updated = f.store.update_grid(&input(change)).await;
        assert!(matches!(updated, Err(DisplayConfigError::GridExists)), "{updated:?}");
    }
    assert_eq!(f.columns("users_grid").await, [15, 13]);
}

#[tokio::test]
async fn an_update_of_a_grid_keeps_what_it_does_not_name() {
    let f = fixture().await;
    let update = async |mut change: Value| {
        change["id"] = json!(1);
        f.store.update_grid(&input(change)).await.unwrap();
        // When it was changed says nothing about what was changed.
        Grid { updated_at: None, ..f.grid_now("users_grid").await }
    };
    let before = f.grid_now("users_grid").await;
    let mut expected = Grid { updated_at: None, ..before.clone() };
    assert_eq!(update(json!({})).await, expected);
    assert_eq!(f.grid_now("users_grid").await.updated_at, before.updated_at);
    expected.grid_name = "People".to_owned();
    assert_eq!(update(json!({"gridName": "People"})).await, expected);
    expected.is_active = NumericFlag(true);
    assert_eq!(update(json!({"is_active": 1})).await, expected);
    expected.description = Some(String::new());
    assert_eq!(update(json!({"description": ""})).await, expected);
    expected.description = None;
    assert_eq!(update(json!({"description": null})).await, expected);
    assert_eq!(update(serde_json::to_value(&before).unwrap()).await, Grid { updated_at: None, ..before });
}

#[tokio::test]
async fn a_new_id_of_a_grid_carries_its_columns_along() {
    let f = fixture().await;
    let rename =
        async |id: &str| f.store.update_grid(&input(json!({"id": 2, "gridNameId": id}))).await.unwrap();
    rename("bestellungen").await;
    assert_eq!(f.columns("orders_grid").await, [0; 0]);
    assert_eq!(f.columns("bestellungen").await, [12, 11, 14]);
    assert_eq!(f.columns("users_grid").await, [15, 13]);
    rename("Bestellungen").await;
    assert_eq!(f.columns("bestellungen").await, [12, 11, 14]);
    assert_eq!(f.store.used_grids().await.unwrap(), ["Bestellungen", "Users_Grid"]);
}

#[tokio::test]
async fn a_column_on_its_way_to_a_grid_that_somebody_changes_gets_there_after_him() {
    let f = fixture().await;
    let moving = f.pool.transaction(async |tx: &mut Transaction| {
        // Whoever has changed more goes on when two wait for each other.
        let held: Vec<(i32,)> =
            tx.query("SELECT id FROM grid_metadata WHERE gridNameId = 'orders_grid' FOR UPDATE", ()).await?;
        assert_eq!(held, [(2,)]);
        tx.execute("UPDATE result_display_config SET title = 'held' WHERE gridNameId = 'orders_grid'", ())
            .await?;
        let store = std::sync::Arc::clone(&f.store);
        let change = input(json!({"id": 13, "gridNameId": "orders_grid", "title": "moved"}));
        let moving = tokio::spawn(async move { store.update_config(&change).await });
        until_one_waits(&f.pool).await;
        tx.execute("UPDATE result_display_config SET title = 'held' WHERE id = 13", ()).await?;
        Ok::<_, DbError>(moving)
    });
    moving.await.unwrap().await.unwrap().unwrap();
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14, 13]);
    assert_eq!(f.config_now(DisplayConfigId::new(13)).await.title, "moved");
}

/// Until a statement waits for a lock on a row.
async fn until_one_waits(pool: &DbPool) {
    let (name,): (String,) = pool.query_one("SELECT DATABASE()", ()).await.unwrap();
    let table = format!("of table `{name}`.");
    for _ in 0..500 {
        // The tables that tell the same show old facts to whoever asks often.
        let (_, _, status): (String, String, String) =
            pool.query_one("SHOW ENGINE INNODB STATUS", ()).await.unwrap();
        let now = status.rsplit("LIST OF TRANSACTIONS").next().unwrap();
        if now.lines().any(|line| line.contains(&table) && line.ends_with(" waiting")) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nobody came to wait for a lock");
}

#[tokio::test]
async fn an_unknown_grid_can_be_neither_changed_nor_deleted() {
    let f = fixture().await;
    for change in
        [json!({"id": 7}), json!({"id": 7, "gridName": "a", "gridNameId": "b", "description": null})]
    {
        let updated = f.store.update_grid(&input(change)).await;
        assert!(matches!(updated, Err(DisplayConfigError::GridNotFound)), "{updated:?}");
    }
    let deleted = f.store.delete_grid(GridId::new(7)).await;
    assert!(matches!(deleted, Err(DisplayConfigError::GridNotFound)), "{deleted:?}");
}

#[tokio::test]
async fn a_deleted_grid_takes_its_own_columns_along() {
    let f = fixture().await;
    // Those of "users" spell its id in another letter case.
    assert_eq!(f.store.delete_grid(GridId::new(1)).await.unwrap(), 2);
    assert_eq!(f.store.grid("users_grid").await.unwrap(), None);
    assert_eq!(f.columns("users_grid").await, [0; 0]);
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14]);
    assert_eq!(f.store.delete_grid(GridId::new(3)).await.unwrap(), 0);
}

#[tokio::test]
async fn columns_that_come_while_their_grid_goes_are_counted_or_refused() {
    let f = fixture().await;
    let busy = f.grid_of(json!({"gridName": "busy", "gridNameId": "busy"})).await;
    let creations: Vec<_> = (0..64)
        .map(|n| {
            let store = std::sync::Arc::clone(&f.store);
            let new = json!({"gridNameId": "busy", "displayId": n.to_string(), "title": "T", "sortIndex": n});
            let new = input(new);
            tokio::spawn(async move { store.create_config(&new).await })
        })
        .collect();
    let deleted = f.store.delete_grid(busy.id).await.unwrap();
    let mut created = 0;
    for creation in creations {
        match creation.await.unwrap() {
            Ok(_) => created += 1,
            Err(DisplayConfigError::GridNotFound) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(deleted, created);
    assert_eq!(f.columns("busy").await, [0; 0]);
}

#[tokio::test]
async fn a_grid_that_another_table_points_to_stays_as_it_is() {
    let f = fixture().await;
    used_elsewhere(&f.pool, Some("orders_grid"), None).await;
    let before = f.grid_now("orders_grid").await;
    let deleted = f.store.delete_grid(before.id).await;
    assert!(matches!(deleted, Err(DisplayConfigError::GridInUse)), "{deleted:?}");
    let renamed = f.store.update_grid(&input(json!({"id": before.id, "gridNameId": "new"}))).await;
    assert!(matches!(renamed, Err(DisplayConfigError::GridInUse)), "{renamed:?}");
    assert_eq!(f.grid_now("orders_grid").await, before);
    assert_eq!(f.columns("orders_grid").await, [12, 11, 14]);
}
