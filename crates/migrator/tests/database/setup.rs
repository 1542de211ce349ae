//! Setting up from nothing, and users who may not do everything.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Migrator, Options, Opts, OptsBuilder, setup};

use crate::{DATABASES, Files, execute, migrator, ran, rows, sentence, set, tables};

const NOTES: Files = &[("01_notes.sql", "CREATE TABLE notes (text VARCHAR(20))")];

fn elsewhere(db: &TestDatabase, database: &str) -> Opts {
    OptsBuilder::from_opts(db.opts()).db_name(Some(database)).into()
}

fn as_user(db: &TestDatabase, user: &str, database: &str) -> Opts {
    OptsBuilder::from_opts(elsewhere(db, database)).user(Some(user)).pass(Some("wonderful")).into()
}

#[tokio::test]
async fn setup_creates_the_database_and_a_second_setup_finds_nothing_to_do() {
    let db = DATABASES.take().await;
    // A name that needs quoting.
    let name = format!("{}-new `one`", db.name());
    let opts = elsewhere(&db, &name);
    let (_, report) = setup(opts.clone(), set(NOTES), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.created);
    assert_eq!(ran(&report.applied), ["01_notes.sql"]);
    let collation = format!(
        "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = '{name}'"
    );
    assert_eq!(rows::<String>(&db, &collation).await, ["utf8mb4_unicode_ci"]);

    let (_, report) = setup(opts, set(NOTES), Options::default(), &mut |_| {}).await.unwrap();
    assert!(!report.created && report.applied.files.is_empty());
    execute(&db, &format!("DROP DATABASE `{}`", name.replace('`', "``"))).await;
}

#[tokio::test]
async fn a_user_who_may_not_create_databases_is_told_what_to_ask_for() {
    let db = DATABASES.take().await;
    let (user, name) = (format!("poor_{}", db.name()), format!("{}_more", db.name()));
    execute(&db, &format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'wonderful'")).await;
    let refusal = setup(as_user(&db, &user, &name), set(NOTES), Options::default(), &mut |_| {}).await;
    let refusal = refusal.unwrap_err();
    assert!(matches!(refusal, MigrateError::CreateDatabase { .. }), "{refusal:?}");
    let sentence = refusal.to_string();
    assert!(
        sentence.starts_with(&format!("Cannot create database {name}: Access denied for user")),
        "{sentence}"
    );
    assert!(sentence.contains(&format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4")), "{sentence}");
    execute(&db, &format!("DROP USER '{user}'@'%'")).await;
}

#[tokio::test]
async fn a_user_who_may_only_read_can_ask_for_the_status_and_call_up_where_nothing_is_to_be_done() {
    let db = DATABASES.take().await;
    migrator(&db, NOTES).await.up(None).await.unwrap();
    let user = format!("reader_{}", db.name());
    execute(&db, &format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'wonderful'")).await;
    execute(&db, &format!("GRANT SELECT ON `{}`.* TO '{user}'@'%'", db.name())).await;
    let mut reader = Migrator::connect(as_user(&db, &user, db.name()), set(NOTES)).await.unwrap();
    assert_eq!(reader.status().await.unwrap().lines.len(), 1);
    assert!(reader.up(None).await.unwrap().files.is_empty());
    execute(&db, &format!("DROP USER '{user}'@'%'")).await;
}

#[tokio::test]
async fn a_connection_that_fails_says_what_to_look_at_and_never_the_password() {
    let db = DATABASES.take().await;
    let user = format!("known_{}", db.name());
    execute(&db, &format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'wonderful'")).await;
    let wrong_password = OptsBuilder::from_opts(db.opts()).user(Some(&user)).pass(Some("s3cret-word"));
    let refusal = sentence(Migrator::connect(wrong_password, set(NOTES)).await);
    assert!(
        refusal.starts_with("Cannot connect to the database server: Access denied for user"),
        "{refusal}"
    );
    assert!(refusal.ends_with(". Check user name and password"), "{refusal}");
    execute(&db, &format!("GRANT SELECT ON `{}`.* TO '{user}'@'%'", db.name())).await;
    let known = Migrator::connect(as_user(&db, &user, db.name()), set(NOTES)).await.unwrap();
    assert!(!format!("{known:?}").contains("wonderful"));
    execute(&db, &format!("DROP USER '{user}'@'%'")).await;

    let wrong_name = OptsBuilder::from_opts(db.opts()).user(Some("nobody_here")).pass(Some("s3cret-word"));
    let refusal = Migrator::connect(wrong_name, set(NOTES)).await.unwrap_err();
    assert!(refusal.to_string().ends_with(". Check user name and password"), "{refusal}");
    assert!(!format!("{refusal} {refusal:?}").contains("s3cret-word"));

    let nowhere = elsewhere(&db, "not_there");
    let refusal = sentence(Migrator::connect(nowhere, set(NOTES)).await);
    assert!(
        refusal
            .ends_with("Unknown database 'not_there' (error 1049). Check its name, or let setup create it"),
        "{refusal}"
    );

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refusal =
        sentence(Migrator::connect(OptsBuilder::from_opts(db.opts()).tcp_port(free), set(NOTES)).await);
    assert!(refusal.ends_with(". Check host and port, and whether the server is running"), "{refusal}");

    let none = OptsBuilder::from_opts(db.opts()).db_name(None::<String>);
    assert_eq!(
        sentence(Migrator::connect(none, set(NOTES)).await),
        "The connection options name no database"
    );
    assert!(tables(&db).await.is_empty());
}
