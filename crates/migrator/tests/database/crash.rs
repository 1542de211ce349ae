//! Runs that end before their end, and are run again until they are done.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Migrator, Options, Opts, Progress};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Row};

use crate::dice::Dice;
use crate::proxy::{Cut, Proxy};
use crate::waits::until_alone;
use crate::{DATABASES, Files, set};

mod everywhere;
mod server;

/// Definitions, changes of rows that must not be made twice, stored programs, transactions of their own.
const MIXED: Files = &[
    (
        "01_accounts.sql",
        "CREATE TABLE accounts (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL, balance INT NOT NULL DEFAULT 0);
         INSERT INTO accounts VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'eve', 30);
         UPDATE accounts SET balance = balance + 1;
         ALTER TABLE accounts ADD COLUMN tag VARCHAR(20) NOT NULL DEFAULT '', ADD KEY by_tag (tag);
         CREATE INDEX by_name ON accounts (name);
         INSERT INTO accounts SELECT id + 10, name, balance, 'copy' FROM accounts;",
    ),
    ("R01_accounts.sql", "DROP INDEX by_name ON accounts; DROP TABLE accounts;"),
    (
        "02_programs.sql",
        "CREATE TABLE log (id INT NOT NULL, was INT NOT NULL);
         DELIMITER //
         CREATE TRIGGER log_changes AFTER UPDATE ON accounts FOR EACH ROW BEGIN
             INSERT INTO log VALUES (OLD.id, OLD.balance);
         END//
         CREATE PROCEDURE pay(IN whom INT) BEGIN UPDATE accounts SET balance = balance + 1 WHERE id = whom; END//
         CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC BEGIN RETURN n * 2; END//
         DELIMITER ;
         CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM log;
         UPDATE accounts SET balance = twice(balance);
         CREATE VIEW rich AS SELECT name FROM accounts WHERE balance > 50;
         CREATE OR REPLACE VIEW rich AS SELECT name, balance FROM accounts WHERE balance > 60;",
    ),
    (
        "R02_programs.sql",
        "DROP VIEW rich; UPDATE accounts SET balance = balance / 2; DROP FUNCTION twice; DROP PROCEDURE pay;
         DROP EVENT tidy; DROP TRIGGER log_changes; DROP TABLE log;",
    ),
    (
        "03_transactions.sql",
        "SET NAMES utf8mb4; SET foreign_key_checks = 0;
         START TRANSACTION;
         INSERT INTO accounts VALUES (20, 'żan', 1, 'new');
         UPDATE accounts SET balance = balance - 5;
         SAVEPOINT here; DELETE FROM accounts; ROLLBACK TO here;
         SELECT * FROM accounts;
         COMMIT;
         UPDATE accounts SET balance = balance + 100;
         BEGIN; DELETE FROM accounts; ROLLBACK;
         SET autocommit = 0;
         UPDATE accounts SET balance = balance + 1000;
         COMMIT;
         SET sql_mode = 'ANSI_QUOTES';
         CREATE TABLE \"quoted\" (\"id\" INT);
         INSERT INTO \"quoted\" VALUES (1);
         COMMIT;
         ALTER TABLE \"quoted\" ADD COLUMN \"more\" INT;",
    ),
    (
        "R03_transactions.sql",
        "DROP TABLE quoted; UPDATE accounts SET balance = balance - 1000; UPDATE accounts SET balance = balance - 100;
         START TRANSACTION; UPDATE accounts SET balance = balance + 5; DELETE FROM accounts WHERE id = 20; COMMIT;",
    ),
    (
        "04_moves.sql",
        "DROP TRIGGER log_changes;
         RENAME TABLE accounts TO members, log TO old_log;
         CREATE TABLE archive (id INT, was INT);
         INSERT INTO archive SELECT * FROM old_log;
         DROP TABLE old_log;
         DROP VIEW rich;
         ALTER TABLE members RENAME TO people;
         ALTER TABLE people MODIFY name VARCHAR(80) NOT NULL, DROP KEY by_tag, DROP COLUMN tag;
         DELETE FROM people WHERE name = 'bob';
         DROP PROCEDURE IF EXISTS pay;",
    ),
    (
        "R04_moves.sql",
        "CREATE PROCEDURE pay(IN whom INT) DO 1;
         ALTER TABLE people ADD COLUMN tag VARCHAR(20) NOT NULL DEFAULT '';
         RENAME TABLE people TO accounts;
         CREATE VIEW rich AS SELECT name FROM accounts;
         DROP TABLE archive;
         CREATE TABLE log (id INT NOT NULL, was INT NOT NULL);
         CREATE TRIGGER log_changes AFTER UPDATE ON accounts FOR EACH ROW SET @changed = 1;",
    ),
];

/// Statements share requests with what is noted before them, unless there is a limit to them.
pub(crate) fn alone() -> Options {
    Options::default().with_statement_timeout(Some(Duration::from_secs(600)))
}

