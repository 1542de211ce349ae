//! wrk, which makes the load.

use std::{process::Command, time::Duration};

use crate::{Result, process};

/// What wrk saw.
#[derive(Debug, PartialEq)]
pub(super) struct Load {
    pub(super) requests: u64,
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// Loads `url` for a time, over so many connections.
pub(super) fn load(
    url: &str,
    token: &str,
    connections: u32,
    time: Duration,
    mut tick: impl FnMut(),
) -> Result<Load> {
    let mut wrk = Command::new("wrk");
    wrk.arg("--latency").args(["--threads", if connections > 1 { "2" } else { "1" }]);
    wrk.args(["--connections", &connections.to_string()]);
    wrk.args(["--duration", &format!("{}s", time.as_secs())]);
    wrk.args(["--header", &format!("Authorization: Bearer {token}"), url]);
    let captured = process::capture(wrk, |_| tick())?;
    if !captured.success {
        return Err(format!("wrk: {}", captured.output.trim_end()).into());
    }
    read(&captured.output)
}

fn read(output: &str) -> Result<Load> {
    // Only there when something went wrong: then the figures mean nothing.
    if let Some(line) = output.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        return Err(format!("not all requests were answered well: {}", line.trim()).into());
    }
    let words = || output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let percentile = |name: &str| {
        words().find_map(|words| match words.as_slice() {
            [first, time] if *first == name => milliseconds(time),
            _ => None,
        })
    };
    let load = || {
        Some(Load {
            requests: words().find_map(|words| match words.as_slice() {
                [count, "requests", "in", ..] => count.parse().ok(),
                _ => None,
            })?,
            per_second: words().find_map(|words| match words.as_slice() {
                ["Requests/sec:", number] => number.parse().ok(),
                _ => None,
            })?,
            p50_ms: percentile("50%")?,
            p99_ms: percentile("99%")?,
        })
    };
    load().ok_or_else(|| format!("wrk has answered in an unknown form:\n{output}").into())
}

/// `627.00us`, `2.38ms`, `1.20s`
fn milliseconds(time: &str) -> Option<f64> {
    let number = time.trim_end_matches(char::is_alphabetic);
    let factor = match time.get(number.len()..)? {
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "Running 3s test @ http://127.0.0.1:8000/lookup/types
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.61ms    1.42ms  21.04ms   91.52%
    Req/Sec     5.46k     1.46k    8.24k    62.50%
  Latency Distribution
     50%  627.00us
     75%    2.60ms
     90%    3.35ms
     99%    7.86ms
  40247 requests in 4.01s, 30.25MB read
Requests/sec:  10047.91
Transfer/sec:      7.55MB
";

    #[test]
    fn the_figures_are_found() {
        let load = read(OUTPUT).unwrap();
        assert_eq!(load, Load { requests: 40_247, per_second: 10_047.91, p50_ms: 0.627, p99_ms: 7.86 });
    }

    #[test]
    fn times_are_read_in_every_unit() {
        assert_eq!(milliseconds("1.50s"), Some(1500.0));
        assert_eq!(milliseconds("2.00m"), Some(120_000.0));
        assert_eq!(milliseconds("2.38"), None);
    }

    #[test]
    fn a_bad_answer_spoils_the_round() {
        for line in
            ["  Non-2xx or 3xx responses: 12", "  Socket errors: connect 0, read 3, write 0, timeout 0"]
        {
            let error = read(&OUTPUT.replace("Requests/sec", &format!("{line}\nRequests/sec"))).unwrap_err();
            assert!(error.to_string().contains(line.trim()), "{error}");
        }
    }

    #[test]
    fn an_unknown_form_is_an_error() {
        assert!(read("wrk 5 says hello").is_err());
    }
}
