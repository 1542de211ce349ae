use super::Step;
use crate::check::compare;
use crate::ledger::{LedgerRow, RUNNING, UNDOING};
use crate::{MigrateError, MigrationSet, Origin, Version, exit};

fn up<'a>(
    set: &'a MigrationSet,
    ledger: &[LedgerRow],
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    super::up(set, compare(set, ledger), ledger, target)
}

fn down<'a>(
    set: &'a MigrationSet,
    ledger: &[LedgerRow],
    target: Option<Version>,
) -> Result<Vec<Step<'a>>, MigrateError> {
    super::down(set, compare(set, ledger), target)
}

fn set() -> MigrationSet {
    MigrationSet::from_files([
        ("01_one.sql", "DO 1"),
        ("R01_one.sql", "DO -1"),
        ("02_two.sql", "-- migrate: irreversible\nDO 2"),
        ("3_three_ways.sql", "DO 3"),
        ("R3_three_ways.sql", "DO -3"),
        ("1000_mine.sql", "DO 1000"),
        ("R1000_mine.sql", "DO -1000"),
    ])
    .unwrap()
}

/// The ledger after these were applied.
fn ledger(versions: &[u64]) -> Vec<LedgerRow> {
    ledger_of(&set(), versions)
}

fn ledger_of(set: &MigrationSet, versions: &[u64]) -> Vec<LedgerRow> {
    let row = |version: &u64| {
        let migration = set.get(Version::new(*version)).unwrap();
        LedgerRow {
            version: migration.digits.clone(),
            name: migration.name.clone(),
            checksum: Some(migration.up.checksum()),
            state: "done".to_owned(),
            ..LedgerRow::default()
        }
    };
    versions.iter().map(row).collect()
}

type Plan = fn(&MigrationSet, &[LedgerRow], Option<Version>) -> Result<Vec<String>, MigrateError>;
const UP: Plan =
    |set, ledger, target| Ok(up(set, ledger, target)?.iter().map(|step| step.file.name().into()).collect());
const DOWN: Plan =
    |set, ledger, target| Ok(down(set, ledger, target)?.iter().map(|step| step.file.name().into()).collect());

fn plan(plan: Plan, ledger: &[LedgerRow], target: Option<u64>) -> Vec<String> {
    plan(&set(), ledger, target.map(Version::new)).unwrap()
}

fn refusal(plan: Plan, ledger: &[LedgerRow], target: Option<u64>) -> String {
    plan(&set(), ledger, target.map(Version::new)).unwrap_err().to_string()
}

#[test]
fn the_way_up_ends_with_its_target() {
    assert_eq!(plan(UP, &[], Some(2)), ["01_one.sql", "02_two.sql"]);
    assert_eq!(plan(UP, &ledger(&[1]), None), ["02_two.sql", "3_three_ways.sql", "1000_mine.sql"]);
    assert!(plan(UP, &ledger(&[1, 2]), Some(1)).is_empty());
}

#[test]
fn the_target_of_the_way_down_stays() {
    assert_eq!(plan(DOWN, &ledger(&[1, 2, 3, 1000]), Some(2)), ["R1000_mine.sql", "R3_three_ways.sql"]);
    assert_eq!(plan(DOWN, &ledger(&[1]), None), ["R01_one.sql"]);
    assert!(plan(DOWN, &ledger(&[]), None).is_empty());
}

#[test]
fn a_way_down_over_a_step_that_cannot_be_taken_back_does_not_begin() {
    let error = refusal(DOWN, &ledger(&[1, 2, 3]), None);
    assert_eq!(
        error,
        "02_two.sql cannot be taken back: it says `-- migrate: irreversible`. Nothing was rolled back. Choose a target \
         from 02 on, or undo the step with a new migration"
    );
    assert_eq!(plan(DOWN, &ledger(&[1, 2, 3]), Some(2)), ["R3_three_ways.sql"]);
}

#[test]
fn the_way_down_ends_above_what_was_there_before() {
    for (origin, word) in [(Origin::Baseline, "baseline"), (Origin::Adopted, "adopted")] {
        let mut rows = ledger(&[1, 2, 3, 1000]);
        rows[0].origin = origin;
        rows[1].origin = origin;
        assert_eq!(plan(DOWN, &rows, None), ["R1000_mine.sql", "R3_three_ways.sql"]);
        assert_eq!(plan(DOWN, &rows, Some(3)), ["R1000_mine.sql"]);
        assert_eq!(plan(DOWN, &rows, Some(2)), ["R1000_mine.sql", "R3_three_ways.sql"]);
        let below = down(&set(), &rows, Some(Version::new(1))).unwrap_err();
        assert_eq!(
            below.to_string(),
            format!(
                "The way down cannot end at 01: what 02_two.sql makes was in this database before our history (its \
                 origin is `{word}`). Nothing was rolled back. Choose a target from 02 on"
            )
        );
        assert_eq!(below.exit_code(), exit::DRIFT);
    }
    let mut rows = ledger(&[1]);
    rows[0].origin = Origin::Marked;
    assert_eq!(plan(DOWN, &rows, None), ["R01_one.sql"]);
}

#[test]
fn an_unknown_target_is_refused() {
    assert_eq!(refusal(UP, &[], Some(4)), "There is no migration 04. There are: 01, 02, 3, 1000");
    assert_eq!(refusal(DOWN, &ledger(&[1]), Some(4)), "There is no migration 04. There are: 01, 02, 3, 1000");
    assert_eq!(
        refusal(DOWN, &ledger(&[1]), Some(3)),
        "Migration 03 is not applied, so the way down cannot end there"
    );
}

