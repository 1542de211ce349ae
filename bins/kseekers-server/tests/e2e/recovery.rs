//! The database dies and comes back.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use mysql_async::{Conn, prelude::Queryable};

use crate::harness::{Answer, Client, Database, Server, migrate};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_killed_under_load_means_503_until_it_is_back_and_no_longer() {
    let mysql = EmbeddedMysql::start(Options::default().durable(true)).await.unwrap();
    let database = prepare(&mysql).await;
    let server = Server::start_on(&database, &[("db_acquire_timeout", "1"), ("db_connect_timeout", "1")]);
    let client = server.client();
    assert_eq!(client.get("/lookup/types").status, 200);

    let (done, sound) = (AtomicBool::new(false), AtomicBool::new(true));
    thread::scope(|scope| {
        for _ in 0..8 {
            let (client, done, sound) = (client.clone(), &done, &sound);
            scope.spawn(move || load(&client, done, sound));
        }
        wait(mysql.kill()).unwrap();
        let away = until(&client, |answer| answer.status == 503);
        assert_eq!(away.message(), "Error in connecting to host database");
        assert_eq!(client.get("/health/live").status, 200);
        assert_eq!(client.get("/health/ready").status, 503);

        wait(mysql.restart()).unwrap();
        let back = Instant::now();
        until(&client, |answer| answer.status == 200);
        assert!(back.elapsed() < Duration::from_secs(2), "it took {:?}", back.elapsed());
        assert_eq!(client.get("/health/ready").status, 200);
        done.store(true, Ordering::SeqCst);
    });
    assert!(sound.load(Ordering::SeqCst), "an answer was neither 200 nor 503 in the envelope");
    // Nothing is left over from before: every further request is answered.
    for _ in 0..50 {
        assert_eq!(client.get("/lookup/types").status, 200);
    }
}

async fn prepare(mysql: &EmbeddedMysql) -> Database {
    let name = "kseekers";
    let mut conn = Conn::new(mysql.opts()).await.unwrap();
    conn.query_drop(format!("CREATE DATABASE {name}")).await.unwrap();
    conn.disconnect().await.unwrap();
    migrate(mysql.opts().db_name(Some(name)).into()).await;
    Database { port: mysql.port(), user: "root".to_owned(), password: String::new(), name: name.to_owned() }
}

/// Waits inside of the scope, which is not async.
fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work))
}

fn load(client: &Client, done: &AtomicBool, sound: &AtomicBool) {
    while !done.load(Ordering::SeqCst) {
        let answer = client.get("/lookup/types");
        let known = match answer.status {
            200 => answer.body["row_count"] == 4,
            503 => answer.message() == "Error in connecting to host database",
            _ => false,
        };
        if !known {
            sound.store(false, Ordering::SeqCst);
        }
    }
}

fn until(client: &Client, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = client.get("/lookup/types");
        if wanted(&answer) {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain, the last answer was {answer:?}");
    }
}
