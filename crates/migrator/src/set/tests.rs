use super::MigrationSet;
use crate::{MigrateError, Version};

/// Files of these names, in which steps are one-way unless they are among `names` with their ways back.
fn set(names: &[&str]) -> Result<MigrationSet, MigrateError> {
    let text = |name: &str| match names.contains(&format!("R{name}").as_str()) || name.starts_with('R') {
        true => "DO 0",
        false => "-- migrate: irreversible\nDO 0",
    };
    MigrationSet::from_files(names.iter().map(|name| (*name, text(name))))
}

fn refusal(names: &[&str]) -> String {
    set(names).unwrap_err().to_string()
}

#[test]
fn numbers_of_any_width_are_ordered_as_numbers() {
    let set = set(&["10_c.sql", "9_b.sql", "0002_a.sql", "20261120184844_d.sql"]).unwrap();
    let names: Vec<&str> = set.iter().map(|migration| migration.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert_eq!(set.get("2".parse().unwrap()).unwrap().digits, "0002");
    assert_eq!(set.head().unwrap().version, Version::new(20_261_120_184_844));
}

#[test]
fn the_checksum_is_that_of_the_raw_bytes() {
    let checksum = |text: &'static str| {
        let set = MigrationSet::from_files([("01_a.sql", text), ("R01_a.sql", "DO 0")]).unwrap();
        set.head().unwrap().up.checksum()
    };
    assert_eq!(checksum(""), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(checksum("DO 0;\n"), "52b52b6652b1d2583d7b92546bc1c137");
    assert_ne!(checksum("DO 0;\n"), checksum("DO 0;\r\n"));
}

#[test]
fn a_number_used_twice_is_told_with_both_files() {
    assert_eq!(
        refusal(&["02_a.sql", "2_b.sql"]),
        "02_a.sql and 2_b.sql have the same number: give one of them the next free one"
    );
    assert!(
        refusal(&["01_a.sql", "R01_a.sql", "R1_a.sql"])
            .starts_with("R01_a.sql and R1_a.sql have the same number")
    );
}

#[test]
fn a_way_back_must_belong_to_a_migration() {
    assert_eq!(refusal(&["R02_a.sql"]), "R02_a.sql is a way back, but there is no migration with its number");
    assert_eq!(
        refusal(&["02_a.sql", "R02_b.sql"]),
        "R02_b.sql does not belong to 02_a.sql: their names must be the same"
    );
}

#[test]
fn every_file_without_a_way_back_is_told_with_what_to_do() {
    let refusal = |files: &[&'static str]| {
        MigrationSet::from_files(files.iter().map(|name| (*name, "DO 0"))).unwrap_err().to_string()
    };
    assert_eq!(
        refusal(&["01_a.sql", "02_b.sql", "R01_a.sql"]),
        "There is no way back for 02_b.sql. Write R02_b.sql, or, if the step cannot be taken back, the line \
         `-- migrate: irreversible` into 02_b.sql"
    );
    assert_eq!(
        refusal(&["01_a.sql", "1000_b.sql"]),
        "There is no way back for 01_a.sql, 1000_b.sql. Write R01_a.sql and so on, or, if a step cannot be taken back, \
         the line `-- migrate: irreversible` into its file"
    );
}

#[test]
fn a_one_way_step_says_so_and_then_has_no_way_back() {
    const ONE_WAY: (&str, &str) = ("01_a.sql", "-- Two columns become one.\n-- migrate: irreversible\nDO 0");
    assert!(MigrationSet::from_files([ONE_WAY]).unwrap().head().unwrap().down.is_none());
    assert_eq!(
        MigrationSet::from_files([ONE_WAY, ("R01_a.sql", "DO 0")]).unwrap_err().to_string(),
        "01_a.sql says `-- migrate: irreversible`, but there is R01_a.sql: remove one of the two"
    );
}

#[test]
fn an_sql_file_with_another_name_is_told() {
    for name in [
        "a.sql",
        "01.sql",
        "01_.sql",
        "x01_a.sql",
        "r01_a.sql",
        "-1_a.sql",
        "+1_a.sql",
        "99999999999999999999_a.sql",
    ] {
        assert!(
            refusal(&[name]).starts_with(&format!("{name} is neither NN_name.sql nor RNN_name.sql")),
            "{name}"
        );
    }
}

#[test]
fn a_folder_gives_its_sql_files_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["02_b.sql", "01_a.sql", "R01_a.sql", "README.md", ".03_c.sql.swp", ".04_d.sql"] {
        std::fs::write(dir.path().join(name), "DO 0").unwrap();
    }
    std::fs::write(dir.path().join("R02_b.sql"), "DO 0").unwrap();
    std::fs::create_dir(dir.path().join("sample")).unwrap();
    std::fs::write(dir.path().join("sample/x.sql"), "DO 0").unwrap();

    let set = MigrationSet::from_dir(dir.path()).unwrap();
    let files: Vec<&str> = set.iter().map(|migration| migration.up.name()).collect();
    assert_eq!(files, ["01_a.sql", "02_b.sql"]);

    std::fs::write(dir.path().join("05_e.SQL"), "DO 0").unwrap();
    assert!(MigrationSet::from_dir(dir.path()).unwrap_err().to_string().starts_with("05_e.SQL is neither"));
}

