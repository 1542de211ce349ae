//! `create`.

use kseekers_migrator::cli::{self, Common, Console};
use kseekers_migrator::exit;
use serde_json::{Value, json};

#[test]
fn create_tells_the_number_and_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let create = |name: &str, common: &Common| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = cli::create(dir.path(), name, common, &mut Console::new(&mut out, &mut err));
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    let folder = dir.path().display();
    let expected = format!(
        "  {folder}/01_add_notes.sql\n  {folder}/R01_add_notes.sql\n\
         Created migration 01. Write the statements into both files, then run `up`.\n"
    );
    assert_eq!(create("add notes", &Common::default()), (0, expected, String::new()));
    let (code, _, err) = create("a/b", &Common::default());
    assert_eq!(code, exit::USAGE);
    assert!(err.starts_with("Error: `a/b` cannot name a migration"), "{err}");

    let json = cli::parse(["create", "--name", "more", "--json"]).unwrap().common;
    let answer: Value = serde_json::from_str(&create("more", &json).1).unwrap();
    assert_eq!(answer["written"], json!([format!("{folder}/02_more.sql"), format!("{folder}/R02_more.sql")]));
}
