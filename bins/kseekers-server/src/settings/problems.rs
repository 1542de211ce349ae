//! What is wrong with a configuration, in words that say where and what to do.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where the value comes from, such as `.env line 12` or `environment DB_PORT`; `None` when there is no value.
    pub origin: Option<String>,
    /// The name of the setting, or of the file when it is the file that cannot be read.
    pub setting: String,
    /// What is wrong and what was expected. Values of secrets never appear.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}: ")?;
        }
        write!(f, "{} {}", self.setting, self.what)
    }
}

/// All that is wrong with a configuration, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct SettingsProblems {
    /// At least one; in the order of the file, then of the table of settings.
    pub problems: Vec<Problem>,
    /// What would have been warned about.
    pub warnings: Vec<String>,
}

impl SettingsProblems {
    fn text(&self) -> String {
        let mut text = match self.problems.len() {
            1 => "The configuration has a problem:".to_owned(),
            n => format!("The configuration has {n} problems:"),
        };
        for problem in &self.problems {
            text.push_str(&format!("\n  {problem}"));
        }
        for warning in &self.warnings {
            text.push_str(&format!("\n  (warning) {warning}"));
        }
        text
    }
}

/// The known name that a mistyped one is close to: one slip for every four letters, two at most.
pub(super) fn near(typed: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let typed = typed.to_ascii_lowercase();
    let slips = |name: &str| distance(&typed, &name.to_ascii_lowercase());
    let allowed = (typed.chars().count() / 4).min(2);
    known.map(|name| (slips(&name), name)).filter(|(slips, _)| *slips <= allowed).min().map(|(_, name)| name)
}

/// Levenshtein's distance, in which two swapped neighbours count as one slip.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    // The last two rows of the table: for each prefix of `b`, the slips to the prefix of `a` so far.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, x) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut slips =
                (at(&above, j) + usize::from(x != *y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            if let Some(left) = j.checked_sub(1).and_then(|left| b.get(left).map(|c| (left, *c)))
                && previous == Some(*y)
                && left.1 == x
            {
                slips = slips.min(at(&before, left.0) + 1);
            }
            row.push(slips);
        }
        before = std::mem::replace(&mut above, row);
        previous = Some(x);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in [
            ("", "", 0),
            ("", "abc", 3),
            ("port", "port", 0),
            ("prot", "port", 1),
            ("kitten", "sitting", 3),
            ("db_pasword", "db_password", 1),
            ("ab", "ba", 1),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (slips, slips), "{a} {b}");
        }
    }

    #[test]
    fn a_name_is_near_when_it_was_probably_meant() {
        let known = || ["port", "db_port", "db_password", "secret"].map(str::to_owned).into_iter();
        assert_eq!(near("DB_PASWORD", known()).as_deref(), Some("db_password"));
        assert_eq!(near("prot", known()).as_deref(), Some("port"));
        assert_eq!(near("sceret", known()).as_deref(), Some("secret"));
        assert_eq!(near("tz", known()), None);
        assert_eq!(near("db_pool", known()), None);
    }
}
