//! Results as JSON, so that a later run can say what has moved.

use std::{fmt::Write as _, fs, io::ErrorKind, path::Path};

use serde_json::{Map, Value, json};

use super::figures::{Contestant, Measured};
use crate::Result;

/// Less than this is noise.
const MOVED: f64 = 0.02;

pub(super) fn result(measured: &Measured, engine: &str) -> Value {
    let contestants: Map<_, _> =
        measured.contestants.iter().map(|one| (one.name.to_owned(), contestant(one))).collect();
    let ratios: Map<_, _> = measured
        .duels
        .iter()
        .map(|duel| {
            let ratio = measured.ratio(duel);
            let value = json!({ "median": ratio.median, "min": ratio.min, "max": ratio.max });
            (format!("{} / {}", duel.of, duel.against), value)
        })
        .collect();
    json!({
        "title": measured.title,
        "engine": engine,
        "contestants": contestants,
        "ratios": ratios,
        "notes": measured.notes,
    })
}

fn contestant(one: &Contestant) -> Value {
    let of = |value: fn(&super::figures::Round) -> f64| one.rounds.iter().map(value).collect::<Vec<_>>();
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

/// The ratios that are not what they were.
pub(super) fn moved(before: &Value, now: &Value) -> String {
    let mut text = String::new();
    for what in ["title", "engine"] {
        let then = before.get(what).unwrap_or(&Value::Null);
        if Some(then) != now.get(what) {
            let _ = writeln!(text, "  the result to compare with is of another {what}: {then}");
        }
    }
    let median = |of: &Value, name: &str| of.get("ratios")?.get(name)?.get("median")?.as_f64();
    for name in now.get("ratios").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        match (median(now, name), median(before, name)) {
            (Some(now), Some(then)) if (now - then).abs() >= MOVED => {
                let _ = writeln!(text, "  moved: {name} was {then:.2}, is {now:.2}");
            }
            _ => {}
        }
    }
    if text.is_empty() { "  nothing has moved since the last result\n".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(ratio: f64) -> Value {
        json!({ "title": "t", "engine": "e", "ratios": { "a / b": { "median": ratio } } })
    }

    #[test]
    fn a_ratio_that_moved_is_told_with_both_values() {
        assert_eq!(moved(&with(0.90), &with(0.95)), "  moved: a / b was 0.90, is 0.95\n");
        assert_eq!(moved(&with(0.90), &with(0.91)), "  nothing has moved since the last result\n");
    }

    #[test]
    fn what_cannot_be_compared_is_told() {
        let mut other = with(0.90);
        other["engine"] = "another".into();
        assert!(moved(&other, &with(0.90)).contains("\"another\""));
    }

    #[test]
    fn a_result_is_read_back_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("read.json");
        assert!(load(&file).unwrap().is_none());
        save(&file, &with(0.5)).unwrap();
        assert_eq!(load(&file).unwrap(), Some(with(0.5)));
    }
}
