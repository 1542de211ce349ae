use std::time::Duration;

use kseekers_db_pool::{DbError, DbOptions, DbPool, ForeignKeyViolation, Transaction};
use tokio::{net::TcpListener, sync::Barrier};

use crate::support::{ADD, LONG, connection_id, count, database, options, pool_of};

#[tokio::test]
async fn the_server_s_refusals_are_told_apart() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let id = pool.insert(ADD, ("ada@example.com", "Ada")).await.unwrap();
    pool.execute("INSERT INTO notes (person_id) VALUES (?)", (id,)).await.unwrap();
    let missing_parent = ForeignKeyViolation::MissingParent;
    let still_referenced = ForeignKeyViolation::StillReferenced;
    let constraint = || Some("notes_person".to_owned());

    let cases = [
        (
            "INSERT INTO people (email) VALUES ('ada@example.com')",
            DbError::Duplicate { key: "people_email".into() },
        ),
        (
            "INSERT INTO people (id, email) SELECT id, 'x' FROM people",
            DbError::Duplicate { key: "PRIMARY".into() },
        ),
        (
            "INSERT INTO notes (person_id) VALUES (0)",
            DbError::ForeignKey { violation: missing_parent, constraint: constraint() },
        ),
        ("DELETE FROM people", DbError::ForeignKey { violation: still_referenced, constraint: constraint() }),
        (
            "INSERT INTO people (email, name) VALUES ('x', 'more than ten')",
            DbError::TooLong { column: "name".into() },
        ),
        (
            "INSERT INTO people (email, age) VALUES ('x', 300)",
            DbError::OutOfRange { column: Some("age".into()) },
        ),
        ("SELECT 18446744073709551615 + 1", DbError::OutOfRange { column: None }),
        ("UPDATE people SET email = NULL", DbError::NotNull { column: "email".into() }),
        ("INSERT INTO people (name) VALUES ('x')", DbError::NotNull { column: "email".into() }),
        (
            "INSERT INTO people (email, age) VALUES ('x', 201)",
            DbError::Check { constraint: "people_age".into() },
        ),
    ];
    for (sql, expected) in cases {
        assert_eq!(pool.execute(sql, ()).await.unwrap_err(), expected, "{sql}");
    }
    let unknown = pool.execute("DELETE FROM nowhere", ()).await.unwrap_err();
    assert!(matches!(&unknown, DbError::Other { code: 1146, state, message } if state == "42S02"
        && message.contains("nowhere")));
    assert_eq!(count(&pool).await, 1);
}

