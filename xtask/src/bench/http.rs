//! `bench read` and `bench auth`: one route of the server against the floors.

use std::{fs, io::PipeReader, path::Path, process::Command, time::Duration};

use serde_json::Value;

use super::{
    Bed,
    figures::{Contestant, Duel, Measured, Round},
    running::Running,
    wrk,
};
use crate::{Result, process, ui::Progress};

const BARE: &str = "actix, ready bytes";
const BY_HAND: &str = "actix + mysql_async";
const SQLX: &str = "axum + sqlx";
const SERVER: &str = "kseekers-server";
const QUIET: &str = "kseekers-server, log_level=warn";

/// A list of a few rows.
pub(super) fn read(bed: &Bed<'_>, input: &PipeReader) -> Result<Measured> {
    measure(bed, "/lookup/types", input)
}

/// A token is checked, and its user read.
pub(super) fn auth(bed: &Bed<'_>, input: &PipeReader) -> Result<Measured> {
    measure(bed, "/auth/me", input)
}

fn measure(bed: &Bed<'_>, path: &str, input: &PipeReader) -> Result<Measured> {
    let token = token(bed)?;
    let contestants = start(bed, path, &token, input)?;
    compare_answers(&contestants, path, &token)?;

    let mut progress = Progress::aside(format!("GET {path}"));
    let rounds = bed.place.options.rounds;
    let mut measured: Vec<_> =
        contestants.iter().map(|(name, _)| Contestant { name, ..Contestant::default() }).collect();
    for round in 0..=rounds {
        for ((name, running), measured) in contestants.iter().zip(&mut measured) {
            let mut tick = || progress.tick(&format!("round {round} of {rounds}, {name}"));
            // The first round warms up.
            let seconds = if round == 0 { 1 } else { bed.place.options.seconds };
            let (url, time) = (running.url(path), Duration::from_secs(seconds.into()));
            let cpu = running.cpu_seconds()?;
            let load = wrk::load(&url, &token, bed.place.options.connections, time, &mut tick)
                .map_err(|error| format!("{name}: {error}"))?;
            let cpu = running.cpu_seconds()? - cpu;
            if round > 0 {
                measured.rounds.push(Round {
                    per_second: load.per_second,
                    p50_ms: load.p50_ms,
                    p99_ms: load.p99_ms,
                    cpu: cpu / load.requests as f64 * 1e3,
                });
                measured.peak_mb = Some(running.peak_mb()?);
            }
        }
    }
    progress.finish("");
    Ok(Measured {
        title: format!("GET {path}, {} connections", bed.place.options.connections),
        contestants: measured,
        duels: vec![
            Duel { of: SERVER, against: BY_HAND, target: Some(0.9) },
            Duel { of: SERVER, against: SQLX, target: Some(1.0) },
            Duel { of: QUIET, against: BY_HAND, target: None },
        ],
        crowd: None,
    })
}

fn token(bed: &Bed<'_>) -> Result<String> {
    let mut command = Command::new(bed.floors.binary("floor-token")?);
    bed.database.give(&mut command);
    let captured = process::capture(command, |_| {})?;
    match captured.success {
        true => Ok(captured.output.trim().to_owned()),
        false => Err(captured.output.into()),
    }
}

/// All of them at once: who is not under load waits and costs nothing.
fn start(bed: &Bed<'_>, path: &str, token: &str, input: &PipeReader) -> Result<Vec<(&'static str, Running)>> {
    let server = |name: &str, extra: &[(&str, &str)]| {
        let folder = bed.place.folder.join(name);
        Running::server(bed.built.binary("kseekers-server")?, &folder, extra, &bed.database, input)
    };
    let floor = |name: &str, file: Option<&Path>| {
        let mut command = Command::new(bed.floors.binary(name)?);
        command.args(file);
        Running::floor(command, &bed.database, input)
    };
    let ours = server("server", &[])?;
    let bytes = bed.place.folder.join("answer.json");
    fs::write(&bytes, ours.get(path, token)?)?;
    Ok(vec![
        (BARE, floor("floor-bare", Some(&bytes))?),
        (BY_HAND, floor("floor-by-hand", None)?),
        (SQLX, floor("floor-axum-sqlx", None)?),
        (SERVER, ours),
        (QUIET, server("server-quiet", &[("log_level", "warn")])?),
    ])
}

/// Who answers something else does other work.
fn compare_answers(contestants: &[(&str, Running)], path: &str, token: &str) -> Result<()> {
    let mut first = None;
    for (name, running) in contestants {
        let answer = running.get(path, token).map_err(|error| format!("{name}: {error}"))?;
        let mut answer: Value = serde_json::from_str(&answer)?;
        if let Some(time) = answer.get_mut("fetch_time") {
            *time = Value::Null;
        }
        let expected = first.get_or_insert_with(|| answer.clone());
        if *expected != answer {
            return Err(format!("{name} does not answer as the others: {answer}").into());
        }
    }
    Ok(())
}
