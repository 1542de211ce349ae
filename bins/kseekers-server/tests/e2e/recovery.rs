//! The database dies and comes back.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
    time::{Duration, Instant},
};

use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use mysql_async::{Conn, prelude::Queryable};

use crate::harness::{Client, Database, Server, migrate, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_killed_under_load_means_503_until_it_is_back_and_no_longer() {
    let mysql = EmbeddedMysql::start(Options::default().durable(true)).await.unwrap();
    let database = prepare(&mysql).await;
    let server = Server::start_on(&database, &[("db_acquire_timeout", "1"), ("db_connect_timeout", "1")]);
    let client = server.client();
    assert_eq!(client.get("/lookup/types").status, 200);

    let (done, sound) = (AtomicBool::new(false), AtomicBool::new(true));
    thread::scope(|scope| {
        let (served, warm) = std::sync::mpsc::channel();
        for _ in 0..8 {
            let (client, done, sound, served) = (client.clone(), &done, &sound, served.clone());
            scope.spawn(move || load(&client, done, sound, &served));
        }
        // The load is on when as many have been served as there are clients, ten times over.
        warm.iter().take(80).for_each(drop);
        wait(mysql.kill()).unwrap();
        let away = until(&client, "/lookup/types", |answer| answer.status == 503);
        assert_eq!(away.message(), "Error in connecting to host database");
        assert_eq!(client.get("/health/live").status, 200);
        until(&client, "/health/ready", |answer| answer.status == 503);

        wait(mysql.restart()).unwrap();
        let back = Instant::now();
        until(&client, "/lookup/types", |answer| answer.status == 200);
        // Promised are 2 s; what is more is the margin of a busy machine.
        assert!(back.elapsed() < Duration::from_secs(5), "it took {:?}", back.elapsed());
        until(&client, "/health/ready", |answer| answer.status == 200);
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

fn load(client: &Client, done: &AtomicBool, sound: &AtomicBool, served: &Sender<()>) {
    while !done.load(Ordering::SeqCst) {
        let answer = client.get("/lookup/types");
        let known = match answer.status {
            200 => answer.body["row_count"] == 4,
            503 => answer.message() == "Error in connecting to host database",
            _ => false,
        };
        let _ = served.send(());
        if !known {
            sound.store(false, Ordering::SeqCst);
        }
    }
}
