//! `--check-config`, up to the program that calls it.
#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use kseekers_server::check_config;
use kseekers_server::settings::Sources;

fn run(environment: &[(&str, &str)]) -> (u8, String, String) {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let sources = Sources { environment, directory: "nowhere".into(), ..Sources::default() };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = check_config::run(&sources, &mut out, &mut err).unwrap();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn a_good_configuration_is_shown_with_origins_and_without_secrets() {
    let (code, out, err) = run(&[("Environment", "development"), ("secret", "hunter2"), ("DB_PORT", "3307")]);
    assert_eq!(code, 0, "{err}");
    let line = |name: &str| {
        let line = out.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("db_port"), "db_port = 3307 environment DB_PORT");
    assert_eq!(line("db_host"), "db_host = localhost default");
    assert_eq!(line("secret"), "secret = (set) environment secret");
    assert_eq!(line("smtp_host"), "smtp_host = (not set)");
    assert!(!out.contains("hunter2") && !err.contains("hunter2"));
    assert!(err.starts_with("Warning: secret is shorter"), "{err}");
}

#[test]
fn a_bad_configuration_ends_with_78_and_every_problem() {
    let (code, out, err) = run(&[("port", "http"), ("docs", "perhaps")]);
    assert_eq!((code, out.as_str()), (78, ""));
    assert!(err.starts_with("The configuration has 5 problems:\n  secret is not set"), "{err}");
}
