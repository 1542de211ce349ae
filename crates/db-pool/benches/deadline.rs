//! By how much ten thousand callers overrun their deadline, all at once, at a pool whose connections are all in use.
//! The promise is 20 ms. A private database is started for it; `cargo bench -p kseekers-db-pool --bench deadline`.
#![allow(clippy::print_stdout, reason = "printing is what a bench is for")]

use std::time::{Duration, Instant};

use kseekers_db_pool::{DbError, DbOptions, DbPool};
use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const CALLERS: usize = 10_000;
const CONNECTIONS: usize = 10;
const LIMIT: Duration = Duration::from_secs(1);
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let server = EmbeddedMysql::start(Options::default()).await?;
    let options = DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "");
    let pool = DbPool::new(options.max_connections(CONNECTIONS).acquire_timeout(LIMIT))?;
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(pool.acquire().await?);
    }
    println!(
        "{CALLERS} callers, {CONNECTIONS} connections in use, deadline {LIMIT:?}: milliseconds too late\n"
    );
    println!("round   median   99 %   latest");
    for round in 1..=ROUNDS {
        let mut late = overruns(&pool).await?;
        late.sort_unstable();
        let ms = |index: usize| late.get(index).map_or(0.0, |late| late.as_secs_f64() * 1e3);
        println!(
            "{round:>5} {:>8.2} {:>6.2} {:>8.2}",
            ms(CALLERS / 2),
            ms(CALLERS * 99 / 100),
            ms(CALLERS - 1)
        );
    }
    drop(held);
    println!("\n{:#?}", pool.status());
    Ok(())
}

async fn overruns(pool: &DbPool) -> Result<Vec<Duration>, Failure> {
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let pool = pool.clone();
        callers.spawn(async move {
            let start = Instant::now();
            match pool.acquire().await {
                Err(DbError::Timeout { .. }) => Ok(start.elapsed().saturating_sub(LIMIT)),
                other => Err(format!("not a timeout: {other:?}")),
            }
        });
    }
    let mut late = Vec::with_capacity(CALLERS);
    while let Some(ended) = callers.join_next().await {
        late.push(ended??);
    }
    Ok(late)
}
