//! A server that is killed while a runner is at work on it.

use std::sync::mpsc;

use kseekers_embedded_mysql::{EmbeddedMysql, Options, TestDatabase};
use kseekers_migrator::{MigrateError, Migrator, Opts, Progress};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use tokio::sync::oneshot;

use super::everywhere::{SHORT, undisturbed};
use super::{Way, alone, contents};
use crate::{DATABASES, set};

/// Runs until the server is killed, before it gets this statement, counted over all files; or to the end. Returns whether it
/// was killed.
async fn until_the_server_dies(mysql: &EmbeddedMysql, opts: &Opts, way: Way, statement: usize) -> bool {
    let mut migrator = Migrator::connect_with(opts.clone(), set(SHORT), alone()).await.unwrap();
    let (tell, told) = oneshot::channel();
    let (go_on, wait) = mpsc::channel();
    let (mut tell, mut count) = (Some(tell), 0);
    let run = tokio::spawn(async move {
        let mut watch = move |progress: Progress<'_>| {
            count += usize::from(matches!(progress, Progress::Statement { .. }));
            if let Some(tell) = tell.take_if(|_| count == statement) {
                tell.send(()).unwrap();
                wait.recv().unwrap();
            }
        };
        way.go(&mut migrator, &mut watch).await
    });
    let is_killed = told.await.is_ok();
    if is_killed {
        mysql.kill().await.unwrap();
        go_on.send(()).unwrap();
    }
    match run.await.unwrap() {
        Err(error @ MigrateError::Dirty { .. }) => panic!("{way:?} {statement}: {error}"),
        ran => assert_eq!(ran.is_err(), is_killed, "{way:?} {statement}: {ran:?}"),
    }
    if is_killed {
        mysql.restart().await.unwrap();
    }
    is_killed
}

async fn database(mysql: &EmbeddedMysql, name: &str) -> Opts {
    let mut conn = Conn::new(mysql.opts()).await.unwrap();
    let sql = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
    conn.query_drop(sql).await.unwrap();
    conn.disconnect().await.unwrap();
    mysql.opts().db_name(Some(name)).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_between_any_two_statements_is_waited_for_and_the_run_gone_on_with() {
    let db: TestDatabase = DATABASES.take().await;
    let ways = [Way::Up, Way::Down];
    let mut expected = Vec::new();
    for way in ways {
        expected.push(undisturbed(&db, way, &alone()).await.0);
    }
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let mut kills = [0; 2];
    for statement in 1..=16 {
        let opts = database(&mysql, &format!("shop_{statement}")).await;
        for ((way, left), kills) in ways.into_iter().zip(&expected).zip(&mut kills) {
            if until_the_server_dies(&mysql, &opts, way, statement).await {
                *kills += 1;
                let mut migrator = Migrator::connect(opts.clone(), set(SHORT)).await.unwrap();
                way.go(&mut migrator, &mut |_| {}).await.unwrap();
                migrator.close().await;
            }
            assert_eq!(contents(opts.clone()).await, *left, "{way:?} {statement}");
        }
    }
    assert_eq!(kills, [15, 7], "as many as the history has statements");
}
