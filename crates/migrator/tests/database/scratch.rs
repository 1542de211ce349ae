//! The database in which a history is tried.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, Options, Opts, Progress, VerifyReport, verify};
use md5::{Digest, Md5};
use mysql_async::prelude::Queryable;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::{DATABASES, Files, account, as_user, connect, execute, rows, sentence, set, tables};

const NOTES: Files =
    &[("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY)"), ("R01_notes.sql", "DROP TABLE notes")];

async fn tried(opts: Opts, scratch: Option<&str>, files: Files) -> Result<VerifyReport, MigrateError> {
    verify(opts, scratch, set(files), Options::default(), &mut |_| {}).await
}

/// The databases that were made for this one.
async fn scratch_databases(db: &TestDatabase) -> Vec<String> {
    let like = format!("{}_scratch_%", db.name()).replace('_', "\\\\_");
    rows(db, &format!("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '{like}'"))
        .await
}

/// What there is in a database, of whatever kind.
async fn content(db: &TestDatabase, database: &str) -> Vec<String> {
    let parts = [("tables", "table"), ("routines", "routine"), ("triggers", "trigger"), ("events", "event")];
    let select = parts.map(|(list, part)| {
        format!("SELECT {part}_name FROM information_schema.{list} WHERE {part}_schema = '{database}'")
    });
    rows(db, &select.join(" UNION ALL ")).await
}

#[tokio::test]
async fn nothing_is_left_of_it_and_the_database_is_not_touched() {
    let db = DATABASES.take().await;
    let report = tried(db.opts(), None, NOTES).await.unwrap();
    assert_eq!((report.flaw, report.leftovers), (None, vec![]));

    let failing: Files = &[("01_a.sql", "CREATE TABLE a (id INT); CREATE TABLE a (id INT)")];
    let refusal = sentence(tried(db.opts(), None, failing).await);
    assert!(refusal.starts_with("01_a.sql, line 1, statement 2 of 2: "), "{refusal}");
    assert!(
        refusal.ends_with("\nThis was in a scratch database, which is gone: mend the file."),
        "{refusal}"
    );

    assert_eq!(scratch_databases(&db).await, [""; 0]);
    assert_eq!(tables(&db).await, [""; 0]);
}

#[tokio::test]
async fn the_database_itself_need_not_be_there() {
    let db = DATABASES.take().await;
    let opts = mysql_async::OptsBuilder::from_opts(db.opts()).db_name(Some(format!("{}_new", db.name())));
    assert_eq!(tried(opts.into(), None, NOTES).await.unwrap().flaw, None);
    let like = format!("{}_new%", db.name());
    assert_eq!(rows::<String>(&db, &format!("SHOW DATABASES LIKE '{like}'")).await, [""; 0]);
}

#[tokio::test]
async fn an_account_that_may_not_create_it_is_told_the_grant_that_helps() {
    let db = DATABASES.take().await;
    let user = account(&db).await;
    let refused = tried(as_user(&db, user.clone()), None, NOTES).await.unwrap_err();
    let MigrateError::ScratchRefused { grant, .. } = &refused else { panic!("{refused:?}") };
    assert!(refused.to_string().contains(grant.as_str()), "{refused}");
    execute(&db, grant).await;
    tried(as_user(&db, user.clone()), None, NOTES).await.unwrap();
    assert_eq!(scratch_databases(&db).await, [""; 0]);
    execute(&db, &format!("DROP USER {user}")).await;
}

#[tokio::test]
async fn an_account_that_may_only_use_one_database_can_name_it() {
    let (db, empty) = (DATABASES.take().await, DATABASES.take().await);
    let user = account(&db).await;
    let name = Some(empty.name());
    let refused = tried(as_user(&db, user.clone()), name, NOTES).await.unwrap_err();
    let MigrateError::ScratchRefused { grant, .. } = &refused else { panic!("{refused:?}") };
    execute(&db, grant).await;
    tried(as_user(&db, user.clone()), name, NOTES).await.unwrap();
    execute(&db, &format!("DROP USER {user}")).await;
}

#[tokio::test]
async fn a_named_database_is_emptied_and_not_dropped() {
    let (db, empty) = (DATABASES.take().await, DATABASES.take().await);
    let files: Files = &[(
        "01_everything.sql",
        "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES a (id)); \
         CREATE TABLE `odd ``name` (id INT); CREATE VIEW v AS SELECT id FROM a; CREATE PROCEDURE p() DO 0; \
         CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1; CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW DO 0; \
         CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO DO 0; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)",
    )];
    tried(db.opts(), Some(empty.name()), files).await.unwrap();
    assert_eq!(content(&db, empty.name()).await, [""; 0]);
    // It can be used again, so it is there.
    execute(&empty, "CREATE TABLE a (id INT)").await;
}

#[tokio::test]
async fn a_named_database_that_is_not_there_is_made_and_dropped() {
    let db = DATABASES.take().await;
    let name = format!("{}_scratch_of_mine", db.name());
    tried(db.opts(), Some(&name), NOTES).await.unwrap();
    assert_eq!(scratch_databases(&db).await, [""; 0]);
}

