//! What the guide says about crashes is what the tests here show.

/// The tests that its table names, as module and function.
fn named() -> Vec<(String, String)> {
    let guide = include_str!("../../README.md");
    let section = guide.split("\n## ").find(|section| section.starts_with("When it crashes")).unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| where"));
    lines
        .map(|line| {
            let test = line.trim_end_matches('|').rsplit('|').next().unwrap().trim().trim_matches('`');
            let (module, function) = test.rsplit_once("::").unwrap_or_else(|| panic!("no test: {line}"));
            (module.replace("::", "/"), function.to_owned())
        })
        .collect()
}

#[test]
fn each_line_about_a_crash_names_a_test_that_is_there() {
    let named = named();
    assert!(named.len() > 15, "{named:?}");
    for (module, function) in named {
        let path = format!("{}/tests/database/{module}.rs", env!("CARGO_MANIFEST_DIR"));
        let tests = std::fs::read_to_string(&path).unwrap();
        assert!(tests.contains(&format!("]\nasync fn {function}() {{")), "{module}::{function}");
    }
}
