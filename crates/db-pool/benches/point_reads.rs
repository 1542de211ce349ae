//! What a read by primary key costs on one held connection, beside the driver alone with the same prepared statement.
//! The promise is 0.95 of the driver's reads per second. The two take turns, and the medians are compared. A private
//! database is started for it; `cargo bench -p kseekers-db-pool --bench point_reads`.
#![allow(clippy::print_stdout, reason = "printing is what a bench is for")]

use std::time::Instant;

use kseekers_db_pool::{Connection, DbOptions, DbPool};
use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use mysql_async::{Conn, Statement, prelude::Queryable};

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Word = (u32, String);

const ROWS: u32 = 1000;
const READS: u32 = 4000;
const ROUNDS: usize = 21;
const SQL: &str = "SELECT id, word FROM words WHERE id = ?";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let server = EmbeddedMysql::start(Options::default()).await?;
    let mut conn = Conn::new(server.opts()).await?;
    conn.query_drop(
        "CREATE DATABASE bench; USE bench; CREATE TABLE words (id INT UNSIGNED PRIMARY KEY, word TEXT)",
    )
    .await?;
    let rows = (0..ROWS).map(|id| (id, format!("word {id}")));
    conn.exec_batch("INSERT INTO words (id, word) VALUES (?, ?)", rows).await?;
    let statement = conn.prep(SQL).await?;
    let pool = DbPool::new(DbOptions::new("127.0.0.1", server.port(), "root", "".into(), "bench"))?;
    let mut held = pool.acquire().await?;

    let (mut bare, mut pooled) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let pair = if round % 2 == 0 {
            let first = of_the_driver(&mut conn, &statement).await?;
            (first, of_the_pool(&mut held).await?)
        } else {
            let first = of_the_pool(&mut held).await?;
            (of_the_driver(&mut conn, &statement).await?, first)
        };
        // The first round only warms up.
        if round > 0 {
            bare.push(pair.0);
            pooled.push(pair.1);
        }
    }
    println!("{ROUNDS} rounds of {READS} reads in turn, reads per second\n");
    println!("                      lowest   median  highest");
    let of_driver = row("the driver alone", &mut bare);
    let of_pool = row("a held connection", &mut pooled);
    println!("\nratio of the medians: {:.3}", of_pool / of_driver);
    Ok(())
}

async fn of_the_driver(conn: &mut Conn, statement: &Statement) -> Result<f64, Failure> {
    let start = Instant::now();
    for number in 0..READS {
        let id = number % ROWS;
        let word: Option<Word> = conn.exec_first(statement, (id,)).await?;
        expect(id, word)?;
    }
    Ok(f64::from(READS) / start.elapsed().as_secs_f64())
}

async fn of_the_pool(connection: &mut Connection) -> Result<f64, Failure> {
    let start = Instant::now();
    for number in 0..READS {
        let id = number % ROWS;
        let word: Option<Word> = connection.query_optional(SQL, (id,)).await?;
        expect(id, word)?;
    }
    Ok(f64::from(READS) / start.elapsed().as_secs_f64())
}

fn expect(id: u32, word: Option<Word>) -> Result<(), Failure> {
    match word {
        Some((found, word)) if found == id && !word.is_empty() => Ok(()),
        other => Err(format!("row {id} came as {other:?}").into()),
    }
}

/// Prints the spread and gives the median.
fn row(who: &str, rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    let at = |index: usize| rates.get(index).copied().unwrap_or_default();
    let (lowest, median, highest) = (at(0), at(rates.len() / 2), at(rates.len().saturating_sub(1)));
    println!("{who:<18} {lowest:>10.0} {median:>8.0} {highest:>8.0}");
    median
}
