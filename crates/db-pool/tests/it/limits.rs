use std::time::{Duration, Instant};

use kseekers_db_pool::{DbError, DbPool};
use tokio::task::JoinSet;

use crate::support::{CONNECTION, LONG, connection_id, count, database, options, pool_of, until};

#[tokio::test]
async fn an_exhausted_pool_fails_at_its_deadline_and_leaves_nothing_behind() {
    let db = database().await;
    let limit = Duration::from_secs(2);
    let pool = DbPool::new(options(&db).max_connections(2).acquire_timeout(limit)).unwrap();
    let held = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());

    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let pool = pool.clone();
        callers.spawn(async move {
            let start = Instant::now();
            let error = pool.acquire().await.map(drop).unwrap_err();
            (error, start.elapsed())
        });
    }
    for (error, took) in callers.join_all().await {
        assert!(matches!(error, DbError::Timeout { in_use: 2, waiting: 1..=50, .. }), "{error}");
        assert!(took >= limit && took < limit + LONG, "{took:?}");
    }
    let status = pool.status();
    assert_eq!((status.in_use, status.idle, status.waiting), (2, 0, 0));
    drop(held);
    let status = pool.status();
    assert_eq!((status.in_use, status.idle, status.waiting), (0, 2, 0));
    let mine = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
    assert_eq!(pool.query_one::<(i64,)>(mine, ()).await.unwrap().0, 2);
}

#[tokio::test]
async fn waiters_that_give_up_lose_their_place_and_the_others_keep_their_order() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let held = pool.acquire().await.unwrap();
    let (served, mut order) = tokio::sync::mpsc::unbounded_channel();
    let mut waiters = Vec::new();
    for number in 0..6 {
        let (served, waiter) = (served.clone(), pool.clone());
        waiters.push(tokio::spawn(async move {
            let connection = waiter.acquire().await.unwrap();
            served.send(number).unwrap();
            drop(connection);
        }));
        until("the waiter has queued", async || pool.status().waiting == number + 1).await;
    }
    for given_up in [1, 4] {
        waiters[given_up].abort();
    }
    until("two have left the queue", async || pool.status().waiting == 4).await;
    drop(held);
    drop(served);
    let mut seen = Vec::new();
    while let Some(number) = order.recv().await {
        seen.push(number);
    }
    assert_eq!(seen, [0, 2, 3, 5]);
    until("all is at rest", async || pool.status().in_use == 0 && pool.status().waiting == 0).await;
}

#[tokio::test]
async fn connections_are_used_again() {
    let db = database().await;
    let pool = pool_of(&db, 5);
    let id = connection_id(&pool).await;
    for _ in 0..20 {
        assert_eq!(connection_id(&pool).await, id);
    }
}

#[tokio::test]
async fn idle_connections_beyond_the_minimum_are_closed_after_a_while() {
    let db = database().await;
    let options = options(&db).idle_connections(1).idle_timeout(Duration::from_millis(200));
    let pool = DbPool::new(options).unwrap();
    let held = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    drop(held);
    assert_eq!(pool.status().idle, 3);
    until("only the minimum is left", async || pool.status().idle == 1).await;
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn beyond_the_cap_on_waiters_a_caller_fails_at_once() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(1).max_waiting(2)).unwrap();
    let held = pool.acquire().await.unwrap();
    let wait = || {
        let pool = pool.clone();
        tokio::spawn(async move { pool.acquire().await.map(drop) })
    };
    let waiters = [wait(), wait()];
    until("two wait", async || pool.status().waiting == 2).await;
    let refused = tokio::time::timeout(LONG / 4, pool.acquire()).await.unwrap().map(drop);
    assert_eq!(refused, Err(DbError::TooManyWaiting { in_use: 1, waiting: 2 }));

    waiters[0].abort();
    until("one has left", async || pool.status().waiting == 1).await;
    let third = wait();
    until("another has its place", async || pool.status().waiting == 2).await;
    drop(held);
    let [_, second] = waiters;
    assert_eq!((second.await.unwrap(), third.await.unwrap()), (Ok(()), Ok(())));
}

#[tokio::test]
async fn a_connection_that_has_lived_long_enough_is_replaced_but_not_while_it_is_held() {
    let db = database().await;
    let life = Duration::from_millis(200);
    let pool = DbPool::new(options(&db).max_connections(1).max_lifetime(life)).unwrap();
    let mut held = pool.acquire().await.unwrap();
    let (first,): (u64,) = held.query_one(CONNECTION, ()).await.unwrap();
    tokio::time::sleep(life).await;
    assert_eq!(held.query_one::<(u64,)>(CONNECTION, ()).await, Ok((first,)));
    drop(held);
    assert_ne!(connection_id(&pool).await, first);
    // Nor does one stay because nobody needs it.
    until("the idle one has gone as well", async || pool.status().idle == 0).await;
}

#[tokio::test]
async fn a_closed_pool_waits_for_its_connections_and_refuses_new_callers() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let mut held = pool.acquire().await.unwrap();
    let waiter = tokio::spawn({
        let pool = pool.clone();
        async move { pool.acquire().await.map(drop) }
    });
    until("somebody waits", async || pool.status().waiting == 1).await;
    let closing = tokio::spawn({
        let pool = pool.clone();
        async move { pool.close(LONG).await }
    });
    assert_eq!(waiter.await.unwrap(), Err(DbError::Closed));
    assert_eq!(pool.query::<(i32,)>("SELECT 1", ()).await, Err(DbError::Closed));
    held.query_one::<(i32,)>("SELECT 1", ()).await.unwrap();
    assert!(!closing.is_finished());
    drop(held);
    assert_eq!(tokio::time::timeout(LONG, closing).await.unwrap().unwrap(), 0);
    assert_eq!((pool.status().in_use, pool.status().idle), (0, 0));
}

#[tokio::test]
async fn a_closed_pool_waits_no_longer_than_its_grace_and_says_what_it_left_behind() {
    let db = database().await;
    let pool = pool_of(&db, 3);
    let (one, other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    drop(pool.acquire().await.unwrap());
    let grace = Duration::from_millis(100);
    let start = Instant::now();
    assert_eq!(pool.close(grace).await, 2);
    assert!(start.elapsed() >= grace && start.elapsed() < LONG, "{:?}", start.elapsed());
    assert_eq!((pool.status().in_use, pool.status().idle), (2, 0));

    // What comes back later is closed then.
    drop((one, other));
    assert_eq!(pool.close(LONG).await, 0);
    let on_the_server = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
    let another = pool_of(&db, 1);
    until("only this one is there", async || {
        another.query_one::<(i64,)>(on_the_server, ()).await.unwrap().0 == 1
    })
    .await;
}
