//! What is shown in the terminal.

use std::fmt::Write;

use super::figures::{Contestant, Measured};

const HEAD: [&str; 7] = ["", "requests/s", "from – to", "p50 ms", "p99 ms", "CPU s/1,000", "peak MB"];

/// A line for each contestant, under a heading.
pub(super) fn rows(measured: &Measured) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(measured.contestants.iter().map(row));
    aligned(&rows)
}

/// The first column to the left, the others to the right.
pub(super) fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let widths: Vec<usize> = (0..COLUMNS)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = match column {
                0 => write!(line, "  {cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(contestant: &Contestant) -> [String; 7] {
    let speed = contestant.values(|round| round.per_second);
    [
        contestant.name.to_owned(),
        thousands(speed.median),
        format!("{} – {}", thousands(speed.min), thousands(speed.max)),
        format!("{:.2}", contestant.values(|round| round.p50_ms).median),
        format!("{:.2}", contestant.values(|round| round.p99_ms).median),
        format!("{:.4}", contestant.values(|round| round.cpu).median),
        contestant.peak_mb.map(|peak| format!("{peak:.0}")).unwrap_or_default(),
    ]
}

/// The ratios and the crowd, with their targets.
pub(super) fn ratios(measured: &Measured) -> String {
    let mut text = String::from("\n");
    for duel in &measured.duels {
        let Some(ratio) = measured.ratio(duel) else {
            let _ = writeln!(text, "  {} / {}: not measured", duel.of, duel.against);
            continue;
        };
        let target = match duel.target {
            Some(target) if ratio.median < target => format!(", short of {target:.2}"),
            Some(target) => format!(", at least {target:.2}: reached"),
            None => String::new(),
        };
        let _ = writeln!(text, "  {} / {}: {ratio:.2}{target}", duel.of, duel.against);
    }
    if let Some(crowd) = &measured.crowd {
        let _ = write!(text, "{crowd}");
    }
    text
}

/// `12,600`
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{super::figures::*, *};

    fn measured() -> Measured {
        let round = |per_second| Round { per_second, p50_ms: 1.234, p99_ms: 10.0, cpu: 0.02951 };
        Measured {
            title: "t".into(),
            contestants: vec![
                Contestant {
                    name: "floor",
                    rounds: vec![round(12_600.0), round(12_600.0)],
                    peak_mb: Some(9.4),
                },
                Contestant { name: "ours", rounds: vec![round(11_340.0), round(12_600.0)], peak_mb: None },
            ],
            duels: vec![
                Duel { of: "ours", against: "floor", target: Some(0.9) },
                Duel { of: "ours", against: "floor", target: Some(0.99) },
                Duel { of: "ours", against: "nobody", target: Some(0.99) },
            ],
            crowd: None,
        }
    }

    #[test]
    fn columns_stand_below_each_other() {
        assert_eq!(
            rows(&measured()),
            concat!(
                "         requests/s        from – to  p50 ms  p99 ms  CPU s/1,000  peak MB\n",
                "  floor      12,600  12,600 – 12,600    1.23   10.00       0.0295        9\n",
                "  ours       11,970  11,340 – 12,600    1.23   10.00       0.0295\n",
            )
        );
    }

    #[test]
    fn a_ratio_is_told_with_its_spread_and_its_target() {
        assert_eq!(
            ratios(&measured()),
            concat!(
                "\n  ours / floor: 0.95 (0.90 – 1.00), at least 0.90: reached\n",
                "  ours / floor: 0.95 (0.90 – 1.00), short of 0.99\n",
                "  ours / nobody: not measured\n",
            )
        );
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([999.4, 1_000.0, 1_234_567.0].map(thousands), ["999", "1,000", "1,234,567"]);
    }
}
