//! Rounds, and what they come to.

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
    /// What else was seen, a line each.
    pub(super) notes: Vec<String>,
}

impl Contestant {
    pub(super) fn values(&self, of: impl Fn(&Round) -> f64) -> Spread {
        Spread::of(self.rounds.iter().map(of).collect())
    }
}

impl Measured {
    /// The ratio of the requests in a second, round by round: what slows the machine down slows both.
    pub(super) fn ratio(&self, duel: &Duel) -> Spread {
        let rounds =
            |name| self.contestants.iter().filter(move |one| one.name == name).flat_map(|one| &one.rounds);
        let pairs = rounds(duel.of).zip(rounds(duel.against));
        Spread::of(pairs.map(|(of, against)| of.per_second / against.per_second).collect())
    }
}

/// The middle and the ends of a row of values; all zero if there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        let last = values.len().saturating_sub(1);
        // Of an even number, the middle of the two in the middle.
        Self { min: at(0), median: f64::midpoint(at(last / 2), at(last.div_ceil(2))), max: at(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Spread { min: 1.0, median: 2.0, max: 3.0 });
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(Spread::of(vec![7.0]), Spread { min: 7.0, median: 7.0, max: 7.0 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
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
            notes: Vec::new(),
        };
        let duel = Duel { of: "ours", against: "floor", target: None };
        assert_eq!(measured.ratio(&duel), Spread { min: 0.8, median: 0.9, max: 0.9 });
    }
}
