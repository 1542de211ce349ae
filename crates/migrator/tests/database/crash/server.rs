//! A server that is killed while a runner is at work on it.

use std::sync::mpsc;

use kseekers_embedded_mysql::{EmbeddedMysql, Options, TestDatabase};
use kseekers_migrator::{MigrateError, Migrator, Opts, Progress};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use tokio::sync::oneshot;

use super::everywhere::{SHORT, undisturbed};
use super::{Way, alone, contents};
use crate::waits::until;
use crate::{DATABASES, history, rows, set};

/// Runs until the server is killed, before it gets this statement, counted over all files; or to the end. Returns whether it
/// was killed.
async fn until_the_server_dies(
    mysql: &EmbeddedMysql,
    opts: &Opts,
    options: crate::Options,
    way: Way,
    statement: usize,
) -> bool {
    let mut migrator = Migrator::connect_with(opts.clone(), set(SHORT), options).await.unwrap();
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

/// Kills a server before each statement of the history, up and down.
async fn killed_everywhere(options: crate::Options) {
    let db: TestDatabase = DATABASES.take().await;
    let ways = [Way::Up, Way::Down];
    let mut expected = Vec::new();
    for way in ways {
        expected.push(undisturbed(&db, way, &options).await.0);
    }
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let mut kills = [0; 2];
    for statement in 1..=16 {
        let opts = database(&mysql, &format!("shop_{statement}")).await;
        for ((way, left), kills) in ways.into_iter().zip(&expected).zip(&mut kills) {
            if until_the_server_dies(&mysql, &opts, options, way, statement).await {
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

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_between_any_two_statements_is_waited_for_and_the_run_gone_on_with() {
    killed_everywhere(alone()).await;
}

/// It may be at any of the statements that share the round trip then.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_in_any_shared_round_trip_is_gone_on_with() {
    killed_everywhere(crate::Options::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_table_in_which_the_server_is_killed_is_made_in_the_next_run() {
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let opts = database(&mysql, "shop").await;
    let rows_of_a = "WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 700) \
                     SELECT x.n * 1000 + y.n, 1 FROM n AS x CROSS JOIN n AS y";
    let text = format!(
        "CREATE TABLE a (id INT PRIMARY KEY, n INT); INSERT INTO a {rows_of_a}; \
         ALTER TABLE a MODIFY n BIGINT NOT NULL; UPDATE a SET n = n + 1"
    );
    let files = || history([("01_a.sql", text.as_str())]);
    let (first, other) = (files(), opts.clone());
    let run = tokio::spawn(async move { Migrator::connect(other, first).await?.up(None).await.map(drop) });
    let copying = "SELECT id FROM information_schema.processlist \
                   WHERE info LIKE 'ALTER TABLE a%' AND state LIKE 'copy to tmp table%'";
    until("the change", async || rows::<u64>(&opts, copying).await.pop()).await;
    mysql.kill().await.unwrap();
    run.await.unwrap().unwrap_err();
    mysql.restart().await.unwrap();
    let kind =
        "SELECT DATA_TYPE FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'n'";
    assert_eq!(rows::<String>(&opts, kind).await, ["int"]);

    Migrator::connect(opts.clone(), files()).await.unwrap().up(None).await.unwrap();
    assert_eq!(rows::<String>(&opts, kind).await, ["bigint"]);
    assert_eq!(rows::<(u64, u64)>(&opts, "SELECT COUNT(*), SUM(n = 2) FROM a").await, [(490_000, 490_000)]);
}
