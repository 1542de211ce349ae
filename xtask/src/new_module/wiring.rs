//! What the workspace and the server say of a module: two lines in the server, and its dependency.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::names::Noun;
use crate::Result;

/// A file that gets further lines.
#[derive(Debug)]
pub(super) struct Edit {
    /// Below the root of the workspace.
    pub(super) path: PathBuf,
    pub(super) before: String,
    pub(super) after: String,
    /// For a person.
    pub(super) what: String,
}

pub(super) fn edits(root: &Path, noun: &Noun) -> Result<Vec<Edit>> {
    let package = format!("kseekers-{}", noun.kebab());
    let import = package.replace('-', "_");
    let edit = |path: &str, what: &str, change: &dyn Fn(&str) -> Option<String>| -> Result<Edit> {
        let before = fs::read_to_string(root.join(path))?;
        let after = change(&before)
            .ok_or_else(|| format!("{path} does not look as expected: nothing was written"))?;
        Ok(Edit { path: path.into(), before, after, what: what.to_owned() })
    };
    Ok(vec![
        edit("Cargo.toml", "+ 1 line: the crate", &|text| {
            let line = format!("{package} = {{ path = \"crates/{}\", version = \"0.1.0\" }}", noun.kebab());
            dependency(text, "[workspace.dependencies]", &line)
        })?,
        edit("bins/kseekers-server/Cargo.toml", "+ 2 lines: the dependency, in feature `http`", &|text| {
            let options = "workspace = true, optional = true, features = [\"actix\", \"mysql\"]";
            let text = dependency(text, "[dependencies]", &format!("{package} = {{ {options} }}"))?;
            before_the_end(&text, "http = [", "]", &format!("  \"dep:{package}\","))
        })?,
        edit("bins/kseekers-server/src/modules.rs", "+ 2 lines: the routes, the service", &|text| {
            let routes = format!("        .merge({import}::actix::routes())");
            let text = before_the_end(text, "pub(crate) fn routes()", "}", &routes)?;
            let service = format!("            .with({import}::{}Service::on_mysql(pool))", noun.type_name());
            before_the_end(&text, "    pub(crate) fn new(", "    }", &service)
        })?,
    ])
}

/// Adds a dependency to ours in a section, in the order of the names.
fn dependency(text: &str, section: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|there| *there == section)? + 1;
    let end = lines
        .iter()
        .skip(first)
        .position(|there| there.starts_with('['))
        .map_or(lines.len(), |at| first + at);
    let ours = lines.get(first..end)?.iter().enumerate().filter(|(_, there)| there.starts_with("kseekers-"));
    let later = ours.clone().find(|(_, there)| **there > line);
    let place = later.map(|(at, _)| at).or_else(|| ours.map(|(at, _)| at + 1).next_back())?;
    lines.insert(first + place, line);
    Some(lines.join("\n") + "\n")
}

/// Adds a line before the first one that is `end`, behind the one that begins with `start`.
fn before_the_end(text: &str, start: &str, end: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|there| there.starts_with(start))?;
    let end = first + lines.iter().skip(first).position(|there| *there == end)?;
    lines.insert(end, line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_stands_in_its_place() {
        let text =
            "[a]\nkseekers-x = 1\n[dependencies]\nhex = 1\nkseekers-auth = 1\nkseekers-s3 = 1\nzip = 1\n";
        let add = |line: &str| dependency(text, "[dependencies]", line);
        assert_eq!(
            add("kseekers-order-items = 1").unwrap(),
            text.replace("kseekers-s3", "kseekers-order-items = 1\nkseekers-s3")
        );
        assert_eq!(
            add("kseekers-a = 1").unwrap(),
            text.replace("kseekers-auth", "kseekers-a = 1\nkseekers-auth")
        );
        assert_eq!(add("kseekers-tags = 1").unwrap(), text.replace("zip", "kseekers-tags = 1\nzip"));
        assert_eq!(dependency(text, "[nothing]", "kseekers-tags = 1"), None);
    }

    #[test]
    fn a_line_is_added_at_the_end_of_a_list_or_function() {
        let text = "fn a() {\n}\nfn b() {\n    one()\n}\n";
        let added = before_the_end(text, "fn b()", "}", "        .two()").unwrap();
        assert_eq!(added, "fn a() {\n}\nfn b() {\n    one()\n        .two()\n}\n");
        assert_eq!(before_the_end(text, "fn c()", "}", "x"), None);
    }

    #[test]
    fn the_files_of_this_workspace_look_as_expected() {
        let edits = edits(&crate::workspace::root(), &Noun::of_plural("order_items").unwrap()).unwrap();
        for edit in edits {
            let added = edit.after.lines().count() - edit.before.lines().count();
            assert!(edit.what.contains(&format!("+ {added} line")), "{}: {added}", edit.path.display());
        }
    }
}
