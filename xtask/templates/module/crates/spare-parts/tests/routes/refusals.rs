//! What clients are told when it cannot be done.

use actix_web::http::Method;
use serde_json::json;

use crate::{client::client, support::used_elsewhere};

#[actix_web::test]
async fn only_administrators_change_anything() {
    let c = client().await;
    for (method, path) in
        [(Method::POST, "/spare-parts"), (Method::PUT, "/spare-parts/x"), (Method::DELETE, "/spare-parts/x")]
    {
        // Who asks is judged before what is asked.
        for (token, http, message) in
            [("", 401, "Not authenticated"), ("nobody", 401, "Not authenticated"), ("user", 403, "Permission Denied")]
        {
            c.ask(token, method.clone(), path, Some(json!([]))).await.bad(http, &[message]);
        }
    }
}

#[actix_web::test]
async fn bad_input_is_told_line_by_line() {
    let c = client().await;
    let long = "ü".repeat(256);
    for (body, lines) in [
        (json!([]), &["Sending Incorrect Request payload format"][..]),
        (json!({}), &["name key Required field"]),
        (json!({"name": " x "}), &["name must be at least 2 characters"]),
        (json!({"name": long}), &["name must be at most 255 characters"]),
        (
            json!({"name": null, "description": 5, "car_model_id": "5.0", "is_active": 2}),
            &["name key None", "description data incorrect", "car_model_id data incorrect", "is_active data incorrect"],
        ),
    ] {
        c.post(body).await.bad(400, lines);
    }
    c.put("/spare-parts/1", json!({"name": null})).await.bad(400, &["name key None"]);
    c.put("/spare-parts/x", json!({})).await.bad(400, &["id data incorrect"]);
    for (path, line) in [
        ("/spare-parts/x", "id data incorrect"),
        ("/spare-parts/2147483648", "id data incorrect"),
        ("/spare-parts/car-model/x", "car_model_id data incorrect"),
        ("/spare-parts?page=0", "page data incorrect"),
        ("/spare-parts?page_size=101", "page_size data incorrect"),
    ] {
        c.get(path).await.bad(400, &[line]);
    }
    c.delete("/spare-parts/1?permanent=yes").await.bad(400, &["permanent data incorrect"]);
}

#[actix_web::test]
async fn what_is_not_there_is_not_found() {
    let c = client().await;
    let (path, line) = ("/spare-parts/7", &["Spare part not found"]);
    c.get(path).await.bad(404, line);
    c.put(path, json!({"name": "name"})).await.bad(404, line);
    c.delete(path).await.bad(404, line);
    c.delete("/spare-parts/7?permanent=true").await.bad(404, line);
    c.post(json!({"name": "name", "car_model_id": 7})).await.bad(404, &["Car model not found"]);
}

#[actix_web::test]
async fn what_another_table_points_to_is_in_use() {
    let c = client().await;
    let id = c.new_one(json!({"name": "used"})).await["id"].as_i64().unwrap();
    used_elsewhere(&c.pool, i32::try_from(id).unwrap()).await;
    c.delete(&format!("/spare-parts/{id}?permanent=1")).await.bad(409, &["Spare part is in use"]);
}

#[actix_web::test]
async fn a_database_that_is_away_is_a_503_in_the_envelope() {
    let c = client().await;
    c.pool.close(std::time::Duration::ZERO).await;
    c.get("/spare-parts").await.bad(503, &["Error in connecting to host database"]);
}
