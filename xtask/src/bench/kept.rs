//! Results as JSON, so that a later run can say what has moved: ratios, and what the server itself takes. Requests in a
//! second and p50 are kept for the reader; of these the ratios tell, whatever the hour.

use std::{collections::BTreeSet, fmt::Write as _, fs, io::ErrorKind, path::Path};

use serde_json::{Map, Value, json};

use super::figures::{Contestant, Measured, Round, Spread};
use crate::Result;

/// Memory is read once, without a spread. A smaller part of it than this is noise.
const PEAK_MOVED: f64 = 0.1;

/// What must be the same before two results say anything about each other.
#[derive(Debug)]
pub(super) struct Conditions {
    pub(super) bench: &'static str,
    pub(super) family: &'static str,
    /// Kind and version.
    pub(super) engine: String,
    pub(super) cores: usize,
    pub(super) rounds: u32,
    pub(super) seconds: u32,
    /// `None` where there is no choice.
    pub(super) connections: Option<u32>,
}

impl Conditions {
    /// One for each choice, so that a short look does not replace the result of a long run.
    pub(super) fn file_name(&self) -> String {
        let Self { bench, family, rounds, seconds, .. } = self;
        let connections = self.connections.map(|number| format!("-{number}")).unwrap_or_default();
        format!("{bench}-{family}-{rounds}x{seconds}s{connections}.json")
    }

    fn kept(&self) -> Value {
        json!({
            "bench": self.bench,
            "engine": self.engine,
            "cores": self.cores,
            "rounds": self.rounds,
            "seconds": self.seconds,
            "connections": self.connections,
        })
    }
}

pub(super) fn result(measured: &Measured, conditions: &Conditions) -> Value {
    let contestants: Map<_, _> =
        measured.contestants.iter().map(|one| (one.name.to_owned(), contestant(one))).collect();
    let ratios: Map<_, _> = measured
        .duels
        .iter()
        .filter_map(|duel| {
            let Spread { min, median, max } = measured.ratio(duel)?;
            let value = json!({ "of": duel.of, "median": median, "min": min, "max": max });
            Some((format!("{} / {}", duel.of, duel.against), value))
        })
        .collect();
    json!({
        "title": measured.title,
        "conditions": conditions.kept(),
        "contestants": contestants,
        "ratios": ratios,
        "crowd": measured.crowd.as_ref().map(super::crowd::Crowd::kept),
    })
}

fn contestant(one: &Contestant) -> Value {
    let of = |value: fn(&Round) -> f64| one.rounds.iter().map(value).collect::<Vec<_>>();
    json!({
        "requests_per_second": of(|round| round.per_second),
        "p50_ms": of(|round| round.p50_ms),
        "p99_ms": of(|round| round.p99_ms),
        "cpu_seconds_per_1000": of(|round| round.cpu),
        "peak_mb": one.peak_mb,
    })
}

pub(super) fn save(file: &Path, result: &Value) -> Result<()> {
    Ok(fs::write(file, format!("{result:#}\n"))?)
}

/// `None` if there is no such file.
pub(super) fn load(file: &Path) -> Result<Option<Value>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", file.display()).into()),
    }
}

/// What is not as it was, or why that cannot be told.
pub(super) fn moved(before: &Value, now: &Value) -> String {
    let mut text = String::new();
    for (what, is) in entries(now, "conditions") {
        let was = before.pointer(&format!("/conditions/{what}")).unwrap_or(&Value::Null);
        if was != is {
            let _ = writeln!(text, "  not compared with the last result: {what} was {was}, is {is}");
        }
    }
    if !text.is_empty() {
        return text;
    }
    if now.pointer("/conditions/rounds") == Some(&1.into()) {
        return "  not compared with the last result: one round has no spread\n".into();
    }
    let mut note = |name: &str, was: Option<Spread>, is: Option<Spread>, digits: usize| {
        if let (Some(was), Some(is)) = (was, is)
            && !was.overlaps(&is)
        {
            let _ = writeln!(text, "  moved: {name} was {was:.digits$}, is {is:.digits$}");
        }
    };
    let mut ours = BTreeSet::new();
    for (name, is) in entries(now, "ratios") {
        ours.extend(is.get("of").and_then(Value::as_str));
        note(name, before.get("ratios").and_then(|was| ratio(was.get(name)?)), ratio(is), 2);
    }
    for name in &ours {
        for (figure, unit, digits) in [("p99_ms", "p99 ms", 2), ("cpu_seconds_per_1000", "CPU s/1,000", 4)] {
            note(
                &format!("{unit} of {name}"),
                rounds(before, name, figure),
                rounds(now, name, figure),
                digits,
            );
        }
    }
    for name in &ours {
        let peak = |of: &Value| of.get("contestants")?.get(name)?.get("peak_mb")?.as_f64();
        match (peak(before), peak(now)) {
            (Some(was), Some(is)) if (is - was).abs() > was * PEAK_MOVED => {
                let _ = writeln!(text, "  moved: peak MB of {name} was {was:.0}, is {is:.0}");
            }
            _ => {}
        }
    }
    if text.is_empty() { "  nothing has moved since the last result\n".into() } else { text }
}

fn entries<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    of.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn ratio(kept: &Value) -> Option<Spread> {
    let number = |name: &str| kept.get(name)?.as_f64();
    Some(Spread { min: number("min")?, median: number("median")?, max: number("max")? })
}

/// A figure of a contestant, over the rounds.
fn rounds(of: &Value, contestant: &str, figure: &str) -> Option<Spread> {
    let values = of.get("contestants")?.get(contestant)?.get(figure)?.as_array()?;
    Spread::of(values.iter().map(Value::as_f64).collect::<Option<_>>()?)
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
