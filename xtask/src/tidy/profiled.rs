//! Whether the setting `profile` shows every call of a service and of a store.

use super::files::Text;

/// May be followed by arguments to skip, and by `ret`.
const ATTRIBUTE: &str = r#"#[instrument(target = "kseekers::profile", level = "trace", "#;

/// What the names of traits end with behind which rows or objects are kept.
const KEEPERS: [&str; 2] = ["Store", "Ledger"];

/// The methods of `impl SomeService`, and of `impl SomeStore for …`, without the attribute.
pub(super) fn violations(file: &Text) -> Vec<String> {
    let mut path = file.path.components().map(|part| part.as_os_str());
    if path.next() != Some("crates".as_ref()) || path.nth(1) != Some("src".as_ref()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut method, mut profiled) = (None, false);
    for line in file.content.lines() {
        match line.trim_start() {
            _ if line.starts_with("impl") => method = starts_a_method(line),
            _ if line == "}" => method = None,
            attribute if attribute.starts_with(ATTRIBUTE) => profiled = true,
            "" => profiled = false,
            code => {
                let name = method.and_then(|start| line.strip_prefix(start));
                if let Some((name, _)) = name.and_then(|rest| rest.split_once(['(', '<']))
                    && !profiled
                {
                    found.push(format!(
                        "{}: {name} is not profiled, it needs {ATTRIBUTE}ret)]",
                        file.path.display()
                    ));
                }
                profiled &= code.starts_with(['#', '/']);
            }
        }
    }
    found
}

/// What the methods of this block that others call begin with; nothing if they need not be profiled.
fn starts_a_method(header: &str) -> Option<&'static str> {
    let words: Vec<&str> = header.split_whitespace().collect();
    match words.as_slice() {
        ["impl", service, "{"] if service.ends_with("Service") => Some("    pub async fn "),
        [.., store, "for", _, "{"] if KEEPERS.iter().any(|kind| store.ends_with(kind)) => {
            Some("    async fn ")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, content: &str) -> Vec<String> {
        violations(&Text { path: path.into(), content: content.into() })
    }

    const SERVICE: &str = r#"
impl ShelfService {
    /// Makes one.
    pub fn new() -> Self {}

    /// All of them.
    #[instrument(target = "kseekers::profile", level = "trace", skip(token), ret)]
    // Why.
    pub async fn all(&self, token: &str) -> Vec<Shelf> {
        Vec::new()
    }

    /// One of them.
    pub async fn one<T>(&self) {}

    async fn help(&self) {}
}

async fn free() {}
"#;

    #[test]
    fn a_method_that_was_forgotten_is_found() {
        let told = found("crates/shelves/src/service.rs", SERVICE);
        assert!(told.len() == 1 && told[0].contains("service.rs: one is not profiled"), "{told:?}");
        let store = "#[async_trait]\nimpl ShelfStore for MySqlShelves {\n    async fn all(&self) {}\n}\n";
        assert!(found("crates/shelves/src/mysql.rs", store)[0].contains("mysql.rs: all "));
    }

    #[test]
    fn other_methods_and_other_files_are_free() {
        let other = "impl Shelf {\n    pub async fn all(&self) {}\n}\nimpl Clone for Shelf {\n    async fn all() {}\n}\n";
        assert!(found("crates/shelves/src/shelf.rs", other).is_empty());
        assert!(found("crates/shelves/tests/contract.rs", SERVICE).is_empty());
    }
}