#[test]
fn a_file_in_another_encoding_is_told() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("01_a.sql"), [0xff, 0xfe, b'S', 0]).unwrap();
    assert_eq!(
        MigrationSet::from_dir(dir.path()).unwrap_err().to_string(),
        "01_a.sql is not UTF-8 text: save it in that encoding"
    );
}

#[test]
fn a_way_back_in_a_folder_is_read_when_it_is_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let way_back = dir.path().join("R01_a.sql");
    std::fs::write(dir.path().join("01_a.sql"), "DO 0").unwrap();
    std::fs::write(&way_back, [0xff, 0xfe, b'S', 0]).unwrap();
    let set = MigrationSet::from_dir(dir.path()).unwrap();
    let down = set.head().unwrap().down.as_ref().unwrap();
    assert_eq!(down.file().unwrap_err().to_string(), "R01_a.sql is not UTF-8 text: save it in that encoding");
    std::fs::write(&way_back, "DO 1").unwrap();
    assert_eq!(down.file().unwrap().text(), "DO 1");
    std::fs::remove_file(&way_back).unwrap();
    assert_eq!(down.file().unwrap().text(), "DO 1");
}

#[test]
fn a_missing_folder_is_told_by_its_path() {
    let error = MigrationSet::from_dir("no/such/folder").unwrap_err().to_string();
    assert!(error.starts_with("Cannot read no/such/folder: "), "{error}");
}

#[tokio::test]
async fn other_tasks_have_their_turn_while_a_folder_is_read() {
    let dir = tempfile::tempdir().unwrap();
    for number in 1..=100 {
        std::fs::write(dir.path().join(format!("{number}_a.sql")), "DO 0 -- migrate: irreversible").unwrap();
    }
    let (tell, told) = tokio::sync::oneshot::channel();
    let other = tokio::spawn(async { tell.send(()).unwrap() });
    let set = MigrationSet::from_dir_in_turns(dir.path()).await.unwrap();
    assert!(other.is_finished() && told.await.is_ok());
    assert_eq!(set.iter().count(), 100);
    let error = MigrationSet::from_dir_in_turns("no/such/folder").await.unwrap_err().to_string();
    assert!(error.starts_with("Cannot read no/such/folder: "), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_no_text_is_found_under_its_name() {
    use std::os::unix::ffi::OsStrExt;

    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [(&b"01_\xff.sql"[..], "DO 1"), (b"R01_\xff.sql", "DO 2")] {
        std::fs::write(dir.path().join(std::ffi::OsStr::from_bytes(name)), text).unwrap();
    }
    let set = MigrationSet::from_dir(dir.path()).unwrap();
    let head = set.head().unwrap();
    assert_eq!((head.name.as_str(), head.up.text()), ("\u{fffd}", "DO 1"));
    assert_eq!(head.down.as_ref().unwrap().file().unwrap().text(), "DO 2");
}
