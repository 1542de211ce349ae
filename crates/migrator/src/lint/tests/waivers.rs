use super::{findings, history, rules};
use crate::{Rule, lint};

#[test]
fn a_rule_is_waived_for_its_file_by_a_comment_with_a_reason() {
    assert_eq!(
        rules("-- migrate: allow drop-table: nobody reads it\nDROP TABLE people; DROP TABLE cities"),
        [""; 0]
    );
    assert_eq!(
        rules("DROP TABLE people; -- migrate: allow drop-table : since 2024 nobody reads it"),
        [""; 0]
    );
    assert_eq!(
        rules("-- migrate: allow drop-table: x\nDROP TABLE people; DELETE FROM cities"),
        ["delete-without-where"]
    );
    let other_file =
        [("01_a.sql", "-- migrate: allow drop-table: x\nDROP TABLE a"), ("02_b.sql", "DROP TABLE b")];
    assert_eq!(findings(&other_file).len(), 1);
}

#[test]
fn a_waiver_in_the_way_back_holds_for_a_step_whose_file_never_changes() {
    let files = |back| [("01_a.sql", "DROP TABLE a"), ("R01_a.sql", back)];
    assert_eq!(findings(&files("-- migrate: allow drop-table: nobody reads it\nDO 0")), []);
    assert_eq!(findings(&files("DO 0")).len(), 1);
    // The other way round it does not: the way back is a file of its own, which may change.
    let back =
        [("01_a.sql", "-- migrate: allow delete-without-where: x\nDO 0"), ("R01_a.sql", "DELETE FROM a")];
    assert_eq!(
        findings(&back).iter().map(|one| one.rule).collect::<Vec<_>>(),
        [Rule::Waiver, Rule::DeleteWithoutWhere]
    );
}

#[test]
fn a_waiver_that_says_nothing_or_waives_nothing_is_found() {
    for (file, expected) in [
        (
            "-- migrate: allow drop-table\nDROP TABLE a",
            "waives drop-table without a reason, so it is not waived",
        ),
        (
            "-- migrate: allow drop-table:  \nDROP TABLE a",
            "waives drop-table without a reason, so it is not waived",
        ),
        (
            "-- migrate: allow drop-table: x\nDO 0",
            "waives drop-table and there is nothing to waive: take it out",
        ),
        (
            "-- migrate: allow drop-table: x\n-- migrate: allow drop-table: y\nDROP TABLE a",
            "waives drop-table a second time: take it out",
        ),
    ] {
        let found = findings(&[("01_a.sql", file)]);
        assert!(found.iter().any(|one| one.rule == Rule::Waiver && one.sentence == expected), "{found:#?}");
    }
    for name in ["drop-tabel: x", "waiver: x", ": x", ""] {
        let file = format!("-- migrate: allow {name}\nDO 0");
        let found = findings(&[("01_a.sql", file.as_str())]);
        assert!(found[0].sentence.contains("but the rules are drop-table, drop-column,"), "{found:#?}");
    }
}

#[test]
fn what_is_waived_without_a_reason_is_still_found() {
    assert_eq!(rules("-- migrate: allow drop-table\nDROP TABLE people"), ["waiver", "drop-table"]);
}

#[test]
fn a_waiver_in_a_text_is_text() {
    assert_eq!(rules("DROP TABLE people; SELECT '\n-- migrate: allow drop-table: x\n'"), ["drop-table"]);
}

#[test]
fn each_rule_has_a_name_of_its_own_and_advice_that_ends() {
    for rule in Rule::ALL {
        assert_eq!(rule.name().parse(), Ok(rule));
        assert!(rule.advice().ends_with(['.', ':']), "{rule}");
        assert!(!rule.advice().contains("  "), "{rule}");
    }
    assert!("drop".parse::<Rule>().is_err());
    assert!(lint(&history(&[("01_a.sql", "DO 0")])).unwrap().is_empty());
}
