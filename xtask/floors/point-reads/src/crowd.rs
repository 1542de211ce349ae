//! Ten thousand callers at once for ten connections: how far each outlives its deadline, and what is left behind.

use std::time::{Duration, Instant};

use floor_common::Result;
use kseekers_db_pool::{DbError, DbOptions, DbPool};
use serde_json::json;

const CALLERS: usize = 10_000;
const CONNECTIONS: usize = 10;
const DEADLINE: Duration = Duration::from_millis(500);
/// How long somebody keeps a connection who gets one: far too long for all to have their turn.
const KEPT: Duration = Duration::from_millis(5);

const OPEN: &str =
    "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND command <> 'Daemon'";

pub async fn measure(options: DbOptions) -> Result<()> {
    let options =
        options.max_connections(CONNECTIONS).idle_connections(CONNECTIONS).acquire_timeout(DEADLINE);
    let pool = DbPool::new(options)?;
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(call(pool.clone()))).collect();
    let (mut served, mut latest) = (0_usize, Duration::ZERO);
    for caller in callers {
        let (got, took) = caller.await??;
        served += usize::from(got);
        latest = latest.max(took.saturating_sub(DEADLINE));
    }
    let (open,): (i64,) = pool.query_one(OPEN, ()).await?;
    let status = pool.status();
    println!(
        "{}",
        json!({
            "callers": CALLERS,
            "connections": CONNECTIONS,
            "deadline_ms": DEADLINE.as_millis() as u64,
            "served": served,
            "late_ms": latest.as_secs_f64() * 1e3,
            "open_on_server": open,
            "in_use": status.in_use,
            "waiting": status.waiting,
        })
    );
    pool.close(Duration::from_secs(1)).await;
    Ok(())
}

/// Whether a connection was had, and when that was known.
async fn call(pool: DbPool) -> Result<(bool, Duration)> {
    let began = Instant::now();
    let outcome = pool.acquire().await;
    let took = began.elapsed();
    match outcome {
        Ok(connection) => {
            tokio::time::sleep(KEPT).await;
            drop(connection);
            Ok((true, took))
        }
        Err(DbError::Timeout { .. }) => Ok((false, took)),
        Err(other) => Err(other.into()),
    }
}
