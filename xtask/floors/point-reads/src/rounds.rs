//! One round: reads one after the other for a time.

use std::{
    fs,
    time::{Duration, Instant},
};

use floor_common::Result;
use serde_json::json;

use crate::Row;

/// Reads the types 1 to 4 of the sample data in turns.
pub async fn measure(
    contestant: &str,
    shown: bool,
    time: Duration,
    mut read: impl AsyncFnMut(i32) -> Result<Option<Row>>,
) -> Result<()> {
    let mut micros: Vec<f64> = Vec::with_capacity(100_000);
    let cpu = cpu_seconds()?;
    let began = Instant::now();
    let mut last = began;
    while last - began < time {
        let wanted = micros.len() as i32 % 4 + 1;
        if read(wanted).await?.is_none_or(|(id, ..)| id != wanted) {
            return Err(format!("{contestant}: type {wanted} was not answered").into());
        }
        let now = Instant::now();
        micros.push((now - last).as_secs_f64() * 1e6);
        last = now;
    }
    let (seconds, cpu) = ((last - began).as_secs_f64(), cpu_seconds()? - cpu);
    let count = micros.len();
    micros.sort_by(f64::total_cmp);
    let percentile = |part: usize| micros.get(count * part / 100).copied().unwrap_or_default();
    if shown {
        println!(
            "{}",
            json!({
                "contestant": contestant,
                "requests": count,
                "seconds": seconds,
                "p50_us": percentile(50),
                "p99_us": percentile(99),
                "cpu_seconds": cpu,
            })
        );
    }
    Ok(())
}

/// Of this process until now, user and system.
fn cpu_seconds() -> Result<f64> {
    // In nanoseconds, of this thread, which is the only one that works.
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: u64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanos as f64 / 1e9)
}
