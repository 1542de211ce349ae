//! The table against what people read: `.env.example` and the README.

use std::collections::BTreeSet;

use super::*;

const EXAMPLE: &str = include_str!("../../../../.env.example");
const README: &str = include_str!("../../README.md");

/// `NAME=value` and `#NAME=value` of the example; prose comments have a space after the `#`.
fn example() -> Vec<(&'static str, &'static str)> {
    EXAMPLE
        .lines()
        .filter_map(|line| line.strip_prefix('#').unwrap_or(line).split_once('='))
        .filter(|(name, _)| !name.contains(' '))
        .collect()
}

#[test]
fn names_are_unique_in_any_letter_case_and_fit_an_environment() {
    let mut seen = BTreeSet::new();
    for name in settings().flat_map(Setting::names) {
        assert!(seen.insert(name.to_ascii_lowercase()), "{name} is there twice");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
    }
}

#[test]
fn the_names_of_the_python_system_are_all_known() {
    for name in "db_host db_port db_user db_password mp_database ks_database DB_CONN_POOL DB_CONN_POOL_MAX DB_ECHO secret \
                 algorithm aws_region s3_user_access_key s3_user_access_secret pdf_bucket_name presigned_url_timeout \
                 logging_path logging_file_size logging_backup_count smtp_host smtp_port smtp_username smtp_password \
                 migrations_dir secureEnv ssl_keyfile ssl_certfile"
        .split_whitespace()
    {
        for name in [name.to_owned(), name.to_uppercase(), name.to_lowercase()] {
            assert!(matches!(find(&name), Some(Reference::Value(_))), "{name}");
        }
    }
}

#[test]
fn env_example_has_every_setting_in_the_order_of_the_table() {
    let names: Vec<&str> = example().into_iter().map(|(name, _)| name).collect();
    let expected: Vec<&str> = settings().map(|setting| setting.name).collect();
    assert_eq!(names, expected);
    let titles: Vec<&str> =
        EXAMPLE.lines().filter_map(|line| line.strip_prefix("# ---- ")?.strip_suffix(" ----")).collect();
    assert_eq!(titles, SECTIONS.iter().map(|section| section.title).collect::<Vec<_>>());
}

#[test]
fn env_example_shows_the_defaults() {
    for (name, value) in example() {
        assert_eq!(Some(value), named(name).map(|setting| setting.default), "{name}");
    }
}

#[test]
fn the_readme_has_the_table_of_settings() {
    let mut table = String::from("| name | default | value | |\n|---|---|---|---|\n");
    for Setting { name, kind, default, about, .. } in settings() {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        table.push_str(&format!("| `{name}` | {default} | {kind} | {about} |\n"));
    }
    assert!(README.contains(&table), "the README should have this table:\n{table}");
}
