//! `cargo xtask chaos migrate`: the migrator's own chaos test, on every engine and for as long as wanted.

use std::process::{Command, ExitCode};

use crate::{Result, cargo, engines, workspace::Workspace};

const BUILD: [&str; 6] = ["test", "--package", "kseekers-migrator", "--test", "chaos", "--no-run"];

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let (first, seeds) = read(arguments)?;
    let servers = engines::all(&Workspace::load()?.target)?;
    let built = cargo::build_or_fail("building the chaos test", &BUILD)?;
    for server in servers {
        let mut chaos = Command::new(built.binary("chaos")?);
        chaos.args(["--first", &first.to_string(), "--seeds", &seeds.to_string()]);
        let status = chaos.env("KSEEKERS_MYSQLD", &server.binary).status()?;
        if !status.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The first seed and how many.
fn read(arguments: &[String]) -> Result<(u64, u64)> {
    let mut words = arguments.iter().flat_map(|word| word.split('='));
    if words.next() != Some("migrate") {
        return Err("chaos is for `migrate`: cargo xtask chaos migrate [--seeds N] [--first N]".into());
    }
    let (mut first, mut seeds) = (1, 100);
    while let Some(word) = words.next() {
        let value = match word {
            "--first" => &mut first,
            "--seeds" => &mut seeds,
            other => return Err(format!("chaos migrate does not take `{other}`").into()),
        };
        let number = words.next().and_then(|number| number.parse().ok());
        *value = number.ok_or_else(|| format!("{word} wants a number"))?;
    }
    Ok((first, seeds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> std::result::Result<(u64, u64), String> {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        read(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn a_seed_that_went_wrong_can_be_run_again() {
        assert_eq!(of(&["migrate"]), Ok((1, 100)));
        assert_eq!(of(&["migrate", "--first", "17", "--seeds=1"]), Ok((17, 1)));
        assert_eq!(of(&["migrate", "--seeds", "many"]), Err("--seeds wants a number".to_owned()));
        assert!(of(&["--seeds", "1"]).unwrap_err().starts_with("chaos is for `migrate`"));
        assert!(of(&["migrate", "--forever"]).is_err());
    }
}
