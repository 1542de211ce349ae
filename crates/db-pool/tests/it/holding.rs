//! Connections that are held unusually long.

use std::time::Duration;

use kseekers_db_pool::{DbError, DbPool, Transaction};

use crate::{
    log::Log,
    support::{database, options, until},
};

const LIMIT: Duration = Duration::from_millis(200);

/// The lines of the log on connections that were taken in this line of this file.
fn reports(log: &Log, line: u32) -> Vec<String> {
    log.lines_with(&format!("taken_at={}:{line}:", file!()))
}

#[tokio::test]
async fn a_connection_held_unusually_long_is_reported_once_with_the_place_that_took_it() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let pool = DbPool::new(options(&db).held_warning(LIMIT)).unwrap();
    let (first_line, first) = (line!(), pool.acquire().await.unwrap());
    until("the first is reported", async || !reports(&log, first_line).is_empty()).await;
    let (second_line, second) = (line!(), pool.acquire().await.unwrap());
    until("the second is reported", async || !reports(&log, second_line).is_empty()).await;
    // By then the first could have been reported again.
    let lines = reports(&log, first_line);
    assert!(matches!(lines.as_slice(), [line] if line.contains(" WARN ")), "{lines:?}");
    let ms = lines[0].split_once(" ms=").unwrap().1.split_once(' ').unwrap().0;
    assert!(ms.parse::<u128>().unwrap() >= LIMIT.as_millis(), "{lines:?}");
    drop((first, second));
}

#[tokio::test]
async fn whoever_takes_the_same_connection_next_is_reported_anew() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let pool = DbPool::new(options(&db).max_connections(1).held_warning(LIMIT)).unwrap();
    for _ in 0..2 {
        log.clear();
        let (line, held) = (line!(), pool.acquire().await.unwrap());
        until("it is reported", async || reports(&log, line).len() == 1).await;
        drop(held);
    }
    assert_eq!(pool.status().opened, 1);
}

#[tokio::test]
async fn the_place_of_a_transaction_or_a_statement_is_where_it_was_called() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let pool = DbPool::new(options(&db).held_warning(LIMIT)).unwrap();
    let (line, statement) = (line!(), pool.query::<(i32,)>("SELECT SLEEP(1)", ()));
    statement.await.unwrap();
    assert_eq!(reports(&log, line).len(), 1, "{}", log.text());
    let work = async |_tx: &mut Transaction| -> Result<(), DbError> {
        tokio::time::sleep(LIMIT * 3).await;
        Ok(())
    };
    let (line, transaction) = (line!(), pool.transaction(work));
    transaction.await.unwrap();
    assert_eq!(reports(&log, line).len(), 1, "{}", log.text());
}

#[tokio::test]
async fn nothing_is_reported_of_those_that_are_idle_or_when_it_is_switched_off() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let pool = DbPool::new(options(&db).held_warning(LIMIT)).unwrap();
    let (idle_line, idle) = (line!(), pool.acquire().await.unwrap());
    let (held_line, _held) = (line!(), pool.acquire().await.unwrap());
    drop(idle);
    let without = options(&db).held_warning(Duration::ZERO);
    // What is idle goes each time that its keeper comes by.
    let without = DbPool::new(without.idle_connections(0).idle_timeout(Duration::from_millis(1))).unwrap();
    let (off_line, _off) = (line!(), without.acquire().await.unwrap());
    for _ in 0..2 {
        drop(without.acquire().await.unwrap());
        until("its keeper came by", async || without.status().idle == 0).await;
    }
    until("the one that is held is reported", async || reports(&log, held_line).len() == 1).await;
    assert_eq!((reports(&log, idle_line).len(), reports(&log, off_line).len()), (0, 0));
}
