//! Point reads through db-pool and by hand, in turns in one process, a line of JSON for each round; then what becomes of
//! ten thousand callers that want one of ten connections.
//!
//! One thread does all the work, so that what a read costs beside the wire weighs as much as it can.

mod crowd;
mod rounds;

use std::{env, time::Duration};

use floor_common::{Result, Settings};
use kseekers_db_pool::{DbOptions, DbPool};
use mysql_async::{Conn, Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, prelude::Queryable};

type Row = (i32, String, Option<String>);

const SQL: &str = "SELECT id, name, description FROM lookup_types WHERE id = ?";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut numbers = env::args().skip(1).map(|number| number.parse());
    let (Some(Ok(rounds)), Some(Ok(seconds))) = (numbers.next(), numbers.next()) else {
        return Err("usage: floor-point-reads ROUNDS SECONDS".into());
    };
    let settings = Settings::from_environment()?;
    let time = Duration::from_secs(seconds);

    let driver = driver(&settings)?;
    let mut by_hand = Conn::new(driver.clone()).await?;
    let statement = by_hand.prep(SQL).await?;
    let driver_pool = Pool::new(driver);
    let pool = DbPool::new(options(&settings))?;
    let mut held = pool.acquire().await?;

    for round in 0..=rounds {
        // The first one opens connections, prepares and warms up.
        let (time, shown) = if round == 0 { (time.min(Duration::from_secs(1)), false) } else { (time, true) };
        rounds::measure("mysql_async, one connection held", shown, time, async |id| -> Result<Option<Row>> {
            Ok(by_hand.exec_first(&statement, (id,)).await?)
        })
        .await?;
        rounds::measure("db-pool, one connection held", shown, time, async |id| -> Result<Option<Row>> {
            Ok(held.query_optional(SQL, (id,)).await?)
        })
        .await?;
        rounds::measure(
            "mysql_async, one taken for each read",
            shown,
            time,
            async |id| -> Result<Option<Row>> {
                let mut conn = driver_pool.get_conn().await?;
                Ok(conn.exec_first(SQL, (id,)).await?)
            },
        )
        .await?;
        rounds::measure("db-pool, one taken for each read", shown, time, async |id| -> Result<Option<Row>> {
            Ok(pool.query_optional(SQL, (id,)).await?)
        })
        .await?;
    }
    drop(held);
    pool.close(Duration::from_secs(1)).await;
    driver_pool.disconnect().await?;
    by_hand.disconnect().await?;
    crowd::measure(options(&settings)).await
}

fn options(settings: &Settings) -> DbOptions {
    let Settings { host, port, user, database, .. } = settings;
    DbOptions::new(host, *port, user, String::new().into(), database)
}

/// As good as it gets: no round trip to reset the session.
fn driver(settings: &Settings) -> Result<Opts> {
    let constraints = PoolConstraints::new(10, 10).ok_or("no connections")?;
    let builder = OptsBuilder::default()
        .ip_or_hostname(settings.host.clone())
        .tcp_port(settings.port)
        .prefer_socket(false)
        .user(Some(settings.user.clone()))
        .db_name(Some(settings.database.clone()))
        .pool_opts(PoolOpts::default().with_constraints(constraints).with_reset_connection(false));
    Ok(builder.into())
}
