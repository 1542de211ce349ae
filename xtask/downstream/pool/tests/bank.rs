//! The program as its users see it, on a real database.

use std::process::{Child, Command, Stdio};

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};

static DATABASES: TestDatabases = TestDatabases::empty();

fn start(database: &TestDatabase, order: &str) -> Child {
    let mut bank = Command::new(env!("CARGO_BIN_EXE_bank"));
    bank.arg(database.url()).args(order.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped());
    bank.spawn().unwrap()
}

/// What the program prints, or why it failed.
fn end(bank: Child) -> Result<String, String> {
    let output = bank.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn bank(database: &TestDatabase, order: &str) -> Result<String, String> {
    end(start(database, order))
}

#[tokio::test]
async fn money_is_moved_and_never_lost() {
    let database = DATABASES.take().await;
    bank(&database, "open ada 500").unwrap();
    bank(&database, "open bob 0").unwrap();
    bank(&database, "move ada bob 300").unwrap();
    assert_eq!(bank(&database, "show").unwrap(), "ada 200\nbob 300");

    assert_eq!(bank(&database, "move ada bob 201").unwrap_err(), "ada has only 200");
    assert_eq!(bank(&database, "move ada cyd 100").unwrap_err(), "cyd has no account");
    assert_eq!(bank(&database, "open ada 9").unwrap_err(), "ada has an account already");
    assert_eq!(bank(&database, "show").unwrap(), "ada 200\nbob 300");
}

#[tokio::test]
async fn transfers_at_the_same_time_in_both_directions_all_succeed() {
    let database = DATABASES.take().await;
    bank(&database, "open ada 1000").unwrap();
    bank(&database, "open bob 1000").unwrap();
    let moves = (0..4).flat_map(|_| ["move ada bob 30", "move bob ada 10"]);
    let started: Vec<_> = moves.map(|order| start(&database, order)).collect();
    for transfer in started {
        end(transfer).unwrap();
    }
    assert_eq!(bank(&database, "show").unwrap(), "ada 920\nbob 1080");
}
