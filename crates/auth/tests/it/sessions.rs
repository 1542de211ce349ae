//! The stores share connections with everybody else.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use kseekers_auth::{
    Identifier, Purpose,
    codes::{CodeMac, NewCode},
};

use crate::support::{NOBODY, Stores, new_user};

/// They tell of the last statement, or of the clock.
const OF_THE_MOMENT: [&str; 13] = [
    "error_count",
    "gtid_binlog_pos",
    "gtid_current_pos",
    "identity",
    "insert_id",
    "last_gtid",
    "last_insert_id",
    "pseudo_thread_id",
    "rand_seed1",
    "rand_seed2",
    "statement_id",
    "timestamp",
    "warning_count",
];

async fn session(stores: &Stores) -> (i64, BTreeMap<String, String>) {
    let variables: Vec<(String, String)> = stores.pool.query("SHOW SESSION VARIABLES", ()).await.unwrap();
    let lasting = variables.into_iter().filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str())).collect();
    (stores.number("SELECT CONNECTION_ID()").await, lasting)
}

#[tokio::test]
async fn the_stores_leave_the_session_as_it_was() {
    let stores = Stores::new().await.on_one_connection();
    let before = session(&stores).await;

    let ada = stores.add_user("ada").await.id;
    stores.users.create(&new_user("ada", "other@example.com")).await.unwrap_err();
    stores.users.find(ada).await.unwrap().unwrap();
    stores.users.find(NOBODY).await.unwrap();
    for identifier in ["ada", "ada@example.com", "nobody"] {
        stores.users.find_by(&Identifier::parse(identifier).unwrap()).await.unwrap();
    }

    let now = DateTime::from_timestamp(1_795_176_000, 0).unwrap();
    let code = NewCode {
        user: Some(ada),
        purpose: Purpose::Login,
        mac: CodeMac::from_bytes([1; 32]),
        created_at: now,
        expires_at: now + TimeDelta::seconds(300),
    };
    stores.codes.add(&code).await.unwrap();
    stores.codes.add(&NewCode { user: Some(NOBODY), ..code.clone() }).await.unwrap_err();
    stores.codes.take_try(NOBODY, Purpose::Login, 5, now).await.unwrap();
    let tried = stores.codes.take_try(ada, Purpose::Login, 5, now).await.unwrap().unwrap();
    assert!(stores.codes.consume(tried.id, now).await.unwrap());
    assert_eq!(stores.codes.sweep(now + TimeDelta::hours(1), 10).await.unwrap(), 1);

    assert_eq!(session(&stores).await, before);
}
