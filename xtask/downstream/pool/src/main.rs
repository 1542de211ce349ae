//! A bank on kseekers-db-pool:
//!
//! ```text
//! bank mysql://user:password@host:port/database open ada 500
//! bank mysql://user:password@host:port/database move ada bob 300
//! bank mysql://user:password@host:port/database show
//! ```

use std::{env, process::ExitCode, time::Duration};

use kseekers_db_pool::{DbError, DbOptions, DbPool, DecodeError, FromRow, Row, Transaction};

const USAGE: &str = "usage: bank URL open NAME CENTS | move FROM TO CENTS | show";

/// What can go wrong, in the bank's own words. A transaction takes any error that a [`DbError`] can become.
#[derive(Debug, thiserror::Error)]
enum BankError {
    #[error("{0} has an account already")]
    AccountExists(String),
    #[error("{0} has no account")]
    NoAccount(String),
    #[error("{0} has only {1}")]
    NotEnough(String, i64),
    #[error("{USAGE}")]
    Usage,
    #[error(transparent)]
    Database(#[from] DbError),
}

struct Account {
    name: String,
    cents: i64,
}

impl FromRow for Account {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self { name: row.get("name")?, cents: row.get("cents")? })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[&str]) -> Result<(), BankError> {
    let [url, order @ ..] = arguments else { return Err(BankError::Usage) };
    let pool = DbPool::new(DbOptions::from_url(url)?)?;
    pool.execute(
        "CREATE TABLE IF NOT EXISTS accounts (name VARCHAR(50) PRIMARY KEY, cents BIGINT NOT NULL)",
        (),
    )
    .await?;
    let done = match order {
        ["open", name, cents] => open(&pool, name, number(cents)?).await,
        ["move", from, to, cents] => transfer(&pool, from, to, number(cents)?).await,
        ["show"] => show(&pool).await,
        _ => Err(BankError::Usage),
    };
    pool.close(Duration::from_secs(1)).await;
    done
}

fn number(cents: &str) -> Result<u32, BankError> {
    cents.parse().map_err(|_| BankError::Usage)
}

async fn open(pool: &DbPool, name: &str, cents: u32) -> Result<(), BankError> {
    match pool.execute("INSERT INTO accounts (name, cents) VALUES (?, ?)", (name, cents)).await {
        Err(DbError::Duplicate { .. }) => Err(BankError::AccountExists(name.to_owned())),
        done => Ok(done.map(drop)?),
    }
}

/// Two of these in opposite directions may deadlock; the pool then runs one of them again.
async fn transfer(pool: &DbPool, from: &str, to: &str, cents: u32) -> Result<(), BankError> {
    pool.transaction(async |tx: &mut Transaction| {
        change(tx, from, -i64::from(cents)).await?;
        change(tx, to, i64::from(cents)).await
    })
    .await
}

async fn change(tx: &mut Transaction, name: &str, by: i64) -> Result<(), BankError> {
    let found: Option<Account> =
        tx.query_optional("SELECT name, cents FROM accounts WHERE name = ? FOR UPDATE", (name,)).await?;
    let account = found.ok_or_else(|| BankError::NoAccount(name.to_owned()))?;
    if account.cents + by < 0 {
        return Err(BankError::NotEnough(account.name, account.cents));
    }
    tx.execute("UPDATE accounts SET cents = cents + ? WHERE name = ?", (by, name)).await?;
    Ok(())
}

async fn show(pool: &DbPool) -> Result<(), BankError> {
    let accounts: Vec<Account> = pool.query("SELECT name, cents FROM accounts ORDER BY name", ()).await?;
    for Account { name, cents } in accounts {
        println!("{name} {cents}");
    }
    Ok(())
}
