//! Prints a token for the sample administrator that counts for a day.

use std::time::Duration;

use floor_common::{Result, Settings, Tokens};

fn main() -> Result<()> {
    let tokens = Tokens::new(&Settings::from_environment()?.secret);
    println!("{}", tokens.issue(1, Duration::from_secs(24 * 3600))?);
    Ok(())
}