#[test]
fn what_comes_too_late_is_refused_within_its_own_series() {
    assert_eq!(
        refusal(UP, &ledger(&[1, 3]), None),
        "02_two.sql comes too late: 3_three_ways.sql is applied already. Nothing was changed. Numbers only grow: give \
         it a number after 03"
    );
    assert!(
        refusal(UP, &ledger(&[3]), Some(1))
            .starts_with("01_one.sql, 02_two.sql come too late: 3_three_ways.sql is")
    );
    assert_eq!(plan(UP, &ledger(&[1, 2, 1000]), None), ["3_three_ways.sql"]);

    let mine = |number: u64| (format!("{number}_mine.sql"), "-- migrate: irreversible\nDO 1");
    let set = MigrationSet::from_files([999, 1000, 1001, 1002].map(mine)).unwrap();
    let refusal = up(&set, &ledger_of(&set, &[1000, 1002]), None).map(drop).unwrap_err();
    assert!(
        refusal.to_string().starts_with("1001_mine.sql comes too late: 1002_mine.sql is applied already."),
        "{refusal}"
    );
}

#[test]
fn numbers_in_the_ledger_are_compared_as_numbers() {
    let mut rows = ledger(&[1, 2, 3]);
    rows[2].version = "0003".to_owned();
    rows[2].name = "three_ways".to_owned();
    assert_eq!(plan(UP, &rows, None), ["1000_mine.sql"]);
    rows.push(rows[2].clone());
    assert!(refusal(UP, &rows, None).starts_with("Version 03 is in schema_migrations twice."));
}

#[test]
fn a_row_that_is_not_ours_stops_both_ways() {
    type Change = fn(&mut LedgerRow);
    let changes: [(Change, &str); 5] = [
        (
            |row| row.name = "another".to_owned(),
            "02_two.sql is not what was applied to this database under its number: that was \"another\".",
        ),
        (
            |row| row.checksum = Some("0".repeat(32)),
            "02_two.sql is not the text that was applied to this database: its checksum is ",
        ),
        (
            |row| row.checksum = None,
            "02_two.sql is not the text that was applied to this database: its checksum is ",
        ),
        (
            |row| row.version = "07".to_owned(),
            "Version 07 (two) is applied to this database, but we have no such file.",
        ),
        (
            |row| row.version = "first".to_owned(),
            "Version first (two) is applied to this database, but we have no such file.",
        ),
    ];
    for (change, sentence) in changes {
        let mut rows = ledger(&[1, 2]);
        change(&mut rows[1]);
        for way in [UP, DOWN] {
            let error = refusal(way, &rows, None);
            assert!(error.starts_with(sentence), "{error}");
            assert!(error.contains("Nothing was changed."), "{error}");
        }
    }
}

#[test]
fn an_unfinished_row_stops_everything_and_says_what_to_do() {
    let mut rows = ledger(&[1, 2, 3]);
    rows[1].state = RUNNING.to_owned();
    rows[1].checksum = None; // the file was mended after the crash
    for way in [UP, DOWN] {
        let error = refusal(way, &rows, None);
        assert!(error.starts_with("02_two.sql was begun and not finished"), "{error}");
        assert!(
            error.ends_with("`up` finds out how far it came, and goes on where that can be told"),
            "{error}"
        );
    }
    rows[1] = ledger(&[2]).remove(0);
    rows[2].state = UNDOING.to_owned();
    let error = refusal(UP, &rows, None);
    assert!(error.starts_with("R3_three_ways.sql was begun and not finished"), "{error}");
}

#[test]
fn a_file_without_a_statement_stops_the_run_before_it_begins() {
    let set = MigrationSet::from_files([
        ("01_a.sql", "DO 1"),
        ("R01_a.sql", "DO 1"),
        ("02_b.sql", "-- nothing yet"),
        ("R02_b.sql", "DO 2"),
    ])
    .unwrap();
    let error = up(&set, &[], None).unwrap_err().to_string();
    assert_eq!(
        error,
        "02_b.sql has no statement: write one. If nothing is to be done on purpose, write: DO 0;"
    );
    let set = MigrationSet::from_files([("01_a.sql", "DO 1;\nSELECT 'x"), ("R01_a.sql", "DO 1")]).unwrap();
    let error = up(&set, &[], None).unwrap_err().to_string();
    assert_eq!(error, "01_a.sql, line 2: a ' is opened here and never closed");
}

#[test]
fn a_file_with_other_comments_and_blanks_is_still_the_applied_one() {
    let written = |text: &'static str| {
        MigrationSet::from_files([("01_one.sql", format!("-- migrate: irreversible\n{text}"))]).unwrap()
    };
    let before = written("DO 1;\nDO 2;\n");
    let applied = |digest: Option<String>| {
        let migration = before.get(Version::new(1)).unwrap();
        let (version, name) = (migration.digits.clone(), migration.name.clone());
        let (checksum, state) = (Some(migration.up.checksum()), "done".to_owned());
        vec![LedgerRow { version, name, checksum, state, digest, ..LedgerRow::default() }]
    };
    let digest = before.get(Version::new(1)).unwrap().up.digest().unwrap();
    let accepts = |text, digest: Option<&String>| up(&written(text), &applied(digest.cloned()), None).is_ok();

    assert!(accepts("DO 1; -- first\n\nDO  2;", Some(&digest)));
    assert!(!accepts("DO 1;\nDO 3;\n", Some(&digest)));
    assert!(!accepts("DO 1; -- first\n\nDO  2;", None));
    let windows =
        MigrationSet::from_files([("01_one.sql", "-- migrate: irreversible\r\nDO 1;\r\nDO 2;\r\n")]).unwrap();
    assert!(up(&windows, &applied(None), None).is_ok());
    assert_eq!(crate::check::compare(&windows, &applied(None)).cosmetic, ["01_one.sql"]);
}