#[tokio::test]
async fn no_error_repeats_a_value() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let secret = "hunter2@example.com";
    pool.execute(ADD, (secret, "x")).await.unwrap();
    let errors = [
        pool.execute(ADD, (secret, "x")).await,
        pool.execute("UPDATE people SET age = ?", (secret,)).await,
        pool.execute("UPDATE people SET born = ?", (secret,)).await,
        pool.execute("UPDATE people SET name = ?", (secret,)).await,
        pool.execute("UPDATE people SET age = 1 + ?", (secret,)).await,
    ];
    for error in errors {
        let told = error.as_ref().map_or_else(|e| format!("{e} {e:?}"), |_| panic!("it was accepted"));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn no_debug_form_shows_the_password() {
    let options = DbOptions::new("127.0.0.1", 1, "app", "hunter2".into(), "shop");
    let pool = DbPool::new(options.clone()).unwrap();
    let error = pool.acquire().await.unwrap_err();
    assert!(!format!("{options:?} {pool:?} {error:?} {error}").contains("hunter2"));

    let db = database().await;
    let pool = pool_of(&db, 1);
    let connection = pool.acquire().await.unwrap();
    let shown = format!("{connection:?}");
    assert!(shown.starts_with("Connection { id: Some("), "{shown}");
}

#[tokio::test]
async fn a_lock_that_is_not_given_up_ends_in_lock_wait() {
    let db = database().await;
    let pool = DbPool::new(options(&db).lock_timeout(Duration::from_secs(1))).unwrap();
    pool.execute(ADD, ("ada@example.com", "Ada")).await.unwrap();
    pool.transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
        tx.execute("UPDATE people SET name = 'held'", ()).await?;
        let other = tokio::time::timeout(LONG, pool.execute("UPDATE people SET name = 'other'", ())).await;
        assert_eq!(other.unwrap(), Err(DbError::LockWait));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn after_a_deadlock_nothing_of_the_transaction_is_committed() {
    let db = database().await;
    let pool = DbPool::new(options(&db).max_connections(2).transaction_attempts(1)).unwrap();
    pool.execute_many(ADD, [("1", "-"), ("2", "-")]).await.unwrap();
    let barrier = Barrier::new(2);
    let set = "UPDATE people SET name = ? WHERE email = ?";
    let (pool_ref, barrier) = (&pool, &barrier);
    let cross = async |name: &str, first: &str, second: &str| {
        pool_ref
            .transaction(async |tx: &mut Transaction| -> Result<(), DbError> {
                tx.execute(set, (name, first)).await?;
                barrier.wait().await;
                if let Err(error) = tx.execute(set, (name, second)).await {
                    assert_eq!(error, DbError::Deadlock);
                    // Whoever overlooks it must not write outside of the transaction.
                    assert_eq!(tx.execute(ADD, ("3", name)).await, Err(DbError::Deadlock));
                }
                Ok(())
            })
            .await
    };
    let (one, other) = tokio::join!(cross("a", "1", "2"), cross("b", "2", "1"));
    let winner = match (&one, &other) {
        (Ok(()), Err(DbError::Deadlock)) => "a",
        (Err(DbError::Deadlock), Ok(())) => "b",
        both => panic!("exactly one must win: {both:?}"),
    };
    let names: Vec<(String,)> = pool.query("SELECT name FROM people", ()).await.unwrap();
    assert_eq!(names, [(winner.to_owned(),), (winner.to_owned(),)]);
}

#[tokio::test]
async fn a_statement_larger_than_the_server_takes_is_not_sent() {
    let db = database().await;
    let pool = pool_of(&db, 2);
    let before = connection_id(&pool).await;
    let (limit,): (usize,) = pool.query_one("SELECT @@max_allowed_packet", ()).await.unwrap();
    for size in [limit + 1, limit, limit - 100] {
        let error = pool.execute("UPDATE notes SET note = ?", ("x".repeat(size),)).await;
        assert_eq!(error, Err(DbError::PacketTooLarge), "{size}");
    }
    let large = ("x".repeat(limit / 2), "y".repeat(limit - 1000));
    pool.execute("UPDATE notes SET note = ? WHERE note = ?", large).await.unwrap();
    assert_eq!(connection_id(&pool).await, before);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_unavailable() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = nobody.local_addr().unwrap().port();
    let options = DbOptions::new("127.0.0.1", port, "app", "x".into(), "shop");
    // It listens, but never says a word.
    let silent = DbPool::new(options.clone().connect_timeout(Duration::from_millis(100))).unwrap();
    let error = tokio::time::timeout(LONG, silent.acquire()).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no answer in time"), "{error}");

    drop(nobody);
    let error = DbPool::new(options).unwrap().acquire().await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
}

#[tokio::test]
async fn refused_credentials_say_so() {
    let db = database().await;
    for (user, hint) in [("root", "Access denied for user 'root'"), ("nobody", "user")] {
        let options = DbOptions::new(db.host(), db.port(), user, "hunter2".into(), db.name());
        let error = DbPool::new(options).unwrap().acquire().await.unwrap_err();
        assert!(matches!(&error, DbError::Unavailable(_)), "{error:?}");
        assert!(error.to_string().contains(hint), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn a_pool_outside_of_a_runtime_is_refused() {
    let error = DbPool::new(DbOptions::new("127.0.0.1", 1, "app", "x".into(), "shop")).unwrap_err();
    assert!(matches!(error, DbError::Options(_)));
}
