//! Waiting for what others do, with an end: where it never happens the test fails.

use std::time::Duration;

use kseekers_embedded_mysql::TestDatabase;
use tokio::time::{sleep, timeout};

use crate::rows;

/// The connection id of whoever the server shows at a statement like this one, in this database.
pub(crate) async fn until_shown(db: &TestDatabase, like: &str) -> u64 {
    let sql = format!(
        "SELECT id FROM information_schema.processlist WHERE db = '{}' AND info LIKE '{like}'",
        db.name()
    );
    until(like, async || rows::<u64>(db, &sql).await.first().copied()).await
}

/// Waits until no other connection is at work in the database.
pub(crate) async fn until_alone(db: &TestDatabase) {
    let others = format!(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{}' AND id <> CONNECTION_ID()",
        db.name()
    );
    until("the end of the others", async || (rows::<u64>(db, &others).await == [0]).then_some(())).await;
}

/// Looks again and again, until `look` has found something.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), found).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
