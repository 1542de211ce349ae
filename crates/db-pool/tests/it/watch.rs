//! What the log says about statements.

use std::time::Duration;

use kseekers_db_pool::{DbError, DbPool, Transaction};
use tokio::time::timeout;
use tracing::{Instrument, info_span};

use crate::{
    log::Log,
    support::{LONG, database, options},
};

const SPREAD_OUT: &str = "
    UPDATE people
    SET name = ?
    WHERE email = ?";

#[tokio::test]
async fn a_slow_statement_is_logged_with_its_text_and_request_and_without_its_values() {
    let db = database().await;
    let (log, _guard) = Log::start();
    for (threshold, lines) in [(Duration::from_nanos(1), 1), (LONG, 0), (Duration::ZERO, 0)] {
        let pool = DbPool::new(options(&db).slow_statement(threshold)).unwrap();
        let request = pool.execute(SPREAD_OUT, ("hunter2", "ada@example.com"));
        request.instrument(info_span!("request", id = 17)).await.unwrap();
        let slow = log.lines_with("slow statement");
        assert_eq!(slow.len(), lines, "{threshold:?} {slow:?}");
        for line in slow {
            assert!(line.contains(" WARN request{id=17}: "), "{line}");
            assert!(line.contains("sql=UPDATE people SET name = ? WHERE email = ?"), "{line}");
            assert!(line.contains("ms="), "{line}");
        }
        assert!(!log.text().contains("hunter2") && !log.text().contains("ada@"), "{}", log.text());
        log.clear();
    }
}

#[tokio::test]
async fn a_slow_statement_that_was_given_up_is_logged_too() {
    let db = database().await;
    let (log, _guard) = Log::start();
    let threshold = Duration::from_millis(50);
    let pool = DbPool::new(options(&db).slow_statement(threshold)).unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let given_up = connection.query::<(i32,)>("SELECT SLEEP(30)", ());
    let request = timeout(threshold * 4, given_up).instrument(info_span!("request", id = 18));
    request.await.unwrap_err();
    let slow = log.lines_with("SELECT SLEEP(30)");
    assert!(matches!(slow.as_slice(), [line] if line.contains("request{id=18}")), "{}", log.text());
}

#[tokio::test]
async fn echo_shows_all_that_is_asked() {
    let db = database().await;
    for echo in [false, true] {
        let (log, _guard) = Log::start();
        let pool = DbPool::new(options(&db).echo(echo).slow_statement(LONG)).unwrap();
        let work = pool.transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
            tx.execute(SPREAD_OUT, ("hunter2", "ada@example.com")).await?;
            Err(DbError::NotFound)
        });
        work.await.unwrap_err();
        let shown: Vec<String> = log.lines_with(" INFO ").iter().filter_map(|line| sql(line)).collect();
        if echo {
            assert_eq!(
                shown,
                ["START TRANSACTION", "UPDATE people SET name = ? WHERE email = ?", "ROLLBACK"]
            );
        } else {
            assert_eq!(shown, [""; 0]);
        }
        assert!(!log.text().contains("hunter2"));
    }
}

/// What comes after `sql=`, at the end of the line.
fn sql(line: &str) -> Option<String> {
    line.split_once("sql=").map(|(_, sql)| sql.to_owned())
}
