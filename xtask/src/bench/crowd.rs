//! What became of the callers of `bench pool` that all wanted a connection at once.

use std::fmt;

use serde_json::{Value, json};

/// A deadline that is told later than this was not kept.
const LATE_MS: f64 = 20.0;

/// What the program has told in one line.
#[derive(Debug, PartialEq)]
pub(super) struct Crowd {
    callers: u64,
    connections: u64,
    deadline_ms: u64,
    served: u64,
    /// How long after the deadline the last one was told.
    late_ms: f64,
    /// After the crowd, as the three below.
    open_on_server: u64,
    in_use: u64,
    waiting: u64,
}

impl Crowd {
    pub(super) fn read(line: &Value) -> Option<Self> {
        let number = |name: &str| line.get(name)?.as_u64();
        Some(Self {
            callers: number("callers")?,
            connections: number("connections")?,
            deadline_ms: number("deadline_ms")?,
            served: number("served")?,
            late_ms: line.get("late_ms")?.as_f64()?,
            open_on_server: number("open_on_server")?,
            in_use: number("in_use")?,
            waiting: number("waiting")?,
        })
    }

    pub(super) fn kept(&self) -> Value {
        json!({
            "callers": self.callers,
            "connections": self.connections,
            "deadline_ms": self.deadline_ms,
            "served": self.served,
            "late_ms": self.late_ms,
            "open_on_server": self.open_on_server,
            "in_use": self.in_use,
            "waiting": self.waiting,
        })
    }
}

impl fmt::Display for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { callers, connections, deadline_ms, served, late_ms, open_on_server, in_use, waiting } =
            self;
        writeln!(
            f,
            "  {callers} callers at once for {connections} connections, deadline {deadline_ms} ms: {served} served"
        )?;
        let late = judged(*late_ms <= LATE_MS, &format!("{LATE_MS} ms at most"));
        writeln!(f, "  the last was told {late_ms:.1} ms late{late}")?;
        let open = judged(open_on_server == connections, &format!("exactly {connections}"));
        writeln!(f, "  then {open_on_server} connections on the server{open}")?;
        let left = judged(*in_use == 0 && *waiting == 0, "none");
        writeln!(f, "  then {in_use} in use, {waiting} waiting{left}")
    }
}

fn judged(reached: bool, target: &str) -> String {
    if reached { format!(", {target}: reached") } else { format!(", short of {target}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Value {
        json!({
            "callers": 10_000, "connections": 10, "deadline_ms": 500, "served": 940,
            "late_ms": 20.0, "open_on_server": 10, "in_use": 0, "waiting": 0,
        })
    }

    fn told(name: &str, value: Value) -> String {
        let mut line = line();
        line[name] = value;
        Crowd::read(&line).unwrap().to_string()
    }

    #[test]
    fn a_crowd_that_left_nothing_behind_reached_all_targets() {
        assert_eq!(
            Crowd::read(&line()).unwrap().to_string(),
            concat!(
                "  10000 callers at once for 10 connections, deadline 500 ms: 940 served\n",
                "  the last was told 20.0 ms late, 20 ms at most: reached\n",
                "  then 10 connections on the server, exactly 10: reached\n",
                "  then 0 in use, 0 waiting, none: reached\n",
            )
        );
    }

    #[test]
    fn each_broken_promise_is_short_of_its_target() {
        assert!(told("late_ms", json!(20.5)).contains("20.5 ms late, short of 20 ms at most\n"));
        for open in [9, 11] {
            assert!(told("open_on_server", json!(open)).contains("on the server, short of exactly 10\n"));
        }
        assert!(told("in_use", json!(1)).contains("1 in use, 0 waiting, short of none\n"));
        assert!(told("waiting", json!(2)).contains("0 in use, 2 waiting, short of none\n"));
    }

    #[test]
    fn every_number_is_kept_as_it_was_told() {
        assert_eq!(Crowd::read(&line()).unwrap().kept(), line());
    }

    #[test]
    fn a_line_without_one_of_the_numbers_is_not_understood() {
        for name in line().as_object().unwrap().keys() {
            let mut line = line();
            line[name] = Value::Null;
            assert_eq!(Crowd::read(&line), None, "{name}");
        }
    }
}
