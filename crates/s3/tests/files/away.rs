//! The bucket or the database is away.

use std::time::Duration;

use serde_json::json;

use crate::{client::Service, form};

const AWAY: &str = "Error in connecting to AWS resources";

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bucket_is_away_nothing_is_acknowledged_and_nothing_forgotten() {
    let mut service = Service::start().await;
    let body = form::file("a", b"content");
    let kept = service.upload("ada", &body).good(201, "File Uploaded Successfully")["key"].clone();
    service.s3 = None;
    service.upload("ada", &body).bad(503, AWAY);
    service.post("ada", "/files/delete", json!({ "key": kept })).bad(503, AWAY);
    // Making a link asks nobody.
    let link = service.link("ada", &kept);

    service.restart_s3();
    assert_eq!(service.download(&link).1, b"content");
    // What could not be removed is written down, for whoever sweeps.
    let states: Vec<_> = service.rows().await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["stored", "pending"]);
    assert_eq!(service.upload("ada", &body).0, 201);
    service.post("ada", "/files/delete", json!({ "key": kept })).good(200, "File deleted successfully");
    assert!(matches!(ureq::get(&link).call(), Err(ureq::Error::StatusCode(404))));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_nothing_goes_into_the_bucket() {
    let service = Service::start().await;
    service.pool.close(Duration::from_secs(5)).await;
    service.upload("ada", &form::file("a", b"x")).bad(503, "Error in connecting to host database");
    for path in ["/files/presign-download", "/files/delete"] {
        service
            .post("ada", path, json!({ "key": "users/1/a" }))
            .bad(503, "Error in connecting to host database");
    }
    assert_eq!(service.on_disk().len(), 0);
}
