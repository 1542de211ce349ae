//! Seconds, and what they come to.

use serde_json::{Map, Value, json};

use super::{
    super::figures::Spread,
    programs::{OURS, PLAIN, Program, REFINERY, SQLX},
};
use crate::Result;

/// In seconds, a value for each round.
#[derive(Debug, Default)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    /// On an empty database.
    pub(super) applied: Vec<f64>,
    /// Processor time of the program in the same runs, in hundredths.
    pub(super) cpu: Vec<f64>,
    /// With nothing to do; empty for one that cannot know.
    pub(super) again: Vec<f64>,
}

/// One contestant against another one.
pub(super) struct Duel {
    pub(super) of: &'static str,
    pub(super) against: &'static str,
    pub(super) what: What,
    /// What the ratio of their times should be at most.
    pub(super) target: Option<f64>,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    Applied,
    Again,
}

pub(super) const DUELS: [Duel; 5] = [
    Duel { of: OURS, against: PLAIN, what: What::Applied, target: Some(1.25) },
    Duel { of: OURS, against: REFINERY, what: What::Applied, target: None },
    Duel { of: OURS, against: SQLX, what: What::Applied, target: None },
    Duel { of: OURS, against: REFINERY, what: What::Again, target: Some(1.0) },
    Duel { of: OURS, against: SQLX, what: What::Again, target: Some(1.0) },
];

impl Duel {
    pub(super) fn title(&self) -> String {
        let what = match self.what {
            What::Applied => "",
            What::Again => ", nothing to do",
        };
        format!("{} / {}{what}", self.of, self.against)
    }
}

pub(super) struct Measured {
    pub(super) contestants: Vec<Contestant>,
}

impl Measured {
    pub(super) fn of(programs: &[Program]) -> Self {
        let contestant = |program: &Program| Contestant { name: program.name, ..Contestant::default() };
        Self { contestants: programs.iter().map(contestant).collect() }
    }

    pub(super) fn contestant(&mut self, name: &str) -> Result<&mut Contestant> {
        let found = self.contestants.iter_mut().find(|one| one.name == name);
        found.ok_or_else(|| format!("{name} is not measured").into())
    }

    /// Round by round: what slows the machine down slows both. `None` if one of them was not measured.
    pub(super) fn ratio(&self, duel: &Duel) -> Option<Spread> {
        let rounds = |name: &str| {
            let one = self.contestants.iter().find(|one| one.name == name)?;
            Some(match duel.what {
                What::Applied => &one.applied,
                What::Again => &one.again,
            })
        };
        let pairs = rounds(duel.of)?.iter().zip(rounds(duel.against)?);
        Spread::of(pairs.map(|(of, against)| of / against).collect())
    }

    /// In the form of the other benches, as far as a later run compares it.
    pub(super) fn kept(&self, conditions: &Value) -> Value {
        let contestant = |one: &Contestant| {
            let Contestant { name, applied, cpu, again } = one;
            let value = json!({ "seconds": applied, "cpu_seconds": cpu, "nothing_to_do_seconds": again });
            ((*name).to_owned(), value)
        };
        let ratio = |duel: &Duel| {
            let Spread { min, median, max } = self.ratio(duel)?;
            Some((duel.title(), json!({ "of": duel.of, "median": median, "min": min, "max": max })))
        };
        json!({
            "conditions": conditions,
            "contestants": self.contestants.iter().map(contestant).collect::<Map<_, _>>(),
            "ratios": DUELS.iter().filter_map(ratio).collect::<Map<_, _>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(ours: [f64; 3]) -> Measured {
        let one = |name, applied: [f64; 3], again: &[f64]| Contestant {
            name,
            applied: applied.into(),
            cpu: vec![0.1; 3],
            again: again.into(),
        };
        Measured {
            contestants: vec![one(PLAIN, [6.0, 12.0, 6.0], &[]), one(OURS, ours, &[0.01, 0.01, 0.01])],
        }
    }

    #[test]
    fn times_are_compared_within_each_round() {
        let [against_plain, .., nothing_to_do] = DUELS;
        let measured = measured([6.0, 13.5, 7.5]);
        assert_eq!(measured.ratio(&against_plain), Some(Spread { min: 1.0, median: 1.125, max: 1.25 }));
        assert_eq!(measured.ratio(&nothing_to_do), None);
    }

    #[test]
    fn a_later_run_finds_the_ratios_where_those_of_the_other_benches_are() {
        let (before, now) = (measured([6.0, 12.0, 6.0]), measured([9.0, 18.0, 9.0]));
        let kept = |measured: &Measured| measured.kept(&json!({ "rounds": 3 }));
        let moved = super::super::super::kept::moved(&kept(&before), &kept(&now));
        assert_eq!(
            moved,
            "  moved: kseekers-migrate / mariadb client was 1.00 (1.00 – 1.00), is 1.50 (1.50 – 1.50)\n"
        );
    }
}
