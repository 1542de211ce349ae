//! What is shown in the terminal.

use std::fmt::Write;

use super::{
    super::{figures::Spread, table::aligned},
    figures::{Contestant, DUELS, Measured},
};

const HEAD: [&str; 6] = ["", "seconds", "from – to", "CPU s", "nothing to do, ms", "from – to"];

/// A line for each contestant, under a heading.
pub(super) fn rows(measured: &Measured) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(measured.contestants.iter().map(row));
    aligned(&rows)
}

fn row(one: &Contestant) -> [String; 6] {
    let [applied, applied_range] = cells(&one.applied, 1.0, 2);
    let [cpu, _] = cells(&one.cpu, 1.0, 2);
    let [again, again_range] = cells(&one.again, 1e3, 1);
    [one.name.to_owned(), applied, applied_range, cpu, again, again_range]
}

/// The median, and both ends.
fn cells(values: &[f64], unit: f64, digits: usize) -> [String; 2] {
    match Spread::of(values.iter().map(|value| value * unit).collect()) {
        Some(Spread { min, median, max }) => {
            [format!("{median:.digits$}"), format!("{min:.digits$} – {max:.digits$}")]
        }
        None => Default::default(),
    }
}

/// The ratios, with their targets.
pub(super) fn ratios(measured: &Measured) -> String {
    let mut text = String::from("\n");
    for duel in &DUELS {
        let title = duel.title();
        let Some(ratio) = measured.ratio(duel) else {
            let _ = writeln!(text, "  {title}: not measured");
            continue;
        };
        let target = match duel.target {
            Some(target) if ratio.median > target => format!(", short of {target:.2} at most"),
            Some(target) => format!(", {target:.2} at most: reached"),
            None => String::new(),
        };
        let _ = writeln!(text, "  {title}: {ratio:.2}{target}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{
        super::programs::{OURS, PLAIN, REFINERY},
        *,
    };

    fn measured() -> Measured {
        let one = |name, applied: &[f64], again: &[f64]| Contestant {
            name,
            applied: applied.into(),
            cpu: vec![0.125],
            again: again.into(),
        };
        Measured {
            contestants: vec![
                one(PLAIN, &[6.0, 8.0], &[]),
                one(REFINERY, &[6.0, 8.0], &[0.02, 0.02]),
                one(OURS, &[9.0, 10.0], &[0.0104, 0.0104]),
            ],
        }
    }

    #[test]
    fn columns_stand_below_each_other() {
        assert_eq!(
            rows(&measured()),
            concat!(
                "                    seconds     from – to  CPU s  nothing to do, ms    from – to\n",
                "  mariadb client       7.00   6.00 – 8.00   0.12\n",
                "  refinery             7.00   6.00 – 8.00   0.12               20.0  20.0 – 20.0\n",
                "  kseekers-migrate     9.50  9.00 – 10.00   0.12               10.4  10.4 – 10.4\n",
            )
        );
    }

    #[test]
    fn a_time_is_short_of_its_target_when_it_is_longer() {
        assert_eq!(
            ratios(&measured()),
            concat!(
                "\n  kseekers-migrate / mariadb client: 1.38 (1.25 – 1.50), short of 1.25 at most\n",
                "  kseekers-migrate / refinery: 1.38 (1.25 – 1.50)\n",
                "  kseekers-migrate / sqlx migrate: not measured\n",
                "  kseekers-migrate / refinery, nothing to do: 0.52 (0.52 – 0.52), 1.00 at most: reached\n",
                "  kseekers-migrate / sqlx migrate, nothing to do: not measured\n",
            )
        );
    }
}
