//! What a later run says about a kept result.

use super::{
    super::{crowd::Crowd, figures::Duel},
    *,
};

const NOTHING: &str = "  nothing has moved since the last result\n";

fn conditions() -> Conditions {
    Conditions {
        bench: "read",
        family: "mariadb",
        engine: "MariaDB 10.11.19".into(),
        cores: 2,
        rounds: 2,
        seconds: 3,
        connections: Some(32),
    }
}

/// Two rounds in which the floor serves 100 requests in a second.
fn measured(ours: [f64; 2], p99_ms: [f64; 2], cpu: [f64; 2], peak_mb: f64) -> Measured {
    let round =
        |index: usize| Round { per_second: ours[index], p50_ms: 1.0, p99_ms: p99_ms[index], cpu: cpu[index] };
    let floor = Round { per_second: 100.0, p50_ms: 1.0, p99_ms: 9.0, cpu: 0.02 };
    Measured {
        title: "t".into(),
        contestants: vec![
            Contestant { name: "ours", rounds: vec![round(0), round(1)], peak_mb: Some(peak_mb) },
            Contestant { name: "floor", rounds: vec![floor, floor], peak_mb: Some(9.0) },
        ],
        duels: vec![Duel { of: "ours", against: "floor", target: None }],
        crowd: None,
    }
}

fn kept(ours: [f64; 2], p99_ms: [f64; 2], cpu: [f64; 2], peak_mb: f64) -> Value {
    result(&measured(ours, p99_ms, cpu, peak_mb), &conditions())
}

fn base() -> Value {
    kept([90.0, 94.0], [10.0, 12.0], [0.030, 0.032], 20.0)
}

#[test]
fn what_lies_within_the_spread_of_both_runs_has_not_moved() {
    assert_eq!(moved(&base(), &base()), NOTHING);
    assert_eq!(moved(&base(), &kept([94.0, 99.0], [5.0, 10.0], [0.032, 0.050], 22.0)), NOTHING);
}

#[test]
fn a_ratio_that_moved_either_way_is_told_with_both_spreads() {
    let now = kept([95.0, 99.0], [10.0, 12.0], [0.030, 0.032], 20.0);
    let up = "  moved: ours / floor was 0.92 (0.90 – 0.94), is 0.97 (0.95 – 0.99)\n";
    assert_eq!(moved(&base(), &now), up);
    let down = "  moved: ours / floor was 0.97 (0.95 – 0.99), is 0.92 (0.90 – 0.94)\n";
    assert_eq!(moved(&now, &base()), down);
}

#[test]
fn what_the_server_takes_is_told_when_it_moved() {
    assert_eq!(
        moved(&base(), &kept([90.0, 94.0], [13.0, 15.0], [0.026, 0.028], 23.0)),
        concat!(
            "  moved: p99 ms of ours was 11.00 (10.00 – 12.00), is 14.00 (13.00 – 15.00)\n",
            "  moved: CPU s/1,000 of ours was 0.0310 (0.0300 – 0.0320), is 0.0270 (0.0260 – 0.0280)\n",
            "  moved: peak MB of ours was 20, is 23\n",
        )
    );
}

#[test]
fn a_result_of_other_conditions_is_not_compared() {
    let others: [fn(&mut Conditions); 6] = [
        |it| it.bench = "auth",
        |it| it.engine = "MySQL 9.7.0".into(),
        |it| it.cores = 8,
        |it| it.rounds = 5,
        |it| it.seconds = 1,
        |it| it.connections = None,
    ];
    for change in others {
        let mut other = conditions();
        change(&mut other);
        let before = result(&measured([1.0; 2], [1.0; 2], [1.0; 2], 1.0), &other);
        let text = moved(&before, &base());
        assert!(text.starts_with("  not compared with the last result: "), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_result_that_does_not_tell_its_conditions_is_not_compared() {
    let mut before = base();
    before["conditions"] = Value::Null;
    assert!(moved(&before, &base()).contains("rounds was null, is 2\n"));
}

#[test]
fn one_round_is_not_compared() {
    let one =
        result(&measured([90.0; 2], [1.0; 2], [1.0; 2], 1.0), &Conditions { rounds: 1, ..conditions() });
    assert_eq!(moved(&one, &one), "  not compared with the last result: one round has no spread\n");
}

#[test]
fn a_short_look_does_not_replace_a_long_run() {
    assert_eq!(conditions().file_name(), "read-mariadb-2x3s-32.json");
    let short = Conditions { rounds: 1, seconds: 1, connections: None, ..conditions() };
    assert_eq!(short.file_name(), "read-mariadb-1x1s.json");
}

#[test]
fn a_result_is_read_back_as_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(conditions().file_name());
    assert!(load(&file).unwrap().is_none());
    // Fractions that JSON holds to the last bit.
    let result = kept([50.0, 100.0], [1.0, 2.0], [0.25, 0.5], 20.0);
    save(&file, &result).unwrap();
    assert_eq!(load(&file).unwrap(), Some(result));
}

#[test]
fn a_crowd_is_kept_in_numbers() {
    let line = json!({
        "callers": 10_000, "connections": 10, "deadline_ms": 500, "served": 940,
        "late_ms": 3.5, "open_on_server": 10, "in_use": 0, "waiting": 0,
    });
    let mut measured = measured([1.0; 2], [1.0; 2], [1.0; 2], 1.0);
    measured.crowd = Crowd::read(&line);
    assert_eq!(result(&measured, &conditions())["crowd"], line);
}