/// Everything that a history makes: its schema, its rows, its ledger.
async fn contents(opts: Opts) -> String {
    let mut migrator = Migrator::connect(opts.clone(), set(MIXED)).await.unwrap();
    let mut contents = migrator.dump().await.unwrap();
    migrator.close().await;
    let mut conn = Conn::new(opts).await.unwrap();
    let tables: Vec<String> = conn
        .query("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
                AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'schema\\_migrations%' ORDER BY table_name")
        .await
        .unwrap();
    let ledger =
        "SELECT version, name, checksum, state, digest, origin FROM schema_migrations ORDER BY version";
    let rows = tables.iter().map(|table| format!("SELECT * FROM `{table}` ORDER BY 1, 2"));
    for sql in rows.chain([ledger.to_owned()]) {
        let rows: Vec<Row> = conn.query(sql).await.unwrap();
        for row in rows {
            contents += &format!("{:?}\n", row.unwrap());
        }
    }
    conn.disconnect().await.unwrap();
    contents
}

/// Which way, from where.
#[derive(Clone, Copy, Debug)]
enum Way {
    Up,
    Down,
}

impl Way {
    async fn go(
        self,
        migrator: &mut Migrator,
        watch: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<(), MigrateError> {
        match self {
            Self::Up => migrator.up_with(None, watch).await.map(drop),
            Self::Down => migrator.down_with(None, watch).await.map(drop),
        }
    }

    /// A database from which it goes.
    async fn start(self) -> TestDatabase {
        let db = DATABASES.take().await;
        if let Self::Down = self {
            Migrator::connect(db.opts(), set(MIXED)).await.unwrap().up(None).await.unwrap();
        }
        db
    }
}

/// What an undisturbed run leaves.
async fn undisturbed(way: Way) -> String {
    let db = way.start().await;
    let mut migrator = Migrator::connect(db.opts(), set(MIXED)).await.unwrap();
    way.go(&mut migrator, &mut |_| {}).await.unwrap();
    contents(db.opts()).await
}

/// Runs again and again, each time to the next cut, until a run comes to its end. Then compares.
async fn with_cuts(way: Way, mut next: impl FnMut() -> Cut, expected: &str) {
    let db = way.start().await;
    let mut cuts = 0;
    loop {
        let cut = next();
        let proxy = Proxy::to(&db.opts(), cut).await;
        let ran = async {
            let mut migrator = Migrator::connect(proxy.opts(db.opts()), set(MIXED)).await?;
            let ran = way.go(&mut migrator, &mut |_| {}).await;
            migrator.close().await;
            ran
        };
        let ran = ran.await;
        until_alone(&db).await;
        match ran {
            Ok(()) => break,
            Err(MigrateError::Dirty { .. }) => panic!("{way:?}, {cut:?}: {}", ran.unwrap_err()),
            Err(_) => cuts += 1,
        }
        assert!(cuts < 200, "{way:?} comes to no end");
    }
    assert!(cuts > 5, "{way:?} was cut {cuts} times only");
    let found = contents(db.opts()).await;
    assert_eq!(found, expected, "{way:?}");
}

/// Each run comes some requests further than the one before.
async fn cut_at_random(way: Way) {
    let expected = undisturbed(way).await;
    for seed in 1..=4 {
        let mut dice = Dice::new(seed);
        let mut runs = 0;
        let next = move || {
            runs += 1;
            let at = runs + dice.between(4, 15);
            if dice.below(2) == 0 { Cut::Before(at) } else { Cut::After(at) }
        };
        with_cuts(way, next, &expected).await;
    }
}

#[tokio::test]
async fn a_way_up_that_is_cut_at_random_again_and_again_ends_as_if_it_had_not_been() {
    cut_at_random(Way::Up).await;
}

#[tokio::test]
async fn a_way_down_that_is_cut_at_random_again_and_again_ends_as_if_it_had_not_been() {
    cut_at_random(Way::Down).await;
}

/// Lets runners go away between a statement and the note that it is done: as many statements as it takes to come further.
#[tokio::test]
async fn a_runner_that_goes_away_after_any_statement_is_gone_on_with() {
    for way in [Way::Up, Way::Down] {
        let expected = undisturbed(way).await;
        let db = way.start().await;
        let (mut last, mut statements, mut runs) = (String::new(), 1, 0);
        loop {
            let mut migrator = Migrator::connect_with(db.opts(), set(MIXED), alone()).await.unwrap();
            let left = statements;
            let run = tokio::spawn(async move {
                let mut left = left;
                let mut first = String::new();
                let mut watch = |progress: Progress<'_>| {
                    if let Progress::Statement { file, number, .. } = progress {
                        if first.is_empty() {
                            first = format!("{file} {number}");
                        }
                        if left == 0 {
                            // As a panic, without its message.
                            std::panic::resume_unwind(Box::new(first.clone()));
                        }
                        left -= 1;
                    }
                };
                let ran = way.go(&mut migrator, &mut watch).await;
                migrator.close().await;
                ran.unwrap();
            });
            runs += 1;
            assert!(runs < 200, "{way:?} comes to no end");
            let Err(gone) = run.await else { break };
            let first = *gone.into_panic().downcast::<String>().unwrap();
            // A transaction of the file begins anew.
            statements = if first == last { statements + 1 } else { 1 };
            last = first;
            until_alone(&db).await;
        }
        assert!(runs >= 20, "{runs}");
        assert_eq!(contents(db.opts()).await, expected, "{way:?}");
    }
}
