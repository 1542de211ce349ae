//! Pages, and what belongs to one car model.

use serde_json::json;

use crate::{fixture, names};

#[tokio::test]
async fn a_page_has_the_active_ones_by_name_and_tells_how_many_there_are() {
    let f = fixture().await;
    for name in ["bb", "CC", "aa", "dd"] {
        f.new_one(json!({"name": name, "is_active": name != "dd"})).await;
    }
    let page = f.page(json!({})).await;
    assert_eq!((page.page, page.page_size, page.total), (1, 20, 3));
    assert_eq!(names(page.spare_parts), ["aa", "bb", "CC"]);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let f = fixture().await;
    // All of one name: the older ones come first.
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(f.new_one(json!({"name": "same"})).await.id);
    }
    let mut read = Vec::new();
    for number in 1..=4 {
        let page = f.page(json!({"page": number, "page_size": 2})).await;
        assert_eq!((page.page, page.page_size, page.total), (number, 2, 5));
        read.extend(page.spare_parts.into_iter().map(|one| one.id));
    }
    assert_eq!(read, ids);
    let beyond = f.page(json!({"page": 2_147_483_647, "page_size": 100})).await;
    assert_eq!((beyond.spare_parts, beyond.total), (Vec::new(), 5));
}

#[tokio::test]
async fn a_car_model_has_its_own_active_ones_by_name() {
    let f = fixture().await;
    for (name, car_model, active) in
        [("bb", Some(1), true), ("aa", Some(1), true), ("off", Some(1), false), ("two", Some(2), true), ("no", None, true)]
    {
        f.new_one(json!({"name": name, "car_model_id": car_model, "is_active": active})).await;
    }
    assert_eq!(f.names_of(1).await, ["aa", "bb"]);
    assert_eq!(f.names_of(2).await, ["two"]);
    assert_eq!(f.names_of(7).await, [""; 0]);
}
