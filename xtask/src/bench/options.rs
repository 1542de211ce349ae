//! What is measured, and for how long.

use std::path::PathBuf;

use crate::Result;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bench {
    Read,
    Auth,
    Pool,
    Migrate,
}

impl Bench {
    const ALL: [Self; 4] = [Self::Read, Self::Auth, Self::Pool, Self::Migrate];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Auth => "auth",
            Self::Pool => "pool",
            Self::Migrate => "migrate",
        }
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) benches: Vec<Bench>,
    pub(super) rounds: u32,
    /// Of load on one contestant in one round.
    pub(super) seconds: u32,
    pub(super) connections: u32,
    /// Of the history that is applied.
    pub(super) files: u32,
    /// A kept result to compare with, instead of the last one.
    pub(super) compare: Option<PathBuf>,
}

impl Options {
    pub(super) fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            benches: Bench::ALL.to_vec(),
            rounds: 5,
            seconds: 3,
            connections: 32,
            files: 1000,
            compare: None,
        };
        let mut words = arguments.iter().flat_map(|word| word.split('='));
        let mut named = Vec::new();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
            match word {
                "--rounds" => options.rounds = number(word, value()?)?,
                "--seconds" => options.seconds = number(word, value()?)?,
                "--connections" => options.connections = number(word, value()?)?,
                "--files" => options.files = number(word, value()?)?,
                "--compare" => options.compare = Some(std::path::absolute(value()?)?),
                name => match Bench::ALL.into_iter().find(|bench| bench.name() == name) {
                    Some(bench) => named.push(bench),
                    None => return Err(usage(name).into()),
                },
            }
        }
        if !named.is_empty() {
            options.benches = named;
        }
        if options.compare.is_some() && options.benches.len() != 1 {
            return Err("--compare wants one bench: read, auth, pool or migrate".into());
        }
        Ok(options)
    }
}

fn usage(unknown: &str) -> String {
    format!(
        "bench takes [read|auth|pool|migrate]… [--rounds N] [--seconds N] [--connections N] [--files N] [--compare FILE], \
         not `{unknown}`"
    )
}

/// Within what ends in reasonable time and does no harm.
fn number(name: &str, text: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|number| (1..=1000).contains(number));
    number.ok_or_else(|| format!("{name} wants a number from 1 to 1000, not `{text}`").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Options::read(&words)
    }

    #[test]
    fn all_benches_are_run_unless_some_are_named() {
        assert_eq!(read(&[]).unwrap().benches, Bench::ALL);
        assert_eq!(read(&["auth", "--rounds", "2"]).unwrap().benches, [Bench::Auth]);
    }

    #[test]
    fn numbers_are_read_in_both_spellings_and_within_bounds() {
        let options = read(&["--rounds=2", "--seconds", "1", "--connections", "8", "--files", "9"]).unwrap();
        assert_eq!((options.rounds, options.seconds, options.connections, options.files), (2, 1, 8, 9));
        for wrong in [["--rounds", "0"], ["--seconds", "many"], ["--connections", "5000"]] {
            let text = read(&wrong).unwrap_err().to_string();
            assert!(text.contains(wrong[0]) && text.contains(wrong[1]), "{text}");
        }
        assert!(read(&["--rounds"]).is_err());
    }

    #[test]
    fn a_mistyped_bench_is_refused() {
        assert!(read(&["raed"]).unwrap_err().to_string().contains("raed"));
    }

    #[test]
    fn a_result_belongs_to_one_bench() {
        assert!(read(&["--compare", "x.json"]).is_err());
        assert!(read(&["read", "--compare", "x.json"]).unwrap().compare.unwrap().is_absolute());
    }
}
