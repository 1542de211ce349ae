use kseekers_db_pool::{DbError, params};

use crate::support::{ADD, count, database, pool_of};

#[tokio::test]
async fn the_pool_reads_and_writes() {
    let db = database().await;
    let pool = pool_of(&db, 2);
    let id = pool.insert(ADD, ("ada@example.com", "Ada")).await.unwrap();
    assert!(id > 0);
    assert_eq!(pool.insert(ADD, ("bob@example.com", None::<String>)).await.unwrap(), id + 1);

    let all: Vec<(String, Option<String>)> =
        pool.query("SELECT email, name FROM people ORDER BY id", ()).await.unwrap();
    assert_eq!(
        all,
        [("ada@example.com".to_owned(), Some("Ada".to_owned())), ("bob@example.com".to_owned(), None)]
    );
    let one = "SELECT name FROM people WHERE id = ?";
    assert_eq!(pool.query_one::<(String,)>(one, (id,)).await.unwrap().0, "Ada");
    assert_eq!(pool.query_optional::<(String,)>(one, (id,)).await.unwrap().unwrap().0, "Ada");
    assert_eq!(pool.query_optional::<(String,)>(one, (0,)).await.unwrap(), None);
    assert_eq!(pool.query_one::<(String,)>(one, (0,)).await, Err(DbError::NotFound));
}

#[tokio::test]
async fn execute_counts_the_rows_that_match_even_if_they_stay_the_same() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    pool.execute(ADD, ("ada@example.com", "Ada")).await.unwrap();
    for _ in 0..2 {
        assert_eq!(
            pool.execute("UPDATE people SET name = ? WHERE email LIKE 'ada%'", ("A",)).await.unwrap(),
            1
        );
    }
    assert_eq!(pool.execute("DELETE FROM people WHERE id = 0", ()).await.unwrap(), 0);
}

#[tokio::test]
async fn parameters_can_have_names() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let (twice, once): (i64, i64) = pool
        .query_one(
            "SELECT 0 + CAST(:a AS SIGNED) + CAST(:a AS SIGNED), CAST(:b AS SIGNED)",
            params! { "a" => 4, "b" => 1 },
        )
        .await
        .unwrap();
    assert_eq!((twice, once), (8, 1));
}

#[tokio::test]
async fn a_held_connection_is_the_same_session_throughout() {
    let db = database().await;
    let pool = pool_of(&db, 3);
    let mut one = pool.acquire().await.unwrap();
    let mut other = pool.acquire().await.unwrap();
    let id = one.insert(ADD, ("ada@example.com", "Ada")).await.unwrap();
    assert_eq!(one.query_one::<(u64,)>("SELECT LAST_INSERT_ID()", ()).await.unwrap().0, id);
    assert_eq!(other.query_one::<(u64,)>("SELECT LAST_INSERT_ID()", ()).await.unwrap().0, 0);
}

#[tokio::test]
async fn many_sets_of_parameters_take_place_all_or_none() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let good = (0..50).map(|n| (format!("{n}@example.com"), (n % 2 == 0).then_some("even")));
    assert_eq!(pool.execute_many(ADD, good).await.unwrap(), 50);

    let bad = [("new@example.com", "x"), ("7@example.com", "y")];
    let error = pool.execute_many(ADD, bad).await.unwrap_err();
    assert_eq!(error, DbError::Duplicate { key: "people_email".into() });
    assert_eq!(count(&pool).await, 50);
    assert_eq!(pool.execute_many(ADD, Vec::<(&str, &str)>::new()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_wrong_number_of_parameters_is_an_error_and_the_pool_goes_on() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    assert!(matches!(pool.execute(ADD, ("only one",)).await, Err(DbError::Driver(_))));
    assert_eq!(count(&pool).await, 0);
}
