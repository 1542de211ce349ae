//! `bench pool`: point reads through db-pool and by hand, which one program measures by itself, in turns.

use std::{io::PipeReader, process::Command};

use serde_json::Value;

use super::{
    Bed,
    crowd::Crowd,
    figures::{Contestant, Duel, Measured, Round},
};
use crate::{Result, process, ui::Progress};

const HELD: &str = "db-pool, one connection held";
const HELD_BY_HAND: &str = "mysql_async, one connection held";
const EACH: &str = "db-pool, one taken for each read";
const EACH_BY_HAND: &str = "mysql_async, one taken for each read";

const CONTESTANTS: [&str; 4] = [HELD_BY_HAND, HELD, EACH_BY_HAND, EACH];

pub(super) fn measure(bed: &Bed<'_>, _: &PipeReader) -> Result<Measured> {
    let mut command = Command::new(bed.floors.binary("floor-point-reads")?);
    command.args([bed.place.options.rounds.to_string(), bed.place.options.seconds.to_string()]);
    bed.database.give(&mut command);
    let mut progress = Progress::aside("point reads");
    let captured = process::capture(command, |_| progress.tick(""))?;
    progress.finish("");
    if !captured.success {
        return Err(captured.output.into());
    }
    let mut measured = Measured {
        title: "Point reads, one after the other".into(),
        contestants: CONTESTANTS.map(|name| Contestant { name, ..Contestant::default() }).into(),
        duels: vec![
            Duel { of: HELD, against: HELD_BY_HAND, target: Some(0.95) },
            Duel { of: EACH, against: EACH_BY_HAND, target: None },
        ],
        crowd: None,
    };
    for line in captured.output.lines() {
        take(line, &mut measured)
            .ok_or_else(|| format!("point reads were told in an unknown form: {line}"))?;
    }
    Ok(measured)
}

/// One line of the program: a round of one contestant, or the crowd.
fn take(line: &str, measured: &mut Measured) -> Option<()> {
    let line: Value = serde_json::from_str(line).ok()?;
    let number = |name: &str| line.get(name)?.as_f64();
    let Some(name) = line.get("contestant") else {
        measured.crowd = Some(Crowd::read(&line)?);
        return Some(());
    };
    let contestant = measured.contestants.iter_mut().find(|one| one.name == name)?;
    let requests = number("requests")?;
    contestant.rounds.push(Round {
        per_second: requests / number("seconds")?,
        p50_ms: number("p50_us")? / 1e3,
        p99_ms: number("p99_us")? / 1e3,
        cpu: number("cpu_seconds")? / requests * 1e3,
    });
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        let contestants = CONTESTANTS.map(|name| Contestant { name, ..Contestant::default() }).into();
        Measured { title: String::new(), contestants, duels: Vec::new(), crowd: None }
    }

    #[test]
    fn a_line_is_a_round_of_its_contestant() {
        let mut measured = measured();
        let line = r#"{"contestant":"db-pool, one connection held","requests":500,"seconds":2.0,
            "p50_us":80.0,"p99_us":400.0,"cpu_seconds":0.5}"#;
        take(line, &mut measured).unwrap();
        let round = Round { per_second: 250.0, p50_ms: 0.08, p99_ms: 0.4, cpu: 1.0 };
        let held = measured.contestants.iter().find(|one| one.name == HELD).unwrap();
        assert_eq!(held.rounds, [round]);
    }

    #[test]
    fn what_is_not_understood_is_not_passed_over() {
        assert!(take("panicked at", &mut measured()).is_none());
        assert!(take(r#"{"contestant":"somebody else"}"#, &mut measured()).is_none());
        assert!(take(r#"{"callers":10000}"#, &mut measured()).is_none());
    }
}
