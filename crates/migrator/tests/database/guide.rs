//! What the guide says about crashes is what the tests show.

/// The last cells of its tables whose last column is `test`.
fn named() -> Vec<&'static str> {
    let mut is_inside = false;
    let mut named = Vec::new();
    for line in include_str!("../../README.md").lines() {
        let cell = line.strip_suffix('|').and_then(|line| line.rsplit('|').next()).map(str::trim);
        match cell {
            Some("test") => is_inside = true,
            Some(cell) if is_inside && !cell.starts_with("---") => named.push(cell),
            Some(_) => {}
            None => is_inside = false,
        }
    }
    named
}

#[test]
fn each_line_about_a_crash_names_a_test_that_is_there_or_says_that_none_is() {
    let (unproved, proved): (Vec<&str>, Vec<&str>) = named().into_iter().partition(|cell| *cell == "none");
    assert!(proved.len() > 25, "{proved:?}");
    assert_eq!(unproved.len(), 3, "lines about clusters");
    for cell in proved {
        let (module, function) =
            cell.trim_matches('`').rsplit_once("::").unwrap_or_else(|| panic!("no test: {cell}"));
        let module = module.replace("::", "/");
        let file = if module.starts_with("galera/") { module } else { format!("database/{module}") };
        let path = format!("{}/tests/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let tests = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(tests.contains(&format!("]\nasync fn {function}() {{")), "{cell}");
    }
}
