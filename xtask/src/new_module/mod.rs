//! `cargo xtask new-module`: a domain crate of its own, from the template that looks like one.
//!
//! Everything is read, rendered and checked before anything is written, and what is written appears together or not at
//! all.

mod checks;
mod names;
mod plan;
mod reserved;
mod template;
mod wiring;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{Result, workspace};
use names::{Module, Noun};
use plan::Plan;

const USAGE: &str = "new-module takes NAME [--singular WORD] [--parent TABLE | --parent WORD=TABLE]";

const TEMPLATE: &str = "xtask/templates/module";

/// What a module belongs to when nothing else is said.
const PARENT: &str = "category=lookup_values";

/// `cargo xtask new-module`
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let module = read(arguments)?;
    let plan = plan(&workspace::root(), &module)?;
    plan.carry_out(&workspace::root())?;
    print!("{}", summary(&plan, &module));
    Ok(ExitCode::SUCCESS)
}

fn read(arguments: &[String]) -> Result<Module> {
    let (mut name, mut singular, mut parent) = (None, None, PARENT.to_owned());
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
            _ => (word, None),
        };
        match flag {
            "--singular" => singular = Some(value.or_else(|| words.next()).ok_or(USAGE)?),
            "--parent" => value.or_else(|| words.next()).ok_or(USAGE)?.clone_into(&mut parent),
            flag if flag.starts_with('-') => return Err(format!("{USAGE}, not `{flag}`").into()),
            _ if name.is_some() => return Err(format!("{USAGE}, not two names").into()),
            _ => name = Some(word),
        }
    }
    let noun = match singular {
        Some(singular) => Noun::new(name.ok_or(USAGE)?, singular)?,
        None => Noun::of_plural(name.ok_or(USAGE)?)?,
    };
    Module::new(noun, &parent)
}

/// The migrations of a module, as pairs of file name and text, for those who judge what the template makes.
pub(crate) fn migrations(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let module = read(&["products".to_owned()])?;
    let number = next_number(&root.join("migrations"))?;
    let files = template::read(&root.join(TEMPLATE))?.into_iter().map(|file| file.render(&module, number));
    let migration = |file: template::File| {
        let name = file.path.strip_prefix("migrations").ok()?.to_path_buf();
        Some((name, file.text))
    };
    Ok(files.filter_map(migration).collect())
}

/// All that is to be written, checked.
fn plan(root: &Path, module: &Module) -> Result<Plan> {
    checks::is_new(root, module)?;
    let template = template::read(&root.join(TEMPLATE))?;
    checks::has_room(&template, module)?;
    let number = next_number(&root.join("migrations"))?;
    let files = template.into_iter().map(|file| file.render(module, number)).collect();
    Ok(Plan { files, edits: wiring::edits(root, &module.noun)? })
}

/// The number after the last of those that are not the product's own.
fn next_number(migrations: &Path) -> Result<u64> {
    const FIRST: u64 = 1000;
    let mut next = FIRST;
    for entry in fs::read_dir(migrations)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let digits = name.trim_start_matches('R').split('_').next().unwrap_or_default();
        if let Ok(number) = digits.parse::<u64>() {
            next = next.max(number.saturating_add(1));
        }
    }
    Ok(next)
}

fn summary(plan: &Plan, module: &Module) -> String {
    let (crate_name, parent) = (module.noun.kebab(), &module.parent);
    let files = plan.files.iter().map(|file| (file.path.display().to_string(), "new"));
    let edits = plan.edits.iter().map(|edit| (edit.path.display().to_string(), edit.what.as_str()));
    let next = [
        (format!("cargo test -p kseekers-{crate_name} --all-features"), "its tests, on a private database"),
        ("cargo xtask dev".to_owned(), "the whole system with the new routes, on a private database"),
    ];
    format!(
        "{} in crates/{crate_name}: each belongs to {} {}, a row of {}\n\n{}\nNext:\n{}",
        module.noun.type_name(),
        names::article(&parent.words()),
        parent.words(),
        parent.plural,
        table(&files.chain(edits).collect::<Vec<_>>()),
        table(&next),
    )
}

fn table(rows: &[(String, &str)]) -> String {
    let width = rows.iter().map(|(left, _)| left.len()).max().unwrap_or_default();
    rows.iter().map(|(left, right)| format!("  {left:width$}  {right}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(line: &str) -> Result<Module> {
        read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn names_and_parents_are_read_from_the_command_line() {
        let module = read_words("order-items --parent orders").unwrap();
        assert_eq!(
            (module.noun.plural.as_str(), module.noun.singular.as_str()),
            ("order_items", "order_item")
        );
        assert_eq!((module.parent.plural.as_str(), module.parent.singular.as_str()), ("orders", "order"));
        let module = read_words("leaves --singular leaf --parent owner=users").unwrap();
        assert_eq!((module.noun.singular.as_str(), module.parent.singular.as_str()), ("leaf", "owner"));
        let module = read_words("leaves --singular=leaf --parent=owner=users").unwrap();
        assert_eq!((module.noun.singular.as_str(), module.parent.singular.as_str()), ("leaf", "owner"));
        let module = read_words("products").unwrap();
        assert_eq!(
            (module.parent.plural.as_str(), module.parent.singular.as_str()),
            ("lookup_values", "category")
        );
    }

    #[test]
    fn what_is_no_command_is_told_with_what_would_be_one() {
        for line in ["--parent users", "products orders", "products --singular", "products --force"] {
            assert!(read_words(line).unwrap_err().to_string().starts_with("new-module takes NAME"), "{line}");
        }
    }

    #[test]
    fn the_number_is_the_users_next() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("03_x.sql"), "").unwrap();
        fs::create_dir(folder.path().join("sample")).unwrap();
        assert_eq!(next_number(folder.path()).unwrap(), 1000);
        fs::write(folder.path().join("R1004_y.sql"), "").unwrap();
        assert_eq!(next_number(folder.path()).unwrap(), 1005);
    }
}
