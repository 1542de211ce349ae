//! What is found fault with, and what is left alone.

use crate::{Finding, MigrationSet, lint};

mod changes;
mod found;
mod tables;
mod types;
mod waivers;

/// What is there before the file that is judged.
const BEFORE: &str = "
    CREATE TABLE people (
        id INT NOT NULL AUTO_INCREMENT,
        name VARCHAR(100) NOT NULL,
        nick VARCHAR(50) NULL,
        age INT,
        price DECIMAL(10,2) NOT NULL DEFAULT 0,
        born DATETIME NULL,
        seen TIMESTAMP,
        state ENUM('new', 'old') NOT NULL,
        bio TEXT,
        place POINT NULL,
        PRIMARY KEY (id)
    );
    CREATE TABLE cities (id INT PRIMARY KEY);
    CREATE TABLE pairs (a INT, b INT, PRIMARY KEY (a, b));";

/// These files, with a way back for each step that has none.
fn history(files: &[(&str, &str)]) -> MigrationSet {
    let is_there = |name: &str| files.iter().any(|(file, _)| *file == name);
    let steps = files.iter().filter(|(name, _)| !name.starts_with('R'));
    let backs = steps.map(|(name, _)| format!("R{name}")).filter(|back| !is_there(back));
    let all = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    MigrationSet::from_files(all.chain(backs.map(|back| (back, "DO 0".to_owned())))).unwrap()
}

fn findings(files: &[(&str, &str)]) -> Vec<Finding> {
    lint(&history(files)).unwrap()
}

/// The rules that a file breaks whose tables are there since the file before.
#[track_caller]
fn rules(file: &str) -> Vec<&'static str> {
    let findings = findings(&[("01_before.sql", BEFORE), ("02_file.sql", file)]);
    assert!(findings.iter().all(|finding| finding.file == "02_file.sql"), "{findings:#?}");
    findings.iter().map(|finding| finding.rule.name()).collect()
}

/// Each of these files breaks this rule, once, and no other.
#[track_caller]
fn each_breaks(rule: &str, files: &[&str]) {
    for file in files {
        assert_eq!(rules(file), [rule], "{file}");
    }
}

#[track_caller]
fn each_is_fine(files: &[&str]) {
    for file in files {
        assert_eq!(rules(file), [""; 0], "{file}");
    }
}
