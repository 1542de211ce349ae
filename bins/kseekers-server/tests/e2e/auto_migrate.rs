//! When a server is ready, and how it gets there by itself.

use std::{fs, path::Path, time::Duration};

use kseekers_embedded_mysql::{EmbeddedMysql, Options, TestDatabases};
use kseekers_migrator::MigrationSet;
use mysql_async::{Conn, prelude::Queryable};

use crate::harness::{Answer, Database, Server, at_once, connect, migrate, sql, until};

static EMPTY: TestDatabases = TestDatabases::empty();

const ON: &[(&str, &str)] = &[("auto_migrate", "true")];

fn history() -> MigrationSet {
    MigrationSet::from_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")).unwrap()
}

fn says(answer: &Answer, of_the_schema: &str) -> bool {
    answer.status == 503 && answer.error_stack().iter().any(|line| line.starts_with(of_the_schema))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_servers_that_start_at_once_on_an_empty_database_apply_each_migration_once() {
    let database = EMPTY.take().await;
    let place = Database::from(&database);
    let servers = at_once(10, |_| Server::start_on(&place, ON));
    for server in &servers {
        until(&server.client(), "/health/ready", |answer| answer.status == 200);
    }
    for server in &servers {
        server.wait_for("auto_migrate: all migrations are applied");
    }
    let said: String = servers.iter().map(Server::said).collect();
    for migration in history().iter() {
        let applied = format!("auto_migrate: {} applied", migration.up.name());
        assert_eq!(said.matches(&applied).count(), 1, "{applied}:\n{said}");
    }
    assert!(!said.contains("auto_migrate has failed"), "{said}");
    let mut conn = connect(&place).await;
    let rows: Vec<String> = conn.query("SELECT version FROM schema_migrations").await.unwrap();
    assert_eq!(rows.len(), history().iter().count());
    conn.disconnect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_comes_later_migrates_it_then_and_is_ready_without_a_restart() {
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let mut conn = Conn::new(mysql.opts()).await.unwrap();
    conn.query_drop("CREATE DATABASE kseekers").await.unwrap();
    conn.disconnect().await.unwrap();
    mysql.kill().await.unwrap();
    let name = "kseekers".to_owned();
    let place = Database { port: mysql.port(), user: "root".to_owned(), password: String::new(), name };

    let server = Server::start_on(&place, ON);
    server.wait_for("auto_migrate tries again until it can: Cannot connect to the database server");
    let client = server.client();
    assert_eq!(client.get("/health/live").status, 200);
    assert!(says(&client.get("/health/ready"), "database: down"));
    mysql.restart().await.unwrap();
    until(&client, "/health/ready", |answer| answer.status == 200);
    assert_eq!(client.get("/lookup/types").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_is_told_once_and_mending_it_elsewhere_makes_the_server_ready() {
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(files.path().join(name), text).unwrap();
    write("01_good.sql", "CREATE TABLE good (id INT PRIMARY KEY);");
    write("R01_good.sql", "DROP TABLE good;");
    write("02_bad.sql", "ALTER TABLE nowhere ADD COLUMN x INT;");
    write("R02_bad.sql", "ALTER TABLE nowhere DROP COLUMN x;");
    let database = EMPTY.take().await;
    let place = Database::from(&database);
    let server = Server::start_on(&place, &[ON[0], ("migrations_dir", files.path().to_str().unwrap())]);
    let client = server.client();
    server.wait_for("auto_migrate has failed: 02_bad.sql, line 1, statement 1 of 1: ");
    assert!(says(&client.get("/health/ready"), "schema: down, 02_bad.sql "));
    assert_eq!(client.get("/health/live").status, 200);

    sql(&place, "CREATE TABLE nowhere (id INT PRIMARY KEY)").await;
    let set = MigrationSet::from_dir(files.path()).unwrap();
    let mut migrator = kseekers_migrator::Migrator::connect(database.opts(), set).await.unwrap();
    migrator.up(None).await.unwrap();
    until(&client, "/health/ready", |answer| answer.status == 200);
    assert_eq!(server.said().matches("auto_migrate has failed").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_another_comment_is_warned_of_and_keeps_no_server_from_being_ready() {
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(files.path().join(name), text).unwrap();
    write("01_good.sql", "CREATE TABLE good (id INT PRIMARY KEY);");
    write("R01_good.sql", "DROP TABLE good;");
    let database = EMPTY.take().await;
    let place = Database::from(&database);
    let settings = [ON[0], ("migrations_dir", files.path().to_str().unwrap())];
    let server = Server::start_on(&place, &settings);
    server.wait_for("auto_migrate: all migrations are applied");
    write("01_good.sql", "-- Good.\nCREATE TABLE good (id INT PRIMARY KEY);");
    let next = Server::start_on(&place, &settings);
    next.wait_for("auto_migrate: all migrations are applied");
    assert!(
        next.said().contains("WARN")
            && next.said().contains("auto_migrate: 01_good.sql is written differently")
    );
    assert!(!server.said().contains("is written differently"));
    until(&next.client(), "/health/ready", |answer| answer.status == 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_during_which_the_database_dies_is_gone_on_with_when_it_is_back() {
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let mut conn = Conn::new(mysql.opts()).await.unwrap();
    conn.query_drop("CREATE DATABASE kseekers").await.unwrap();
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(files.path().join(name), text).unwrap();
    write(
        "01_slow.sql",
        "CREATE TABLE done (id INT PRIMARY KEY); INSERT INTO done VALUES (1);
         INSERT INTO done SELECT 2 + SLEEP(2); INSERT INTO done VALUES (3);",
    );
    write("R01_slow.sql", "DROP TABLE done;");
    let name = "kseekers".to_owned();
    let place = Database { port: mysql.port(), user: "root".to_owned(), password: String::new(), name };
    let server = Server::start_on(&place, &[ON[0], ("migrations_dir", files.path().to_str().unwrap())]);
    let sleeps =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'INSERT INTO done SELECT 2%'";
    let asleep = async {
        while conn.query_first::<u64, _>(sleeps).await.unwrap() != Some(1) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asleep).await.unwrap();
    mysql.kill().await.unwrap();
    server.wait_for("auto_migrate tries again until it can: ");
    mysql.restart().await.unwrap();
    server.wait_for("auto_migrate goes on with 01_slow.sql: 2 of 4 statements are done");
    until(&server.client(), "/health/ready", |answer| answer.status == 200);
    let mut conn = connect(&place).await;
    let rows: Vec<u32> = conn.query("SELECT id FROM done ORDER BY id").await.unwrap();
    assert_eq!(rows, [1, 2, 3]);
    conn.disconnect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_migrate_is_ready_when_somebody_else_has() {
    let database = EMPTY.take().await;
    let server = Server::start_on(&(&database).into(), &[]);
    let client = server.client();
    let first = history().iter().next().unwrap().up.name().to_owned();
    let pending = client.get("/health/ready");
    assert!(pending.status == 503 && pending.error_stack().concat().contains(&first), "{pending:?}");
    migrate(database.opts()).await;
    until(&client, "/health/ready", |answer| answer.status == 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_ready_and_an_unfinished_or_foreign_one_is_not() {
    let server = Server::start(ON).await;
    let (client, database) = (server.client(), server.database());
    until(&client, "/health/ready", |answer| answer.status == 200);

    sql(&database, "UPDATE schema_migrations SET state = 'running' WHERE version = '04'").await;
    until(&client, "/health/ready", |answer| says(answer, "schema: down, 04_"));
    sql(&database, "UPDATE schema_migrations SET state = 'done' WHERE version = '04'").await;
    until(&client, "/health/ready", |answer| answer.status == 200);

    sql(&database, "INSERT INTO schema_migrations (version, name) VALUES ('998', 'newer')").await;
    let newer = Server::start_on(&database, ON);
    newer.wait_for("auto_migrate: all migrations are applied, and newer ones up to 998");
    assert_eq!(newer.client().get("/health/ready").status, 200);

    sql(&database, "UPDATE schema_migrations SET name = 'other' WHERE version = '04'").await;
    until(&client, "/health/ready", |answer| says(answer, "schema: down, "));
}
