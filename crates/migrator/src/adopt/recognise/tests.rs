use super::{History, HistoryRow, Recognised, recognise};
use crate::{Adoption, LedgerRow, MigrateError, MigrationSet, Unadoptable, Version};

const FIRST: HistoryRow<'_> = HistoryRow { version: Version::new(1), name: "shop tables", checksum: "aa" };
const SECOND: HistoryRow<'_> = HistoryRow { version: Version::new(2), name: "shop prices", checksum: "bb" };
const THIRD: HistoryRow<'_> = HistoryRow { version: Version::new(3), name: "web pages", checksum: "cc" };

const OTHER: Adoption<'_> = Adoption {
    system: "shop",
    histories: &[
        History { name: "the first shop", rows: &[FIRST, SECOND] },
        History { name: "the second shop", rows: &[FIRST, SECOND, THIRD] },
    ],
    equals: Version::new(1),
    mends: &[],
    remarks: &[],
};

fn row(version: &str, name: &str, checksum: &str) -> LedgerRow {
    LedgerRow {
        version: version.to_owned(),
        name: name.to_owned(),
        checksum: Some(checksum.to_owned()),
        state: "done".to_owned(),
        ..LedgerRow::default()
    }
}

fn ours() -> MigrationSet {
    MigrationSet::from_files([
        ("01_shop_tables.sql", "CREATE TABLE shop (id INT PRIMARY KEY)"),
        ("R01_shop_tables.sql", "DROP TABLE shop"),
    ])
    .unwrap()
}

fn recognised(rows: &[LedgerRow]) -> Recognised {
    recognise(&OTHER, &ours(), Some(rows)).unwrap()
}

fn refused(rows: &[LedgerRow]) -> Unadoptable {
    match recognise(&OTHER, &ours(), Some(rows)).unwrap_err() {
        MigrateError::CannotAdopt(why) => why,
        other => panic!("{other}"),
    }
}

#[test]
fn each_version_of_the_other_system_is_known_by_its_versions_and_names() {
    let two = [row("01", "shop tables", "AA"), row("02", "shop prices", "bb")];
    let first = recognised(&two);
    assert_eq!((first.history.as_str(), first.rows, first.edited.len()), ("the first shop", 2, 0));
    let three = [two.as_slice(), &[row("3", "web_pages", "cc")]].concat();
    assert_eq!(recognised(&three).history, "the second shop");
}

#[test]
fn an_edited_file_is_told_and_no_hindrance() {
    let edited = LedgerRow { checksum: None, ..row("02", "shop prices", "") };
    let found = recognised(&[row("01", "shop tables", "0d0a"), edited]);
    assert_eq!(found.edited, ["01 (shop tables)", "02 (shop prices)"]);
}

#[test]
fn a_file_that_was_accepted_as_ours_is_no_hindrance() {
    let file = &ours().iter().next().unwrap().up.clone();
    let accepted = LedgerRow { digest: file.digest().ok(), ..row("01", "shop tables", &file.checksum()) };
    assert_eq!(recognised(&[accepted.clone(), row("02", "shop prices", "bb")]).history, "the first shop");
    assert_eq!(refused(&[accepted, row("09", "of our own", "zz")]), Unadoptable::Ours);
}

#[test]
fn a_half_migrated_database_is_refused_with_what_is_missing() {
    let why = refused(&[row("01", "shop tables", "aa")]);
    let expected = Unadoptable::OtherHistory {
        history: "the first shop".to_owned(),
        missing: vec!["02 (shop prices)".to_owned()],
        unknown: Vec::new(),
    };
    assert_eq!(why, expected);
    assert!(
        why.to_string().contains("Not applied: 02 (shop prices). Let the other system apply them first.")
    );
}

#[test]
fn a_migration_that_nobody_knows_is_named() {
    let rows =
        [row("01", "shop tables", "aa"), row("02", "shop prices", "bb"), row("09", "of our own", "zz")];
    assert_eq!(
        refused(&rows).to_string(),
        "The migrations of this database are almost, but not quite, those of the first shop. Not known: 09 (of our own)."
    );
}

#[test]
fn other_ledgers_and_ours_are_no_ledgers_of_the_other_system() {
    assert_eq!(refused(&[]), Unadoptable::NoHistory);
    assert!(matches!(
        recognise(&OTHER, &ours(), None),
        Err(MigrateError::CannotAdopt(Unadoptable::NoHistory))
    ));
    let why = refused(&[row("01", "blog", "aa")]);
    assert_eq!(
        why.to_string(),
        "The migrations of this database are not those of the shop system: 01 (blog)"
    );
    let checksum = ours().iter().next().unwrap().up.checksum();
    assert_eq!(refused(&[row("01", "shop tables", &checksum)]), Unadoptable::Ours);
}

#[test]
fn a_file_of_ours_that_was_begun_comes_first() {
    let begun = LedgerRow { state: "running".to_owned(), ..row("01", "shop tables", "") };
    assert!(matches!(recognise(&OTHER, &ours(), Some(&[begun])), Err(MigrateError::Dirty { .. })));
}
