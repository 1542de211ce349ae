//! A connection, or a server, that ends anywhere while a database is taken over or given back.

use std::time::Duration;

use kseekers_embedded_mysql::{EmbeddedMysql, Options, TestDatabase};
use kseekers_migrator::{AdoptReport, MigrateError, Migrator, Opts, Report, Unadoptable};
use mysql_async::OptsBuilder;

use super::{OURS, SHOP, SHOPS_DATABASE, adopt, contents, shop};
use crate::dice::Dice;
use crate::proxy::{Cut, Proxy};
use crate::{Database, execute, migrator, set};

/// More requests than either of both makes for its changes.
const MANY: usize = 100;

async fn cut_off(db: &TestDatabase, cut: Cut) -> Migrator {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, cut).await;
    Migrator::connect(proxy.opts(opts), set(OURS)).await.unwrap()
}

/// Everything but the times of the rows that were written into our ledger.
async fn lasting(db: &impl Database) -> Vec<String> {
    contents(db).await.into_iter().filter(|line| !line.contains("|adopted")).collect()
}

async fn adopt_until(db: &TestDatabase, at: Cut) -> Result<AdoptReport, MigrateError> {
    cut_off(db, at).await.adopt(&SHOP, None, &mut |_| {}).await
}

async fn down_until(db: &TestDatabase, at: Cut) -> Result<Report, MigrateError> {
    cut_off(db, at).await.down(None).await
}

/// What a database is like that was adopted, and one that was given back then.
async fn undisturbed() -> (Vec<String>, Vec<String>) {
    let db = shop().await;
    adopt(&db).await.unwrap();
    let adopted = lasting(&db).await;
    migrator(&db, OURS).await.down(None).await.unwrap();
    (adopted, lasting(&db).await)
}

/// How many requests there are before the first change: connecting, the lock, and for an adoption its plan.
async fn harmless(db: &impl Database) -> (usize, usize) {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, Cut::Never).await;
    let mut migrator = Migrator::connect(proxy.opts(opts), set(OURS)).await.unwrap();
    let before = proxy.requests() + 1;
    migrator.adopt_plan(&SHOP, None).await.unwrap();
    (before + proxy.requests(), before)
}

async fn everywhere(end: fn(usize) -> Cut) {
    let (before_adopting, before_down) = harmless(&shop().await).await;
    let (adopted, given_back) = undisturbed().await;
    let (mut cuts, mut down_cuts) = (0, 0);
    for at in 1..MANY {
        let db = shop().await;
        let cut = end(before_adopting + at);
        let was_cut = adopt_until(&db, cut).await.is_err();
        if was_cut {
            // What is said of a database whose adoption was complete, though nobody was told.
            let again = adopt(&db).await;
            let complete = matches!(again, Err(MigrateError::CannotAdopt(Unadoptable::Ours)));
            assert!(complete || again.is_ok(), "{cut:?}: {again:?}");
        }
        assert_eq!(lasting(&db).await, adopted, "adopted, {cut:?}");

        let cut = end(before_down + at);
        let down_was_cut = down_until(&db, cut).await.is_err();
        if down_was_cut {
            let again = migrator(&db, OURS).await.down(None).await;
            let complete = matches!(again, Err(MigrateError::NotOurs { .. }));
            assert!(complete || again.as_ref().is_ok_and(|it| it.given_back.is_some()), "{cut:?}: {again:?}");
        }
        assert_eq!(lasting(&db).await, given_back, "given back, {cut:?}");
        cuts += usize::from(was_cut);
        down_cuts += usize::from(down_was_cut);
        if !was_cut && !down_was_cut {
            assert!(cuts > 3 && down_cuts > 3, "{cuts} {down_cuts}");
            return;
        }
    }
    panic!("neither came to its end");
}

#[tokio::test]
async fn a_connection_that_ends_before_any_request_does_no_harm() {
    everywhere(Cut::Before).await;
}

#[tokio::test]
async fn a_connection_that_ends_after_any_request_does_no_harm() {
    everywhere(Cut::After).await;
}

/// To the other system or from it.
#[derive(Clone, Copy, Debug)]
enum Way {
    Adopt,
    GiveBack,
}

impl Way {
    /// Whether it came to its end, then or before.
    async fn go(self, migrator: &mut Migrator) -> bool {
        match self {
            Self::Adopt => matches!(
                migrator.adopt(&SHOP, None, &mut |_| {}).await,
                Ok(_) | Err(MigrateError::CannotAdopt(Unadoptable::Ours))
            ),
            Self::GiveBack => {
                matches!(migrator.down(None).await, Ok(_) | Err(MigrateError::NotOurs { .. }))
            }
        }
    }

    /// Goes it until the server, some time after it has seen this request or the last one, is killed.
    async fn until_the_server_dies(self, mysql: &EmbeddedMysql, opts: &Opts, at: usize, after: Duration) {
        let proxy = Proxy::to(opts, Cut::Last(at)).await;
        let through = proxy.opts(opts.clone());
        let run = tokio::spawn(async move {
            if let Ok(mut migrator) = Migrator::connect(through, set(OURS)).await {
                self.go(&mut migrator).await;
            }
        });
        proxy.over().await;
        tokio::time::sleep(after).await;
        mysql.kill().await.unwrap();
        mysql.restart().await.unwrap();
        run.await.unwrap();
    }

    /// How many requests it takes.
    async fn requests(self, opts: &Opts) -> usize {
        let proxy = Proxy::to(opts, Cut::Never).await;
        let mut migrator = Migrator::connect(proxy.opts(opts.clone()), set(OURS)).await.unwrap();
        assert!(self.go(&mut migrator).await, "{self:?}");
        proxy.requests()
    }
}

#[tokio::test]
async fn a_server_that_is_killed_anywhere_loses_nothing() {
    let (adopted, given_back) = undisturbed().await;
    let mysql = EmbeddedMysql::start(Options::default()).await.unwrap();
    let fresh = async |name: &str| -> Opts {
        let server: Opts = mysql.opts().into();
        execute(&server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"))
            .await;
        let opts = OptsBuilder::from_opts(server).db_name(Some(name)).into();
        execute(&opts, SHOPS_DATABASE).await;
        opts
    };
    let opts = fresh("shop").await;
    let (harmless_before, _) = harmless(&opts).await;
    let requests = [Way::Adopt.requests(&opts).await, Way::GiveBack.requests(&opts).await];
    let mut dice = Dice::new(5);
    for round in 0..4 {
        let opts = fresh(&format!("shop{round}")).await;
        let ways = [(Way::Adopt, requests[0], &adopted), (Way::GiveBack, requests[1], &given_back)];
        for (way, requests, expected) in ways {
            let first = if let Way::Adopt = way { harmless_before } else { 0 };
            let mut kills = Vec::new();
            // Once where it changes something, and once where it goes on with that.
            for from in [first, 0] {
                let at = dice.between(from + 1, requests);
                let after = Duration::from_micros(dice.below(4000) as u64);
                kills.push((at, after));
                way.until_the_server_dies(&mysql, &opts, at, after).await;
            }
            let mut migrator = Migrator::connect(opts.clone(), set(OURS)).await.unwrap();
            assert!(way.go(&mut migrator).await, "{way:?}, {kills:?}");
            migrator.close().await;
            assert_eq!(lasting(&opts).await, *expected, "{way:?}, {kills:?}");
        }
    }
}
