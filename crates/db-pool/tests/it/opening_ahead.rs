//! Connections that are there before somebody needs them.

use std::time::Duration;

use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{EmbeddedMysql, Options};

use crate::{
    log::Log,
    support::{CONNECTION, database, options, until},
};

#[tokio::test]
async fn the_minimum_is_opened_in_the_background_when_asked_for() {
    let db = database().await;
    let pool = DbPool::new(options(&db).idle_connections(3).max_connections(5)).unwrap();
    let quiet = pool.status();
    pool.open_ahead();
    until("three are there", async || pool.status().idle == 3).await;
    let status = pool.status();
    assert_eq!((quiet.idle + quiet.in_use, status.in_use, status.opened, status.acquired), (0, 0, 3, 0));
    pool.query_one::<(u64,)>(CONNECTION, ()).await.unwrap();
    assert_eq!(pool.status().opened, 3);
}

#[tokio::test]
async fn those_that_have_lived_long_enough_are_replaced_ahead() {
    let db = database().await;
    let options = options(&db).idle_connections(2).max_lifetime(Duration::from_secs(1));
    let pool = DbPool::new(options).unwrap();
    pool.open_ahead();
    until("others have taken their place", async || pool.status().opened >= 4).await;
    until("two are there", async || pool.status().idle == 2).await;
}

#[tokio::test]
async fn no_more_are_opened_ahead_than_there_may_be() {
    let db = database().await;
    let options = options(&db).idle_connections(9).max_connections(2);
    let (log, _guard) = Log::start();
    // It looks after them often.
    let pool = DbPool::new(options.held_warning(Duration::from_millis(1))).unwrap();
    let held = pool.acquire().await.unwrap();
    pool.open_ahead();
    until("there is one more", async || pool.status().idle == 1).await;
    drop(held);
    // A report shows that its keeper came by; the last but one of them has looked for missing connections since.
    for _ in 0..3 {
        log.clear();
        let held = pool.acquire().await.unwrap();
        until("it came by", async || !log.lines_with("held unusually long").is_empty()).await;
        drop(held);
    }
    assert_eq!(pool.status().opened, 2);
}

#[tokio::test]
async fn a_database_that_is_away_is_waited_for_by_nobody_and_tried_again() {
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    server.kill().await.unwrap();
    let (log, _guard) = Log::start();
    let options = DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "").idle_connections(2);
    let pool = DbPool::new(options.held_warning(Duration::from_millis(200))).unwrap();
    pool.open_ahead();
    until("it was tried again", async || pool.status().failed >= 2).await;
    let told = log.lines_with("could not open a connection ahead");
    assert!(told.len() >= 2 && told[0].contains(" WARN "), "{told:?}");
    server.restart().await.unwrap();
    until("both are there", async || pool.status().idle == 2).await;
}
