//! Fresh databases for tests: who gets which, and when.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Instant,
};

use kseekers_embedded_mysql::{Error, TestDatabase, TestDatabases};
use mysql_async::{Conn, Opts, prelude::Queryable};

use crate::support::{DEADLINE, ask, run};

static DATABASES: TestDatabases = TestDatabases::from_sql(
    "CREATE TABLE parents (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL);
     INSERT INTO parents (name) VALUES ('Ann'), ('Bob');",
);

#[tokio::test]
async fn each_test_has_a_filled_database_of_its_own() {
    let (one, two) = (DATABASES.take().await, DATABASES.take().await);
    assert_ne!(one.name(), two.name());
    run(one.opts(), "DELETE FROM parents; CREATE TABLE mine (id INT)").await;
    assert_eq!(ask(two.opts(), "SELECT name FROM parents ORDER BY id").await, ["Ann", "Bob"]);
    assert_eq!(ask(two.opts(), "SHOW TABLES").await, ["parents"]);
}

#[tokio::test]
async fn a_database_tells_how_to_reach_it() {
    let database = DATABASES.take().await;
    let by_parts = mysql_async::OptsBuilder::default()
        .ip_or_hostname(database.host())
        .tcp_port(database.port())
        .user(Some(database.user()))
        .pass(Some(database.password()))
        .db_name(Some(database.name()));
    assert_eq!(ask(by_parts, "SELECT DATABASE()").await, [database.name()]);
    let by_url = Opts::from_url(&database.url()).unwrap();
    assert_eq!(ask(by_url, "SELECT DATABASE()").await, [database.name()]);
}

#[test]
fn databases_outlive_the_runtime_that_asked_for_the_first_one() {
    let take = || -> TestDatabase {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(DATABASES.take())
    };
    let (one, two) = (take(), thread::spawn(take).join().unwrap());
    assert_ne!(one.name(), two.name());
}

#[tokio::test]
async fn a_burst_of_tests_is_served() {
    drop(DATABASES.take().await);
    let begin = Instant::now();
    let tasks: Vec<_> = (0..40).map(|_| tokio::spawn(DATABASES.take())).collect();
    let mut databases = Vec::new();
    for task in tasks {
        databases.push(task.await.unwrap());
    }
    println!("40 at once: {:?}", begin.elapsed());
    let names: HashSet<_> = databases.iter().map(TestDatabase::name).collect();
    assert_eq!(names.len(), 40);
}

#[tokio::test]
async fn a_database_is_removed_some_time_after_its_test() {
    let database = DATABASES.take().await;
    let (name, server) = (database.name().to_owned(), database.server());
    drop(database);
    let begin = Instant::now();
    while !ask(server.opts(), &format!("SHOW DATABASES LIKE '{name}'")).await.is_empty() {
        assert!(begin.elapsed() < DEADLINE, "{name} is still there");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn all_sources_of_a_process_share_one_server() {
    static OTHER: TestDatabases = TestDatabases::from_sql("CREATE TABLE others (id INT)");
    let (one, other) = (DATABASES.take().await, OTHER.take().await);
    assert_eq!(one.server().pid(), other.server().pid());
    assert_eq!(ask(other.opts(), "SHOW TABLES").await, ["others"]);
}

#[tokio::test]
async fn a_database_may_be_empty() {
    static EMPTY: TestDatabases = TestDatabases::empty();
    assert!(ask(EMPTY.take().await.opts(), "SHOW TABLES").await.is_empty());
}

#[tokio::test]
async fn the_filler_runs_once() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    static FILLED: TestDatabases = TestDatabases::filled_by(|opts| {
        Box::pin(async move {
            RUNS.fetch_add(1, Ordering::SeqCst);
            Conn::new(opts).await?.query_drop("CREATE TABLE filled (id INT)").await?;
            Ok(())
        })
    });
    let databases = [FILLED.take().await, FILLED.take().await, FILLED.take().await];
    for database in &databases {
        assert_eq!(ask(database.opts(), "SHOW TABLES").await, ["filled"]);
    }
    assert_eq!(RUNS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_filler_that_fails_is_told_to_every_test() {
    static BROKEN: TestDatabases =
        TestDatabases::from_sql("CREATE TABLE fine (id INT); CREATE TABLE broken (oops);");
    for _ in 0..2 {
        let Err(Error::Shared(error)) = BROKEN.try_take().await else { panic!("no error") };
        assert!(matches!(*error, Error::Filler(_)), "{error}");
        assert!(error.to_string().contains("syntax"), "{error}");
    }
}
