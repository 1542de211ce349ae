use std::time::Duration;

use kseekers_db_pool::{DbError, Transaction};
use tokio::time::timeout;

use crate::support::{ADD, LONG, connection_id, count, database, pool_of, until};

#[tokio::test]
async fn a_statement_that_is_given_up_costs_its_connection_and_nothing_else() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let before = connection_id(&pool).await;
    let given_up = timeout(Duration::from_millis(100), pool.query::<(i32,)>("SELECT SLEEP(30)", ())).await;
    assert!(given_up.is_err());
    let after = timeout(LONG, connection_id(&pool)).await.unwrap();
    assert_ne!(before, after);
}

#[tokio::test]
async fn the_rest_of_a_result_that_is_given_up_is_not_waited_for() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    // The first row is large enough for the server to send it before it has the second.
    let slow = "SELECT REPEAT('x', 100000) UNION ALL SELECT SLEEP(60)";
    let given_up = timeout(Duration::from_millis(300), pool.query::<(String,)>(slow, ())).await;
    assert!(given_up.is_err());
    assert_eq!(timeout(LONG, count(&pool)).await.unwrap(), 0);
}

#[tokio::test]
async fn giving_up_anywhere_in_a_large_result_never_mixes_up_answers() {
    let db = database().await;
    let pool = pool_of(&db, 2);
    let rows = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) \
                SELECT i, REPEAT('x', 2000) FROM n";
    for micros in (0..3000).step_by(60) {
        let _ = timeout(Duration::from_micros(micros), pool.query::<(i32, String)>(rows, ())).await;
        assert_eq!(pool.query_one::<(u64,)>("SELECT 7", ()).await.unwrap().0, 7);
    }
    until("all is at rest", async || pool.status().in_use == 0).await;
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn connecting_for_nobody_is_given_up() {
    let db = database().await;
    let pool = pool_of(&db, 3);
    for micros in (0..2000).step_by(100) {
        let _ = timeout(Duration::from_micros(micros), pool.acquire()).await;
        until("nothing is in use", async || pool.status().in_use == 0).await;
    }
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn a_held_connection_never_gives_the_answer_to_a_statement_that_was_given_up() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let mut held = pool.acquire().await.unwrap();
    let given_up = timeout(Duration::from_millis(100), held.query::<(i32,)>("SELECT SLEEP(30)", ())).await;
    assert!(given_up.is_err());
    for _ in 0..2 {
        let next = timeout(LONG, held.query::<(i32,)>("SELECT 7", ())).await.unwrap();
        assert!(matches!(next, Err(DbError::Unavailable(_))), "{next:?}");
    }
    let result = pool
        .transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
            tx.execute(ADD, ("a", "A")).await?;
            let given_up = timeout(Duration::from_millis(100), tx.query::<(i32,)>("SELECT SLEEP(30)", ()));
            assert!(given_up.await.is_err());
            Ok(())
        })
        .await;
    assert!(matches!(result, Err(DbError::Unavailable(_))), "{result:?}");
    assert_eq!(count(&pool).await, 0);
}
