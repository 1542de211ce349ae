//! Whether there is room for a module of this name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    names::Module,
    template::{self, File},
};
use crate::Result;

/// Nothing in the workspace is called so yet, and what it belongs to is there.
pub(super) fn is_new(root: &Path, module: &Module) -> Result<()> {
    let (table, kebab, type_name) = (&module.noun.plural, module.noun.kebab(), module.noun.type_name());
    let folder = Path::new("crates").join(&kebab);
    if root.join(&folder).exists() || root.join("bins").join(format!("kseekers-{kebab}")).exists() {
        return Err(format!("there is a crate {kebab} already, in {}", folder.display()).into());
    }
    let tables = tables(&root.join("migrations"))?;
    if let Some((_, file)) = tables.iter().find(|(name, _)| name == table) {
        return Err(format!("there is a table {table} already, made by migrations/{file}").into());
    }
    let parent = &module.parent.plural;
    if !tables.iter().any(|(name, _)| name == parent) {
        return Err(format!("there is no table {parent} to belong to: no migration makes one").into());
    }
    for path in sources(root)? {
        let text = fs::read_to_string(&path)?;
        let file = path.strip_prefix(root)?.display();
        if [format!("\"/{kebab}\""), format!("\"/{kebab}/")].iter().any(|route| text.contains(route)) {
            return Err(format!("there are routes below /{kebab} already, in {file}").into());
        }
        if ["struct", "enum"].iter().any(|kind| declares(&text, kind, &type_name)) {
            return Err(format!(
                "there is a type {type_name} already, in {file}: call one of the {table} otherwise with --singular"
            )
            .into());
        }
    }
    Ok(())
}

/// Two names of the template must not become one.
pub(super) fn has_room(template: &[File], module: &Module) -> Result<()> {
    let code =
        template.iter().filter(|file| file.path.extension().is_some_and(|extension| extension == "rs"));
    for file in code {
        let before = template::identifiers(&file.text);
        let renamed: Vec<_> = before.iter().map(|name| (*name, template::renamed(name, module))).collect();
        let twice = renamed.iter().find(|(name, new)| {
            name != new && renamed.iter().any(|(other, same)| other != name && same == new)
        });
        if let Some((_, name)) = twice {
            return Err(format!(
                "the code of the module needs the name `{name}` for something else: say --singular WORD, or another name"
            )
            .into());
        }
    }
    Ok(())
}

/// Each table that a migration makes, and the file that does.
fn tables(migrations: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(migrations)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if !file.ends_with(".sql") || file.starts_with('R') {
            continue;
        }
        let text = fs::read_to_string(entry.path())?.to_ascii_lowercase();
        for made in text.split("create table").skip(1) {
            let name =
                made.trim_start().trim_start_matches("if not exists").trim_start().trim_start_matches('`');
            let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            found.push((name.to_owned(), file.clone()));
        }
    }
    Ok(found)
}

/// The Rust sources of all crates and programs, without their tests.
fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("crates"), root.join("bins")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn declares(text: &str, kind: &str, name: &str) -> bool {
    text.match_indices(&format!("pub {kind} {name}")).any(|(at, found)| {
        !text.split_at(at + found.len()).1.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_module::names::Noun;

    fn module(name: &str, parent: &str) -> Module {
        Module::new(Noun::of_plural(name).unwrap(), parent).unwrap()
    }

    #[test]
    fn what_is_there_already_is_refused() {
        let root = crate::workspace::root();
        // Instruments, since the workspace of a user has the products of the README.
        is_new(&root, &module("zithers", "category=lookup_values")).unwrap();
        for (name, parent, reason) in [
            ("otps", "users", "there is a table otps already, made by migrations/01_initial_schema.sql"),
            ("zithers", "luthiers", "there is no table luthiers to belong to"),
            ("grids", "users", "there is a type Grid already, in crates/display-config/src/grids.rs"),
        ] {
            let refused = is_new(&root, &module(name, parent)).unwrap_err().to_string();
            assert!(refused.starts_with(reason), "{name}: {refused}");
        }
        let files = Noun::new("lookup", "thing").unwrap();
        let refused = is_new(&root, &Module::new(files, "users").unwrap()).unwrap_err().to_string();
        assert_eq!(refused, "there is a crate lookup already, in crates/lookup");
        let docs = Module::new(Noun::new("docs", "document").unwrap(), "users").unwrap();
        let refused = is_new(&root, &docs).unwrap_err().to_string();
        assert!(refused.starts_with("there are routes below /docs already, in bins/"), "{refused}");
    }

    #[test]
    fn a_name_that_the_code_needs_for_something_else_is_refused() {
        let template = template::read(&crate::workspace::root().join("xtask/templates/module")).unwrap();
        assert!(template.len() > 15);
        for name in ["products", "users", "orders", "order_items", "notes", "clients"] {
            let room = has_room(&template, &module(name, "category=lookup_values"));
            assert!(room.is_ok(), "{name}: {}", room.unwrap_err());
        }
        for (name, taken) in [("transactions", "Transaction"), ("names", "names")] {
            let refused =
                has_room(&template, &module(name, "category=lookup_values")).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{taken}`")), "{name}: {refused}");
        }
    }
}
