//! Which layer wins, and what is told about it.

use std::path::{Path, PathBuf};

use kseekers_server::settings::{Environment, Profile, Settings, Sources};
use secrecy::ExposeSecret;

use super::{load, problems, sources, with_file};

const DEVELOPMENT: &str = "environment=development\n";

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file_which_wins_over_defaults() {
    let directory = with_file(".env", "environment=development\ndb_host=file\ndb_user=file\nport=1\n");
    let mut sources = sources(directory.path(), &[("DB_HOST", "environment"), ("PORT", "2")]);
    sources.flags = vec![("port", "3".to_owned())];
    let loaded = Settings::load(&sources).unwrap();
    let settings = &loaded.settings;
    assert_eq!((settings.http.port, settings.database.host.as_str()), (3, "environment"));
    assert_eq!((settings.database.user.as_str(), settings.database.name.as_str()), ("file", "kseekers"));
    let origin = |name: &str| {
        let setting = loaded.effective.0.iter().find(|setting| setting.name == name).unwrap();
        setting.origin.clone().unwrap_or_default()
    };
    assert_eq!(
        ["port", "db_host", "db_user", "mp_database"].map(origin),
        ["flag --port", "environment DB_HOST", ".env line 3", "default"]
    );
}

#[test]
fn the_first_argument_chooses_the_file_and_the_default_environment() {
    let directory = with_file(".dev", "db_host=dev\n");
    std::fs::write(directory.path().join(".prod"), "db_host=prod\nenvironment=development\n").unwrap();
    let load = |profile| {
        let settings = Settings::load(&Sources { profile: Some(profile), ..sources(directory.path(), &[]) });
        settings.unwrap().settings
    };
    let dev = load(Profile::Dev);
    assert_eq!((dev.database.host.as_str(), dev.environment), ("dev", Environment::Development));
    let prod = load(Profile::Prod);
    assert_eq!((prod.database.host.as_str(), prod.environment), ("prod", Environment::Development));
}

#[test]
fn a_default_file_may_be_missing_but_a_named_one_may_not() {
    let directory = tempfile::tempdir().unwrap();
    let mut sources = sources(directory.path(), &[("environment", "development")]);
    Settings::load(&sources).unwrap();
    sources.env_file = Some(PathBuf::from("other.env"));
    let told = problems(Settings::load(&sources));
    assert!(told[0].starts_with("other.env cannot be read"), "{told:?}");
}

#[test]
fn a_file_and_an_environment_that_differ_are_told_without_secrets() {
    let directory =
        with_file(".env", "environment=development\ndb_port=3306\ndb_password=in-file\ndb_user=same\n");
    let environment = [("DB_PORT", "3307"), ("DB_PASSWORD", "in-environment"), ("db_user", "same")];
    let warnings = load(directory.path(), &environment).unwrap().warnings;
    assert!(
        warnings.contains(&"db_port: environment DB_PORT (3307) wins over .env line 2 (3306)".to_owned())
    );
    assert!(warnings.contains(&"db_password: environment DB_PASSWORD wins over .env line 3".to_owned()));
    assert!(!warnings.iter().any(|warning| warning.contains("db_user")), "{warnings:?}");
}

#[test]
fn both_names_of_the_database_count_but_may_not_disagree() {
    let name = |text: &str| load(with_file(".env", &(DEVELOPMENT.to_owned() + text)).path(), &[]);
    assert_eq!(name("ks_database=a").unwrap().settings.database.name, "a");
    assert_eq!(name("MP_DATABASE=a\nks_database=a").unwrap().settings.database.name, "a");
    let told = problems(name("mp_database=a\nks_database=b"));
    assert_eq!(
        told,
        [".env line 3: ks_database means the same as mp_database (.env line 2), and the two differ"]
    );
}

#[test]
fn a_name_set_twice_in_the_file_is_told_and_the_last_one_counts() {
    let directory = with_file(".env", "environment=development\nport=1\nport=2\n");
    let loaded = load(directory.path(), &[]).unwrap();
    assert_eq!(loaded.settings.http.port, 2);
    assert!(loaded.warnings[0].starts_with(".env line 3: port is set again"), "{:?}", loaded.warnings);
}

