//! The template: a crate and its migration, written for spare parts of car models.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::names::Module;
use crate::Result;

/// One file of the template, or one made from it.
#[derive(Debug)]
pub(super) struct File {
    /// Below the root of the workspace.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Every file, in the order of the paths.
pub(super) fn read(folder: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path)?;
                files.push(File { path: path.strip_prefix(folder)?.to_path_buf(), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

impl File {
    /// The file of this module; `NN` in migrations is their number.
    pub(super) fn render(self, module: &Module, number: u64) -> Self {
        let mut replacements = module.replacements();
        if self.path.starts_with("migrations") {
            replacements.push(("NN_", format!("{number}_")));
            replacements.push((":   NN", format!(":   {number}")));
        }
        let path = replace(&self.path.to_string_lossy(), &replacements);
        Self { path: path.into(), text: replace(&self.text, &replacements) }
    }
}

/// What an identifier of the template becomes.
pub(super) fn renamed(identifier: &str, module: &Module) -> String {
    replace(identifier, &module.replacements())
}

/// In one pass, so that nothing that was put in is replaced again.
fn replace(text: &str, replacements: &[(&str, String)]) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        match replacements.iter().find_map(|(key, value)| Some((rest.strip_prefix(key)?, value))) {
            Some((after, value)) => {
                done += value;
                rest = after;
            }
            None => {
                done.push(character);
                rest = rest.split_at(character.len_utf8()).1;
            }
        }
    }
    done
}

/// The names that Rust code uses, without what stands in comments and in texts.
pub(super) fn identifiers(code: &str) -> BTreeSet<&str> {
    let code = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let outside_of_texts = code.flat_map(|line| line.split('"').step_by(2));
    outside_of_texts
        .flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_module::names::Noun;

    fn rendered(name: &str, parent: &str, path: &str, text: &str) -> File {
        let module = Module::new(Noun::of_plural(name).unwrap(), parent).unwrap();
        File { path: path.into(), text: text.into() }.render(&module, 1000)
    }

    #[test]
    fn every_form_of_the_name_takes_the_place_of_the_same_form() {
        let text = "A spare part, a spare part of a car model: MySqlSpareParts, spare_parts.car_model_id, \
                    /spare-parts/car-model/{car_model_id}, SparePart, OF_CAR_MODEL, Spare parts";
        let file = rendered("order_items", "invoices", "crates/spare-parts/src/lib.rs", text);
        assert_eq!(file.path, Path::new("crates/order-items/src/lib.rs"));
        assert_eq!(
            file.text,
            "An order item, an order item of an invoice: MySqlOrderItems, order_items.invoice_id, \
             /order-items/invoice/{invoice_id}, OrderItem, OF_INVOICE, Order items"
        );
    }

    #[test]
    fn what_was_put_in_is_not_replaced_again() {
        let file = rendered("car_models", "spare=spare_parts", "a", "spare_parts of car_models");
        assert_eq!(file.text, "car_models of spare_parts");
    }

    #[test]
    fn a_migration_has_its_number_in_name_and_text() {
        let file = rendered(
            "products",
            "users",
            "migrations/RNN_spare_parts.sql",
            "-- Version:   NN\nNN_spare_parts.sql",
        );
        assert_eq!(file.path, Path::new("migrations/R1000_products.sql"));
        assert_eq!(file.text, "-- Version:   1000\n1000_products.sql");
    }

    #[test]
    fn the_crate_says_of_its_table_what_the_migration_makes() {
        let template = read(&crate::workspace::root().join("xtask/templates/module")).unwrap();
        let statement = |path: &str| {
            let file = template.iter().find(|file| file.path == Path::new(path)).unwrap();
            file.text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>()
        };
        let schema = statement("crates/spare-parts/schema.sql");
        assert_eq!(schema, statement("migrations/NN_spare_parts.sql"));
        assert!(schema.len() > 10);
    }

    #[test]
    fn identifiers_are_read_from_code_alone() {
        let code = "let one = two(\"three \", four); // five\nSix::<Seven>";
        assert_eq!(identifiers(code), ["Seven", "Six", "four", "let", "one", "two"].into());
    }
}
