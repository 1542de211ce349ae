use std::{collections::BTreeMap, time::Duration};

use kseekers_db_pool::{Connection, DbError, DbOptions, DbPool, Transaction, Value};
use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use mysql_async::prelude::Queryable;

use crate::support::{ADD, connection_id, count, database, options, pool_of};

/// They tell of the last statement, or of the clock.
const OF_THE_MOMENT: [&str; 13] = [
    "error_count",
    "gtid_binlog_pos",
    "gtid_current_pos",
    "identity",
    "insert_id",
    "last_gtid",
    "last_insert_id",
    "pseudo_thread_id",
    "rand_seed1",
    "rand_seed2",
    "statement_id",
    "timestamp",
    "warning_count",
];

async fn variables(connection: &mut Connection) -> BTreeMap<String, String> {
    let all: Vec<(String, String)> = connection.query("SHOW SESSION VARIABLES", ()).await.unwrap();
    all.into_iter().filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str())).collect()
}

#[tokio::test]
async fn every_session_has_the_promised_settings() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let found = variables(&mut pool.acquire().await.unwrap()).await;
    let is = |name: &str, value: &str| assert_eq!(found[name], value, "{name}");
    is("time_zone", "+00:00");
    is("character_set_client", "utf8mb4");
    is("character_set_connection", "utf8mb4");
    is("character_set_results", "utf8mb4");
    is("collation_connection", "utf8mb4_unicode_ci");
    is("autocommit", "ON");
    is("innodb_lock_wait_timeout", "5");
    is("lock_wait_timeout", "5");
    assert_eq!(statement_limit(&found), 30.0);
    assert!(found["sql_mode"].contains("STRICT_TRANS_TABLES"));
    let isolation = found.get("transaction_isolation").or_else(|| found.get("tx_isolation"));
    assert_eq!(isolation.map(String::as_str), Some("READ-COMMITTED"));
}

/// In seconds, from whichever variable the server has.
fn statement_limit(found: &BTreeMap<String, String>) -> f64 {
    let seconds = |name, unit: f64| Some(found.get(name)?.parse::<f64>().unwrap() / unit);
    seconds("max_statement_time", 1.0).or_else(|| seconds("max_execution_time", 1000.0)).unwrap()
}

#[tokio::test]
async fn the_server_knows_the_limit_of_statements_to_the_millisecond() {
    let db = database().await;
    for (limit, seconds) in
        [(Duration::from_millis(20_050), 20.05), (Duration::ZERO, 0.0), (Duration::MAX, 4_294_967.295)]
    {
        let pool = DbPool::new(options(&db).statement_timeout(limit)).unwrap();
        let found = variables(&mut pool.acquire().await.unwrap()).await;
        assert_eq!(statement_limit(&found), seconds, "{limit:?}");
    }
}

#[tokio::test]
async fn a_workload_leaves_the_session_as_it_was() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let id = connection_id(&pool).await;
    let before = variables(&mut pool.acquire().await.unwrap()).await;
    workload(&pool).await;
    let after = variables(&mut pool.acquire().await.unwrap()).await;
    assert_eq!(connection_id(&pool).await, id);
    assert_eq!(before, after);
}

async fn workload(pool: &DbPool) {
    pool.execute(ADD, ("a", "A")).await.unwrap();
    pool.execute(ADD, ("a", "A")).await.unwrap_err();
    pool.execute_many(ADD, [("b", "B"), ("c", "C")]).await.unwrap();
    pool.query::<(u8,)>("SELECT NULL", ()).await.unwrap_err();
    let fails = async |tx: &mut Transaction| -> Result<(), DbError> {
        tx.execute(ADD, ("d", "D")).await?;
        Err(DbError::NotFound)
    };
    pool.transaction(fails).await.unwrap_err();
    pool.transaction(async |tx: &mut Transaction| tx.execute(ADD, ("d", "D")).await).await.unwrap();
    assert_eq!(count(pool).await, 4);
}

#[tokio::test]
async fn statements_stay_prepared_when_the_connection_goes_back() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let prepared = async || {
        let sql = "SHOW SESSION STATUS LIKE 'Com_stmt_prepare'";
        pool.query_one::<(String, String)>(sql, ()).await.unwrap().1.parse::<u32>().unwrap()
    };
    count(&pool).await;
    let before = prepared().await;
    for _ in 0..10 {
        count(&pool).await;
    }
    assert_eq!(prepared().await, before);
}

#[tokio::test]
async fn more_statements_than_a_session_keeps_still_work() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let texts: Vec<&'static str> = (0..300).map(|n| &*format!("SELECT {n}").leak()).collect();
    for _ in 0..2 {
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(pool.query_one::<(usize,)>(text, ()).await.unwrap().0, n);
        }
    }
    let open = "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'";
    let (_, open): (String, String) = pool.query_one(open, ()).await.unwrap();
    assert!(open.parse::<u32>().unwrap() < 280 + 128, "evicted statements are closed on the server: {open}");
}

#[tokio::test]
async fn a_server_that_keeps_few_statements_is_asked_for_fewer_until_it_keeps_none() {
    // One of its own, since the limit is for all its sessions.
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    let mut admin = mysql_async::Conn::new(server.opts()).await.unwrap();
    let options = DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "");
    let pool = DbPool::new(options.max_connections(1)).unwrap();
    let id = connection_id(&pool).await;
    admin.query_drop("SET GLOBAL max_prepared_stmt_count = 3").await.unwrap();
    let texts: Vec<&'static str> = (0..10).map(|n| &*format!("SELECT {n}").leak()).collect();
    for _ in 0..2 {
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(pool.query_one::<(usize,)>(text, ()).await.unwrap().0, n);
        }
    }
    admin.query_drop("SET GLOBAL max_prepared_stmt_count = 0").await.unwrap();
    let error = pool.query::<(i32,)>("SELECT 99", ()).await.unwrap_err();
    assert_eq!(error, DbError::TooManyStatements);
    admin.query_drop("SET GLOBAL max_prepared_stmt_count = 100").await.unwrap();
    assert_eq!(connection_id(&pool).await, id);
}

#[tokio::test]
async fn a_prepared_statement_follows_its_table() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    pool.execute(ADD, ("a", "A")).await.unwrap();
    let all = "SELECT * FROM people";
    let (_, _, name, _, _) =
        pool.query_one::<(i32, String, Option<String>, Option<u8>, Option<Value>)>(all, ()).await.unwrap();
    assert_eq!(name.as_deref(), Some("A"));
    pool.execute("ALTER TABLE people DROP COLUMN born, MODIFY email INT NULL FIRST", ()).await.unwrap_err();
    pool.execute("ALTER TABLE people DROP COLUMN born, MODIFY age INT NULL FIRST", ()).await.unwrap();
    let (age, _, email, name) =
        pool.query_one::<(Option<i32>, i32, String, Option<String>)>(all, ()).await.unwrap();
    assert_eq!((age, email.as_str(), name.as_deref()), (None, "a", Some("A")));
}

#[tokio::test]
async fn a_unix_socket_does_as_well() {
    let db = database().await;
    let options = DbOptions::new("not.used", 1, db.user(), db.password().into(), db.name());
    let pool = DbPool::new(options.socket(db.server().socket())).unwrap();
    assert_eq!(count(&pool).await, 0);
}
