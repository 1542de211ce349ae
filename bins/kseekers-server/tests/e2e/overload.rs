//! When the database is slow or the server is busy.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use serde_json::json;

use crate::harness::{Server, at_once, connect};

/// Statements on this table wait for as long as the test holds the lock.
const LOCK: &str = "LOCK TABLES lookup_types WRITE";

#[tokio::test(flavor = "multi_thread")]
async fn an_exhausted_pool_answers_503_at_its_deadline_and_health_goes_on() {
    let settings = [("DB_CONN_POOL", "1"), ("DB_CONN_POOL_MAX", "1"), ("db_acquire_timeout", "1")];
    let server = Server::start(&settings).await;
    let client = server.client();
    let mut lock = connect(&server.database()).await;
    lock.query_drop(LOCK).await.unwrap();
    let hanging = client.clone();
    let hanging = std::thread::spawn(move || hanging.get("/lookup/types").status);
    // Waits for the one connection until the first request has it, and then until its deadline.
    let refused = loop {
        let start = Instant::now();
        let answer = client.post("/display-config/grid-headers", json!({ "gridNameId": "users_grid_001" }));
        if answer.status != 200 {
            break (start.elapsed(), answer);
        }
    };
    assert_eq!(refused.1.gist(), (503, "Error in connecting to host database"));
    assert!(refused.1.header("retry-after").is_some());
    assert!(
        refused.0 >= Duration::from_millis(900) && refused.0 < Duration::from_secs(10),
        "{:?}",
        refused.0
    );

    assert_eq!(client.get("/health/live").status, 200);
    assert_eq!(client.get("/health/ready").status, 200, "it has a connection of its own");

    lock.query_drop("UNLOCK TABLES").await.unwrap();
    assert_eq!(hanging.join().unwrap(), 200);
    lock.disconnect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_requests_are_refused_and_health_is_not() {
    let server = Server::start(&[("max_requests_in_progress", "2"), ("DB_CONN_POOL_MAX", "5")]).await;
    let client = server.client();
    let mut lock = connect(&server.database()).await;
    lock.query_drop(LOCK).await.unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    let asking = client.clone();
    let asked = std::thread::spawn(move || {
        at_once(6, |_| {
            let answer = asking.get("/lookup/types");
            sender.send(answer.status).unwrap();
            answer
        })
    });
    // Four of six are refused at once, while the other two hang.
    for _ in 0..4 {
        assert_eq!(receiver.recv_timeout(Duration::from_secs(20)), Ok(503));
    }
    assert_eq!(client.get("/health/ready").status, 200);
    lock.query_drop("UNLOCK TABLES").await.unwrap();
    let answers = asked.join().unwrap();
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 2);
    let refused = answers.iter().find(|answer| answer.status == 503).unwrap();
    assert_eq!(refused.message(), "Too many requests in progress");
    lock.disconnect().await.unwrap();
}