#[tokio::test]
async fn a_database_that_holds_something_is_refused_and_stays_as_it_is() {
    let (db, full) = (DATABASES.take().await, DATABASES.take().await);
    let refused = |database: &str| {
        format!(
            "Database {database} cannot be used to try a history in: it must be empty, nobody else may be trying \
             something there, and it cannot be the database that the history is for. Nothing was changed"
        )
    };
    for (holds, without) in [
        ("CREATE TABLE schema_migrations (id INT)", "DROP TABLE schema_migrations"),
        ("CREATE PROCEDURE p() DO 0", "DROP PROCEDURE p"),
    ] {
        execute(&full, holds).await;
        let before = content(&db, full.name()).await;
        assert_eq!(sentence(tried(db.opts(), Some(full.name()), NOTES).await), refused(full.name()));
        assert_eq!(content(&db, full.name()).await, before);
        execute(&full, without).await;
    }
    assert_eq!(sentence(tried(db.opts(), Some(db.name()), NOTES).await), refused(db.name()));
}

#[tokio::test]
async fn a_statement_that_reaches_out_of_it_is_refused_before_any_is_run() {
    let db = DATABASES.take().await;
    let files: Files = &[("01_a.sql", "DO 1;\nDO 2"), ("R01_a.sql", "DO 1;\nDROP TABLE shop.notes")];
    let mut begun = 0;
    let tried = verify(db.opts(), None, set(files), Options::default(), &mut |_| begun += 1).await;
    assert_eq!(
        sentence(tried),
        "R01_a.sql, line 2: this statement reaches out of its database, so the history cannot be tried in another one. \
         Nothing was changed. Leave the database's name out; rights and settings of the server belong elsewhere"
    );
    assert_eq!(begun, 0);
}

/// A trial that stands at a lock which `connect` has; it ends when that is released.
async fn start_at_a_gate(
    db: &TestDatabase,
    scratch: Option<String>,
) -> (mysql_async::Conn, JoinHandle<Result<VerifyReport, MigrateError>>) {
    let gate = format!("gate_{}", db.name());
    let mut keeper = connect(db).await;
    keeper.query_drop(format!("DO GET_LOCK('{gate}', 0)")).await.unwrap();
    let files = [("01_gate.sql".to_owned(), format!("DO GET_LOCK('{gate}', 60)"))];
    let (arrived, at_the_gate) = oneshot::channel();
    let (opts, set) = (db.opts(), crate::history(files));
    let running = tokio::spawn(async move {
        let mut arrived = Some(arrived);
        let mut watch = |progress: Progress<'_>| {
            if let (Progress::Statement { .. }, Some(arrived)) = (progress, arrived.take()) {
                arrived.send(()).unwrap();
            }
        };
        verify(opts, scratch.as_deref(), set, Options::default(), &mut watch).await
    });
    at_the_gate.await.unwrap();
    (keeper, running)
}

#[tokio::test]
async fn a_database_in_which_somebody_tries_something_is_refused() {
    let (db, empty) = (DATABASES.take().await, DATABASES.take().await);
    let (mut keeper, running) = start_at_a_gate(&db, Some(empty.name().to_owned())).await;
    let refused = tried(db.opts(), Some(empty.name()), NOTES).await.unwrap_err();
    assert!(matches!(refused, MigrateError::ScratchInUse { .. }), "{refused:?}");
    keeper.query_drop("DO RELEASE_ALL_LOCKS()").await.unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_database_that_somebody_has_just_taken_is_refused_although_it_is_empty() {
    let (db, empty) = (DATABASES.take().await, DATABASES.take().await);
    let mut other = connect(&db).await;
    let digest = hex::encode(Md5::digest(empty.name()));
    let lock = format!("DO GET_LOCK('kseekers-scratch:{digest}', 0)");
    other.query_drop(lock).await.unwrap();
    let refused = tried(db.opts(), Some(empty.name()), NOTES).await.unwrap_err();
    assert!(matches!(refused, MigrateError::ScratchInUse { .. }), "{refused:?}");
    other.disconnect().await.unwrap();
}

#[tokio::test]
async fn a_database_that_a_trial_left_is_named_unless_the_trial_is_still_going_on() {
    let db = DATABASES.take().await;
    let (_keeper, running) = start_at_a_gate(&db, None).await;
    assert_eq!(tried(db.opts(), None, NOTES).await.unwrap().leftovers, [""; 0]);
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    // The server notices by and by that nobody is there any more.
    let noticed = async {
        loop {
            let report = tried(db.opts(), None, NOTES).await.unwrap();
            if !report.leftovers.is_empty() {
                break report.leftovers;
            }
        }
    };
    let leftovers = timeout(Duration::from_secs(60), noticed).await.unwrap();
    assert_eq!(leftovers, scratch_databases(&db).await);
    execute(&db, &format!("DROP DATABASE {}", leftovers[0])).await;
}
