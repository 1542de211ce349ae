//! A database that is still starting.

use std::time::Duration;

use kseekers_embedded_mysql::EmbeddedMysql;
use kseekers_migrator::{MigrateError, OptsBuilder, wait};
use tokio::sync::oneshot;

use crate::DATABASES;

const LONG: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_database_that_starts_later_is_waited_for() {
    let server = EmbeddedMysql::start(kseekers_embedded_mysql::Options::default()).await.unwrap();
    server.kill().await.unwrap();
    let opts = server.opts();
    let (told, not_yet) = oneshot::channel();
    let mut told = Some(told);
    let waiting = tokio::spawn(async move {
        let mut watch = |error: &MigrateError| {
            if let Some(told) = told.take() {
                told.send(error.to_string()).unwrap();
            }
        };
        wait(opts, LONG, &mut watch).await
    });
    let reason = not_yet.await.unwrap();
    assert!(reason.starts_with("Cannot connect to the database server: "), "{reason}");
    server.restart().await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_database_that_never_answers_is_given_up() {
    let db = DATABASES.take().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = OptsBuilder::from_opts(db.opts()).tcp_port(free);
    let refusal = wait(nobody, Duration::from_secs(1), &mut |_| {}).await.unwrap_err();
    assert!(matches!(refusal, MigrateError::StillStarting { .. }), "{refusal:?}");
    let refusal = refusal.to_string();
    assert!(refusal.starts_with("The database did not answer within 1 s. Cannot connect"), "{refusal}");
}

#[tokio::test]
async fn what_waiting_does_not_mend_is_told_at_once() {
    let db = DATABASES.take().await;
    let wrong_name = OptsBuilder::from_opts(db.opts()).db_name(Some("not_there"));
    let wrong_password = OptsBuilder::from_opts(db.opts()).pass(Some("s3cret-word"));
    for wrong in [wrong_name, wrong_password] {
        let refusal = wait(wrong, LONG, &mut |error| panic!("{error}")).await.unwrap_err();
        assert!(matches!(refusal, MigrateError::Connect(_)), "{refusal:?}");
    }
}
