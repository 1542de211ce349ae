//! `adopt` as a command.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::cli::Place;
use kseekers_migrator::exit;
use serde_json::{Value, json};

use super::{OURS, SHOP, contents, shop};
use crate::commands::run_in;
use crate::set;

const PLAN: &str = "This is a database of the old shop.\n\
     - Its 02 (prices) was another text than the one that we know; its tables are as they should be.\n\
     - 2: goods whose name is taken are moved to table schema_migrations_shop_goods\n    \
     id 3: TEA\n    id 4: tea\n\
     - 1: prices below nothing are set to nothing\n\
     - 2 rows: the old ledger is kept in schema_migrations_shop\n\
     - 01_shop.sql counts as applied, and is what `down` never goes below\n";

async fn run(db: &TestDatabase, args: &[&str]) -> (u8, String, String) {
    run_in(Place::new(db.opts(), set(OURS)).with_adoption(SHOP), args).await
}

#[tokio::test]
async fn adopt_says_what_it_will_do_and_does_it_only_when_that_is_confirmed() {
    let db = shop().await;
    let before = contents(&db).await;
    let (code, out, err) = run(&db, &["adopt", "--dry-run"]).await;
    assert_eq!(out, format!("{PLAN}Nothing was changed: this is what `adopt` would do."));
    assert_eq!((code, err.as_str()), (exit::PENDING, ""));

    let (code, out, err) = run(&db, &["adopt"]).await;
    let question = format!(
        "Error: {PLAN}The shop system must not be at work meanwhile. Take over database {}? Nobody can be asked here: \
         confirm it with --yes. Nothing was changed",
        db.name()
    );
    assert_eq!((code, out.as_str(), err), (exit::USAGE, "", question));
    assert_eq!(contents(&db).await, before);

    let (code, out, err) = run(&db, &["adopt", "--yes"]).await;
    let done = format!(
        "{PLAN}Database {} is taken over: 01_shop.sql counts as applied, and the old ledger is kept in \
         schema_migrations_shop. Pending: 1 migration. Run `up`.",
        db.name()
    );
    assert_eq!((code, out, err.as_str()), (exit::DONE, done, ""));

    let (code, _, err) = run(&db, &["adopt", "--yes"]).await;
    let again = "Error: This database has our own history already: there is nothing to adopt. Use up\nNothing was changed";
    assert_eq!((code, err.as_str()), (exit::DRIFT, again));
}

#[tokio::test]
async fn programs_read_what_was_adopted_and_given_back() {
    let db = shop().await;
    let (code, out, err) = run(&db, &["adopt", "--yes", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["version"]), (exit::DONE, &json!("01")));
    let names = json!(["id 3: TEA", "id 4: tea"]);
    assert_eq!(
        answer["adoption"],
        json!({
            "history": "the old shop", "edited": ["02 (prices)"], "side_table": "schema_migrations_shop", "kept": 2,
            "adopted": ["01_shop.sql"], "remarks": [],
            "mends": [
                { "what": SHOP.mends[0].what, "count": 2, "items": names },
                { "what": SHOP.mends[1].what, "count": 1, "items": [] }
            ]
        })
    );
    assert_eq!(err, PLAN.trim_end());

    let (code, out, _) = run(&db, &["down", "--dry-run"]).await;
    let would = "Nothing would be taken back, but the other system would get its ledger back.";
    assert_eq!((code, out.as_str()), (exit::PENDING, would));
    run(&db, &["up"]).await;
    let (_, out, _) = run(&db, &["down", "--dry-run"]).await;
    let would = "1 migration would be taken back, and the other system would get its ledger back.";
    assert!(out.ends_with(would), "{out}");
    let (_, out, _) = run(&db, &["down", "--dry-run", "--target", "2"]).await;
    assert_eq!(out, "Nothing to do: the schema is at 02.");

    let (_, out, _) = run(&db, &["down", "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["given_back"], "schema_migrations_shop");
    assert_eq!(
        answer["message"],
        "Rolled back 1 migration. What was adopted is all that is left, so the other system has its ledger back, which was in \
         schema_migrations_shop."
    );
}

#[tokio::test]
async fn whoever_meets_a_database_that_can_be_adopted_is_told_so() {
    let db = shop().await;
    for args in [&["up"][..], &["down"], &["plan"], &["status"], &["setup"]] {
        let (code, _, err) = run(&db, args).await;
        let hint = "\nThis is a database of the old shop: `adopt --dry-run` shows how it is taken over, `adopt` does it.";
        assert!(code == exit::DRIFT && err.ends_with(hint), "{args:?} {code}: {err}");
    }
    let (code, _, err) = run_in(Place::new(db.opts(), set(OURS)), &["up"]).await;
    assert!(code == exit::DRIFT && !err.contains("dry-run"), "{err}");
    let (code, _, err) = run_in(Place::new(db.opts(), set(OURS)), &["adopt"]).await;
    let unknown = "Error: This program knows no other system whose databases it could adopt. For a database whose tables are \
                   ours already use baseline";
    assert_eq!((code, err.as_str()), (exit::USAGE, unknown));
}
