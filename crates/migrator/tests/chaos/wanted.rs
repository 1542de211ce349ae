//! What is wanted of a test program, in the words that cargo's own harness knows.

/// The name of the one test that there is.
pub(crate) const NAME: &str = "chaos";

/// Options whose value may be the next word, which then names no test.
const WITH_VALUE: [&str; 6] = ["--test-threads", "--format", "--color", "--logfile", "--shuffle-seed", "-Z"];

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The names of the tests.
    List,
    Run,
    /// Other tests than ours.
    Nothing,
}

impl Wanted {
    pub(crate) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut names, mut skipped, mut options) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (option, value) =
                word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value)));
            match option {
                "--skip" => skipped.extend(value.or_else(|| words.next())),
                _ if WITH_VALUE.contains(&option) => drop(value.or_else(|| words.next())),
                _ if option.starts_with('-') => options.push(option),
                _ => names.push(word),
            }
        }
        let is_ours =
            |name: &&str| if options.contains(&"--exact") { *name == NAME } else { NAME.contains(*name) };
        let is_meant = names.is_empty() || names.iter().any(is_ours);
        match is_meant && !skipped.iter().any(is_ours) && !options.contains(&"--ignored") {
            false => Self::Nothing,
            true if options.contains(&"--list") => Self::List,
            true => Self::Run,
        }
    }
}

#[test]
fn the_words_of_the_harness_mean_what_they_mean_elsewhere() {
    let wanted = |words: &str| Wanted::of(words.split_whitespace());
    for words in [
        "",
        "chaos",
        "ha",
        "other chaos",
        "--test-threads 1",
        "--test-threads=1 --nocapture -q",
        "--format terse -Z unstable-options --color never",
        "--exact chaos",
        "--exact --skip ha",
        "--skip other",
        "--include-ignored",
    ] {
        assert_eq!(wanted(words), Wanted::Run, "{words}");
    }
    for words in [
        "other",
        "--skip chaos",
        "--skip=ha",
        "chaos --skip chaos",
        "--exact ha",
        "1 --test-threads 1",
        "--ignored",
    ] {
        assert_eq!(wanted(words), Wanted::Nothing, "{words}");
    }
    assert_eq!(wanted("--list --format terse"), Wanted::List);
    assert_eq!(wanted("--list other"), Wanted::Nothing);
}
