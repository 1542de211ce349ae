//! A connection that ends anywhere while a database is taken over or given back.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{AdoptReport, MigrateError, Migrator, Report, Unadoptable};

use super::{OURS, SHOP, adopt, contents, shop};
use crate::proxy::{Cut, Proxy};
use crate::{migrator, set};

/// More requests than either of both makes for its changes.
const MANY: usize = 100;

async fn cut_off(db: &TestDatabase, cut: Cut) -> Migrator {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, cut).await;
    Migrator::connect(proxy.opts(opts), set(OURS)).await.unwrap()
}

/// Everything but the times of the rows that were written into our ledger.
async fn lasting(db: &TestDatabase) -> Vec<String> {
    contents(db).await.into_iter().filter(|line| !line.contains("|adopted")).collect()
}

async fn adopt_until(db: &TestDatabase, at: Cut) -> Result<AdoptReport, MigrateError> {
    cut_off(db, at).await.adopt(&SHOP, None, &mut |_| {}).await
}

async fn down_until(db: &TestDatabase, at: Cut) -> Result<Report, MigrateError> {
    cut_off(db, at).await.down(None).await
}

/// How many requests there are before the first change: connecting, the lock, and for an adoption its plan.
async fn harmless(db: &TestDatabase) -> (usize, usize) {
    let opts = db.opts();
    let proxy = Proxy::to(&opts, Cut::Never).await;
    let mut migrator = Migrator::connect(proxy.opts(opts), set(OURS)).await.unwrap();
    let before = proxy.requests() + 1;
    migrator.adopt_plan(&SHOP, None).await.unwrap();
    (before + proxy.requests(), before)
}

async fn everywhere(end: fn(usize) -> Cut) {
    let db = shop().await;
    let (before_adopting, before_down) = harmless(&db).await;
    adopt(&db).await.unwrap();
    let adopted = lasting(&db).await;
    migrator(&db, OURS).await.down(None).await.unwrap();
    let given_back = lasting(&db).await;

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
        if !was_cut && !down_was_cut {
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
