//! Runners that end in the middle.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrationSet, Migrator, Progress};

use crate::crash::alone;
use crate::waits::until_alone;

/// Runs `up` and lets the runner go away, without a farewell, at the first thing that `at` answers with true. Returns once
/// the server has noticed. The statement before the one that is told has been run then, and nothing was written down of
/// it: each statement is sent alone.
pub(crate) async fn up_until(
    db: &TestDatabase,
    set: MigrationSet,
    mut at: impl FnMut(Progress<'_>) -> bool + Send + 'static,
) {
    let mut migrator = Migrator::connect_with(db.opts(), set, alone()).await.unwrap();
    let running = tokio::spawn(async move {
        let mut watch = |progress: Progress<'_>| {
            if at(progress) {
                // As a panic, without its message.
                std::panic::resume_unwind(Box::new(()));
            }
        };
        migrator.up_with(None, &mut watch).await.map(drop)
    });
    assert!(running.await.is_err_and(|gone| gone.is_panic()), "the runner came to its end");
    until_alone(db).await;
}
