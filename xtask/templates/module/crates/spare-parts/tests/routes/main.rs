//! What clients get, through a real app on a real database.
#![cfg(all(feature = "actix", feature = "mysql"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

mod client;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use client::client;
use kseekers_spare_parts::actix::routes;
use serde_json::json;

#[actix_web::test]
async fn one_is_added_read_changed_taken_out_of_lists_and_deleted() {
    let c = client().await;
    let created = c.new_one(json!({"name": " Žába ", "car_model_id": "1"})).await;
    let path = format!("/spare-parts/{}", created["id"]);
    for (key, value) in
        [("name", json!("Žába")), ("description", json!(null)), ("car_model_id", json!(1)), ("is_active", json!(true))]
    {
        assert_eq!(created[key], value, "{key}");
    }
    for time in ["created_at", "updated_at"] {
        let time = created[time].as_str().unwrap();
        assert!(time.len() == "2026-11-20T12:00:00Z".len() && time.ends_with('Z'), "{time}");
    }
    assert_eq!(c.get(&path).await.good(200, "Spare part retrieved successfully"), created);

    let id = json!({ "id": created["id"] });
    let changed = c.put(&path, json!({"description": "d", "car_model_id": null})).await;
    assert_eq!(changed.good(200, "Spare part updated successfully"), id);
    let read = c.get(&path).await.good(200, "Spare part retrieved successfully");
    assert_eq!((&read["name"], &read["description"]), (&created["name"], &json!("d")));

    assert_eq!(c.delete(&path).await.good(200, "Spare part deleted successfully"), id);
    assert_eq!(c.get("/spare-parts").await.good(200, "Spare parts retrieved successfully")["total"], 0);
    let kept = c.get(&path).await.good(200, "Spare part retrieved successfully");
    assert_eq!(kept["is_active"], false);

    let gone = c.delete(&format!("{path}?permanent=true")).await;
    assert_eq!(gone.good(200, "Spare part deleted successfully"), id);
    c.get(&path).await.bad(404, &["Spare part not found"]);
}

#[actix_web::test]
async fn lists_are_read_a_page_at_a_time_or_by_car_model() {
    let c = client().await;
    for (name, car_model) in [("bb", 1), ("aa", 1), ("cc", 2)] {
        c.new_one(json!({"name": name, "car_model_id": car_model})).await;
    }
    let page = c.get("/spare-parts?page=2&page_size=2").await;
    assert_eq!(page.1["row_count"], 1);
    let page = page.good(200, "Spare parts retrieved successfully");
    assert_eq!((&page["page"], &page["page_size"], &page["total"]), (&json!(2), &json!(2), &json!(3)));
    assert_eq!(page["spare_parts"].as_array().unwrap().len(), 1);
    assert_eq!(page["spare_parts"][0]["name"], "cc");

    let of_first = c.get("/spare-parts/car-model/1").await;
    assert_eq!(of_first.1["row_count"], 2);
    let of_first = of_first.good(200, "Spare parts retrieved successfully");
    assert_eq!((&of_first[0]["name"], &of_first[1]["name"]), (&json!("aa"), &json!("bb")));
    let of_none = c.get("/spare-parts/car-model/7").await;
    assert_eq!(of_none.good(200, "Spare parts retrieved successfully"), json!([]));
}

#[actix_web::test]
async fn every_route_is_in_the_table() {
    let table = routes();
    let lines: Vec<_> = table.routes().iter().map(|route| route.to_string()).collect();
    let words: Vec<Vec<_>> = lines.iter().map(|line| line.split_whitespace().collect()).collect();
    let expected = [
        "GET /spare-parts - PageQuery -> 200 SparePartPage",
        "POST /spare-parts admin NewSparePart -> 201 SparePart",
        "GET /spare-parts/{id} - SparePartById -> 200 SparePart",
        "PUT /spare-parts/{id} admin SparePartChange -> 200 SparePartChanged",
        "DELETE /spare-parts/{id} admin SparePartDeletion -> 200 SparePartChanged",
        "GET /spare-parts/car-model/{car_model_id} - CarModelById -> 200 [SparePart]",
    ];
    assert_eq!(words.iter().map(|words| words.join(" ")).collect::<Vec<_>>(), expected);
}