#[test]
fn an_empty_value_means_the_default_in_any_layer() {
    let directory = with_file(".env", "environment=development\nport=\ndb_host=elsewhere\n");
    let settings = load(directory.path(), &[("DB_HOST", ""), ("DB_PORT", "")]).unwrap().settings;
    assert_eq!(settings.http.port, 8000);
    assert_eq!((settings.database.host.as_str(), settings.database.port), ("localhost", 3306));
}

#[test]
fn references_see_the_environment_first_and_then_earlier_lines() {
    let text = "environment=development\nNAME=file\nOTHER=file\ndb_user=\"${NAME}-${OTHER}-$NAME\"\ndb_host='${NAME}'\n";
    let directory = with_file(".env", text);
    let loaded = load(directory.path(), &[("NAME", "outside")]).unwrap();
    assert_eq!(loaded.settings.database.user, "outside-file-$NAME");
    assert_eq!(loaded.settings.database.host, "${NAME}");
    assert!(loaded.warnings.iter().any(|warning| warning.starts_with(".env line 5: ${…} in single quotes")));
}

#[test]
fn a_secret_can_be_read_from_a_file_without_its_line_end() {
    let directory = with_file("password", "p$ss w0rd \r\n");
    let environment = [("environment", "development"), ("DB_PASSWORD_FILE", "password")];
    let loaded = load(directory.path(), &environment).unwrap();
    assert_eq!(loaded.settings.database.password.expose_secret(), "p$ss w0rd ");
    let shown = loaded.effective.to_string();
    assert!(shown.contains("(set)") && shown.contains("environment DB_PASSWORD_FILE (password)"), "{shown}");
}

#[test]
fn a_secret_file_must_exist_and_hold_something_and_nothing_else_can_be_read_from_files() {
    let directory =
        with_file(".env", "environment=development\nsecret_file=gone\ndb_password_file=empty\nport_file=x\n");
    std::fs::write(directory.path().join("empty"), "\n").unwrap();
    let told = problems(load(directory.path(), &[]));
    assert!(told[0].starts_with(".env line 2: secret_file names gone, which cannot be read"), "{told:?}");
    assert_eq!(told[1], ".env line 3: db_password_file names empty, which is empty");
    assert!(told[2].starts_with(".env line 4: port_file is not a setting: only a secret"), "{told:?}");
}

#[test]
fn a_file_that_is_too_long_for_a_secret_is_refused() {
    let directory = with_file("long", &"x".repeat(64 * 1024 + 1));
    let told = problems(load(directory.path(), &[("environment", "development"), ("SECRET_FILE", "long")]));
    assert_eq!(told, ["environment SECRET_FILE: SECRET_FILE names long, which is longer than 65536 bytes"]);
}

#[test]
fn names_of_other_programs_in_the_environment_are_ignored() {
    let others = [("environment", "development"), ("PORT_FILE", "x"), ("db_prot", "x"), ("PATH", "x")];
    let warnings = load(Path::new("nowhere"), &others).unwrap().warnings;
    assert!(warnings.len() == 1 && warnings[0].starts_with("secret is not set"), "{warnings:?}");
}

#[test]
fn a_mistyped_name_in_the_file_is_refused_with_what_was_probably_meant() {
    let directory = with_file(".env", "environment=development\ndb_pasword=hidden\nDEBUG=true\n");
    let refused = load(directory.path(), &[("db_hots", "ignored in the environment")]).unwrap_err();
    let told: Vec<String> = refused.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, [".env line 2: db_pasword is not a setting; did you mean db_password?"]);
    assert!(
        refused
            .warnings
            .iter()
            .any(|warning| warning.ends_with("not settings of this server: DEBUG (.env line 3)"))
    );
    assert!(!refused.to_string().contains("hidden"));
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_not_shown() {
    let directory = with_file(".env", "environment=development\n\nsecret='not closed\n");
    let refused = load(directory.path(), &[]).unwrap_err().to_string();
    assert!(refused.contains(".env line 3: this line cannot be read"), "{refused}");
    assert!(!refused.contains("closed"), "{refused}");
}

#[test]
fn the_example_file_is_enough_for_development() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.env.example");
    let sources = Sources { profile: Some(Profile::Dev), env_file: Some(example), ..Sources::default() };
    Settings::load(&sources).unwrap();
}
