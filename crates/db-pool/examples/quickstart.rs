//! Connects, makes a table, writes and reads: `quickstart mysql://user:password@127.0.0.1/database`.
#![allow(clippy::print_stdout, reason = "printing is what an example is for")]

use std::time::Duration;

use kseekers_db_pool::{DbError, DbOptions, DbPool, Transaction};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: quickstart mysql://user:password@host:port/database")?;
    let pool = DbPool::new(DbOptions::from_url(&url)?)?;

    pool.execute(
        "CREATE TABLE IF NOT EXISTS quickstart (id INT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(20) NOT NULL UNIQUE)",
        (),
    )
    .await?;
    for word in ["pool", "row", "pool"] {
        match pool.insert("INSERT INTO quickstart (word) VALUES (?)", (word,)).await {
            Ok(id) => println!("{word} has id {id}"),
            Err(DbError::Duplicate { key }) => println!("{word} is there already, says the key {key}"),
            Err(error) => return Err(error.into()),
        }
    }

    let removed = pool
        .transaction(async |tx: &mut Transaction| -> Result<u64, DbError> {
            let (count,): (i64,) = tx.query_one("SELECT COUNT(*) FROM quickstart", ()).await?;
            println!("{count} words");
            tx.execute("DELETE FROM quickstart", ()).await
        })
        .await?;
    println!("{removed} words removed; {:?}", pool.status());

    pool.execute("DROP TABLE quickstart", ()).await?;
    pool.close(Duration::from_secs(5)).await;
    Ok(())
}
