use kseekers_db_pool::{DbError, DecodeError, FromRow, Row};

use crate::support::{count, database, pool_of};

struct Person {
    id: i32,
    name: Option<String>,
}

impl FromRow for Person {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self { name: row.get("name")?, id: row.get("id")? })
    }
}

/// Reads a column twice, and one that is not there.
struct Careless<const TWICE: bool>;

impl<const TWICE: bool> FromRow for Careless<TWICE> {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        row.get::<i32>("id")?;
        row.get::<i32>(if TWICE { "id" } else { "age" })?;
        Ok(Self)
    }
}

#[tokio::test]
async fn a_type_reads_its_columns_by_name_in_any_order() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let person: Person = pool.query_one("SELECT 7 AS id, 'Ada' AS name, 1 AS more", ()).await.unwrap();
    assert_eq!((person.id, person.name.as_deref()), (7, Some("Ada")));
    let nameless: Person = pool.query_one("SELECT NULL AS name, 7 AS id", ()).await.unwrap();
    assert_eq!(nameless.name, None);
}

#[tokio::test]
async fn null_where_a_value_is_expected_is_an_error_and_no_panic() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let error = pool.query_one::<(u32,)>("SELECT NULL AS age", ()).await.unwrap_err();
    assert_eq!(error, DbError::Decode(DecodeError::Null { column: "age".into(), expected: "u32" }));
    let error = pool.query::<(u32,)>("SELECT 1 AS age UNION ALL SELECT NULL UNION ALL SELECT 3", ()).await;
    assert!(matches!(error, Err(DbError::Decode(DecodeError::Null { .. }))));
    assert_eq!(count(&pool).await, 0, "the connection goes on");
}

#[tokio::test]
async fn what_does_not_fit_the_type_is_told_without_its_value() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let mismatches = [
        pool.query_one::<(i32,)>("SELECT 'secret' AS c", ()).await.map(drop),
        pool.query_one::<(u8,)>("SELECT 424242 AS c", ()).await.map(drop),
        pool.query_one::<(String,)>("SELECT CAST(X'FF736563726574' AS BINARY) AS c", ()).await.map(drop),
    ];
    for mismatch in mismatches {
        let error = mismatch.unwrap_err();
        assert!(
            matches!(&error, DbError::Decode(DecodeError::Mismatch { column, .. }) if column == "c"),
            "{error}"
        );
        let told = format!("{error} {error:?}");
        assert!(!told.contains("secret") && !told.contains("4242"), "{told}");
    }
}

#[tokio::test]
async fn mistakes_in_reading_a_row_are_errors() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let error = pool.query_one::<Careless<true>>("SELECT 7 AS id", ()).await.map(drop).unwrap_err();
    assert_eq!(error, DbError::Decode(DecodeError::AlreadyTaken { column: "id".into() }));
    let error = pool.query_one::<Careless<false>>("SELECT 7 AS id", ()).await.map(drop).unwrap_err();
    assert_eq!(error, DbError::Decode(DecodeError::NoSuchColumn { column: "age".into() }));
    let error = pool.query_one::<(i32, i32)>("SELECT 1", ()).await.unwrap_err();
    assert_eq!(error, DbError::Decode(DecodeError::ColumnCount { expected: 2, found: 1 }));
}
