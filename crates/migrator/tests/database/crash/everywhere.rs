//! A short history, and a connection that is cut at each request that there is, one after the other.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{Migrator, Options};

use super::{Way, alone, contents};
use crate::proxy::{Cut, Proxy};
use crate::{DATABASES, Files, migrator, set};

/// Definitions, a change of rows that must not be made twice, a stored program, a transaction of its own.
pub(super) const SHORT: Files = &[
    (
        "01_accounts.sql",
        "CREATE TABLE accounts (id INT PRIMARY KEY, balance INT NOT NULL);
         INSERT INTO accounts VALUES (1, 10), (2, 20);
         CREATE INDEX by_balance ON accounts (balance);",
    ),
    ("R01_accounts.sql", "DROP TABLE accounts;"),
    (
        "02_programs.sql",
        "ALTER TABLE accounts ADD COLUMN tag INT NOT NULL DEFAULT 0;
         DELIMITER //
         CREATE PROCEDURE pay() BEGIN UPDATE accounts SET balance = balance + 1; END//
         DELIMITER ;
         START TRANSACTION; UPDATE accounts SET balance = balance * 2; COMMIT;",
    ),
    (
        "R02_programs.sql",
        "UPDATE accounts SET balance = balance / 2; DROP PROCEDURE pay; ALTER TABLE accounts DROP COLUMN tag;",
    ),
    // Each of these is begun with the last statement of the one before.
    (
        "03_notes.sql",
        "CREATE TABLE notes (id INT PRIMARY KEY); INSERT INTO notes VALUES (1); ALTER TABLE notes ADD COLUMN tag INT;",
    ),
    ("R03_notes.sql", "DROP TABLE notes;"),
    (
        "04_more.sql",
        "CREATE TABLE more (id INT PRIMARY KEY, size INT); INSERT INTO more VALUES (1, 2); CREATE INDEX by_size ON more (size);",
    ),
    ("R04_more.sql", "DROP TABLE more;"),
    ("05_last.sql", "CREATE TABLE last_one (id INT PRIMARY KEY, size INT);"),
    ("R05_last.sql", "DROP TABLE last_one;"),
];

/// More requests than either way makes.
const MANY: usize = 100;

/// Goes one way to the cut, and with another runner to the end. Returns whether there was a cut.
async fn go(db: &TestDatabase, way: Way, cut: Cut, options: &Options) -> bool {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, cut).await;
    let ran = async {
        let migrator = Migrator::connect_with(proxy.opts(opts), set(SHORT), *options).await;
        way.go(&mut migrator?, &mut |_| {}).await
    }
    .await;
    if ran.is_err() {
        way.go(&mut migrator(db, SHORT).await, &mut |_| {})
            .await
            .unwrap_or_else(|error| panic!("{way:?}, {cut:?}: {error}"));
    }
    ran.is_err()
}

/// What a way leaves behind, and how many requests it makes.
pub(super) async fn undisturbed(db: &TestDatabase, way: Way, options: &Options) -> (String, usize) {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, Cut::Never).await;
    let migrator = Migrator::connect_with(proxy.opts(opts), set(SHORT), *options).await;
    way.go(&mut migrator.unwrap(), &mut |_| {}).await.unwrap();
    (contents(db.opts()).await, proxy.requests())
}

async fn everywhere(end: fn(usize) -> Cut) {
    for options in [Options::default(), alone()] {
        everywhere_with(end, &options).await;
    }
}

async fn everywhere_with(end: fn(usize) -> Cut, options: &Options) {
    let db = DATABASES.take().await;
    let ways = [Way::Up, Way::Down];
    let mut expected = Vec::new();
    for way in ways {
        expected.push(undisturbed(&db, way, options).await);
    }
    let mut cuts = [0; 2];
    for at in 1.. {
        assert!(at < MANY, "a way comes to no end: {cuts:?}");
        let db = DATABASES.take().await;
        let before = cuts;
        for ((way, (left, _)), cuts) in ways.into_iter().zip(&expected).zip(&mut cuts) {
            *cuts += usize::from(go(&db, way, end(at), options).await);
            assert_eq!(contents(db.opts()).await, *left, "{way:?}, {:?}", end(at));
        }
        if cuts == before {
            break;
        }
    }
    for (cuts, (_, requests)) in cuts.into_iter().zip(expected) {
        // The last one has no answer that could be missed.
        assert!(cuts + 1 >= requests, "{cuts} of {requests}");
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_before_each_single_request_does_no_harm() {
    everywhere(Cut::Before).await;
}

#[tokio::test]
async fn a_connection_that_is_cut_after_each_single_request_does_no_harm() {
    everywhere(Cut::After).await;
}
