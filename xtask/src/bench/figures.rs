//! Rounds, and what they come to.

use std::fmt;

use super::crowd::Crowd;

/// One contestant under load for one round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Round {
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// Seconds of processor time of the contestant for 1,000 requests.
    pub(super) cpu: f64,
}

#[derive(Debug, Default)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    pub(super) rounds: Vec<Round>,
    /// Most memory that the process ever had.
    pub(super) peak_mb: Option<f64>,
}

/// One contestant against another one.
#[derive(Debug)]
pub(super) struct Duel {
    pub(super) of: &'static str,
    pub(super) against: &'static str,
    /// What the ratio of their requests in a second should be at least.
    pub(super) target: Option<f64>,
}

#[derive(Debug)]
pub(super) struct Measured {
    pub(super) title: String,
    pub(super) contestants: Vec<Contestant>,
    pub(super) duels: Vec<Duel>,
    pub(super) crowd: Option<Crowd>,
}

impl Contestant {
    /// All zero before the first round.
    pub(super) fn values(&self, of: impl Fn(&Round) -> f64) -> Spread {
        Spread::of(self.rounds.iter().map(of).collect()).unwrap_or_default()
    }
}

impl Measured {
    /// The ratio of the requests in a second, round by round: what slows the machine down slows both.
    /// `None` if one of them was not measured.
    pub(super) fn ratio(&self, duel: &Duel) -> Option<Spread> {
        let rounds =
            |name| self.contestants.iter().filter(move |one| one.name == name).flat_map(|one| &one.rounds);
        let pairs = rounds(duel.of).zip(rounds(duel.against));
        Spread::of(pairs.map(|(of, against)| of.per_second / against.per_second).collect())
    }
}

/// The middle and the ends of a row of values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Spread {
    /// `None` if there are no values.
    pub(super) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied();
        let last = values.len().checked_sub(1)?;
        // Of an even number, the middle of the two in the middle.
        let median = f64::midpoint(at(last / 2)?, at(last.div_ceil(2))?);
        Some(Self { min: at(0)?, median, max: at(last)? })
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.min <= other.max && other.min <= self.max
    }
}

/// `0.91 (0.86 – 0.93)`, in as many digits as the format asks for.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "{:.digits$} ({:.digits$} – {:.digits$})", self.median, self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Some(Spread { min: 1.0, median: 2.0, max: 3.0 }));
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).unwrap().median, 2.5);
        assert_eq!(Spread::of(vec![7.0]), Some(Spread { min: 7.0, median: 7.0, max: 7.0 }));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn contestants_are_compared_within_each_round() {
        let rounds = |values: &[f64]| {
            values.iter().map(|per_second| Round { per_second: *per_second, ..Round::default() }).collect()
        };
        let measured = Measured {
            title: String::new(),
            contestants: vec![
                Contestant { name: "floor", rounds: rounds(&[100.0, 10.0, 100.0]), peak_mb: None },
                Contestant { name: "ours", rounds: rounds(&[90.0, 9.0, 80.0]), peak_mb: None },
            ],
            duels: Vec::new(),
            crowd: None,
        };
        let duel = Duel { of: "ours", against: "floor", target: None };
        assert_eq!(measured.ratio(&duel), Some(Spread { min: 0.8, median: 0.9, max: 0.9 }));
        for (of, against) in [("ours", "flor"), ("our", "floor")] {
            assert_eq!(measured.ratio(&Duel { of, against, target: None }), None);
        }
    }
}
