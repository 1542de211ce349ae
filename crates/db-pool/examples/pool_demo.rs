//! What a pool and prepared statements are worth, measured on your database, as a table:
//! `pool_demo mysql://user:password@127.0.0.1/database [workers] [statements]`.
//!
//! So many workers (16) read and write at once, until so many statements (4000) are through. Without a pool each
//! statement has a connection of its own, and a tenth of them is enough. This crate always prepares, so text is compared
//! with prepared statements on the driver's own pool. Use a release build.
#![allow(clippy::print_stdout, reason = "printing is what an example is for")]

use std::time::{Duration, Instant};

use kseekers_db_pool::{DbOptions, DbPool};
use mysql_async::{Conn, Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, prelude::Queryable};
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ROWS: usize = 1000;
const READ: &str = "SELECT word FROM pool_demo WHERE id = ?";
const WRITE: &str = "UPDATE pool_demo SET times = times + 1 WHERE id = ?";

#[derive(Clone, Copy)]
enum Work {
    Reads,
    Writes,
    /// Three reads for each write.
    Both,
}

impl Work {
    fn sql(self, number: usize) -> &'static str {
        match self {
            Work::Reads => READ,
            Work::Writes => WRITE,
            Work::Both => [READ, READ, READ, WRITE].get(number % 4).copied().unwrap_or(READ),
        }
    }
}

/// How a statement gets to the database.
#[derive(Clone)]
enum Way {
    DbPool(DbPool),
    DriverPool { pool: Pool, prepared: bool },
    Unpooled { opts: Opts, prepared: bool },
}

impl Way {
    async fn run(&self, sql: &'static str, number: usize) -> Result<(), Failure> {
        let id = number % ROWS + 1;
        match self {
            Way::DbPool(pool) => {
                pool.execute(sql, (id,)).await?;
            }
            Way::DriverPool { pool, prepared } => {
                ask(&mut pool.get_conn().await?, *prepared, sql, id).await?;
            }
            Way::Unpooled { opts, prepared } => {
                let mut conn = Conn::new(opts.clone()).await?;
                ask(&mut conn, *prepared, sql, id).await?;
                conn.disconnect().await?;
            }
        }
        Ok(())
    }
}

async fn ask(conn: &mut Conn, prepared: bool, sql: &'static str, id: usize) -> mysql_async::Result<()> {
    if prepared {
        conn.exec_drop(sql, (id,)).await
    } else {
        // With a number this is safe. With anything else, nobody should do so.
        conn.query_drop(sql.replace('?', &id.to_string())).await
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments
        .next()
        .ok_or("usage: pool_demo mysql://user:password@host:port/database [workers] [statements]")?;
    let workers: usize = arguments.next().map_or(Ok(16), |count| count.parse())?;
    let statements: usize = arguments.next().map_or(Ok(4000), |count| count.parse())?;
    let (workers, connections) = (workers.max(1), workers.clamp(1, 10));

    let pool = DbPool::new(DbOptions::from_url(&url)?.max_connections(connections))?;
    make_table(&pool).await?;
    // The driver closes at once what is above the minimum.
    let limits = PoolConstraints::new(connections, connections).ok_or("not a number of connections")?;
    let driver_pool = PoolOpts::default().with_constraints(limits).with_reset_connection(false);
    let opts = OptsBuilder::from_opts(Opts::from_url(&url)?).prefer_socket(false).pool_opts(driver_pool);
    let opts = Opts::from(opts);
    let driver_pool = Pool::new(opts.clone());

    println!("{workers} workers, {connections} connections in a pool\n");
    println!("work    pool           statements    per second   median ms   99 % within ms");
    for (what, work) in [("reads", Work::Reads), ("writes", Work::Writes), ("both", Work::Both)] {
        for (connections, prepared) in [
            ("this pool", true),
            ("driver's pool", true),
            ("driver's pool", false),
            ("none", true),
            ("none", false),
        ] {
            let (way, count) = match connections {
                "this pool" => (Way::DbPool(pool.clone()), statements),
                "none" => (Way::Unpooled { opts: opts.clone(), prepared }, statements / 10),
                _ => (Way::DriverPool { pool: driver_pool.clone(), prepared }, statements),
            };
            let protocol = if prepared { "prepared" } else { "text" };
            let figures = measure(way, work, workers, count).await?;
            println!("{what:<7} {connections:<14} {protocol:<11} {figures}");
        }
    }
    println!("\n{:#?}", pool.status());

    driver_pool.disconnect().await?;
    pool.execute("DROP TABLE pool_demo", ()).await?;
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}

async fn make_table(pool: &DbPool) -> Result<(), Failure> {
    const TABLE: &str =
        "CREATE TABLE pool_demo (id INT PRIMARY KEY, word VARCHAR(20) NOT NULL, times INT NOT NULL)";
    pool.execute("DROP TABLE IF EXISTS pool_demo", ()).await?;
    pool.execute(TABLE, ()).await?;
    let rows = (1..=ROWS).map(|id| (id, format!("word {id}")));
    pool.execute_many("INSERT INTO pool_demo (id, word, times) VALUES (?, ?, 0)", rows).await?;
    Ok(())
}

/// Statements per second, and how long half of them and nearly all of them took.
async fn measure(way: Way, work: Work, workers: usize, statements: usize) -> Result<String, Failure> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for worker in 0..workers {
        let way = way.clone();
        tasks.spawn(async move {
            let mut times = Vec::new();
            for number in (worker..statements).step_by(workers) {
                let start = Instant::now();
                // Not by its number alone, or some workers would only write.
                way.run(work.sql(number / workers), number).await?;
                times.push(start.elapsed());
            }
            Ok::<_, Failure>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable();
    let ms = |hundredths: usize| {
        let time = times.get(times.len() * hundredths / 100).copied();
        time.unwrap_or(Duration::ZERO).as_secs_f64() * 1e3
    };
    Ok(format!("{per_second:>12.0} {:>11.2} {:>16.2}", ms(50), ms(99)))
}
