//! How values are read, and how wrong ones are told.

use std::time::Duration;

use kseekers_server::settings::{Algorithm, LogLevel, Registration};

use super::{development, problems};

#[test]
fn the_defaults_are_those_of_the_table() {
    let settings = development(&[]).unwrap().settings;
    assert_eq!((settings.database.connections_idle, settings.database.connections_max), (5, 10));
    let limits = &settings.database.limits;
    assert_eq!((limits.max_waiting, limits.transaction_attempts), (500, 4));
    assert_eq!(
        (limits.statement_timeout, limits.held_warning),
        (Duration::from_secs(30), Duration::from_secs(30))
    );
    assert_eq!(limits.check_after, Duration::from_millis(250));
    assert_eq!(settings.auth.jwt_expiry, Duration::from_secs(900));
    assert_eq!((settings.auth.algorithm, settings.auth.registration), (Algorithm::Hs256, Registration::Open));
    assert_eq!(settings.http.address().to_string(), "127.0.0.1:8000");
    assert_eq!((settings.http.docs, settings.http.request_body_limit), (true, 262_144));
    assert_eq!((settings.log.level, settings.database.echo), (LogLevel::Info, false));
    assert!(settings.mail.is_none() && settings.database.tls.is_none() && settings.migrations_dir.is_none());
}

#[test]
fn values_keep_their_meaning_whatever_they_look_like() {
    use secrecy::ExposeSecret;
    for password in ["0123", "1e5", "true", " with blanks ", "pa$$word"] {
        let settings = development(&[("db_password", password)]).unwrap().settings;
        assert_eq!(settings.database.password.expose_secret(), password);
    }
}

#[test]
fn words_flags_and_numbers_are_read_generously() {
    let settings = development(&[
        ("ALGORITHM", "hs512"),
        ("DB_ECHO", "True"),
        ("docs", "OFF"),
        ("port", " 9000 "),
        ("db_acquire_timeout", "0.25"),
        ("host", "localhost"),
        ("cors_origins", "https://App.example.com, http://localhost:3000,"),
    ])
    .unwrap()
    .settings;
    assert_eq!(settings.auth.algorithm, Algorithm::Hs512);
    assert_eq!((settings.database.echo, settings.http.docs, settings.http.port), (true, false, 9000));
    assert_eq!(settings.database.acquire_timeout, Duration::from_millis(250));
    assert_eq!(settings.http.cors_origins, ["https://app.example.com", "http://localhost:3000"]);
}

#[test]
fn all_problems_are_told_at_once_with_what_was_expected() {
    let told = problems(development(&[
        ("DB_PORT", "33o6"),
        ("db_echo", "maybe"),
        ("algorithm", "RS256"),
        ("request_body_limit", "262145"),
        ("db_connect_timeout", "inf"),
        ("host", "example"),
        ("cors_origins", "https://app.example.com/path"),
    ]));
    assert_eq!(
        told,
        [
            "environment DB_PORT: db_port is 33o6; expected a whole number from 1 to 65535",
            "environment db_connect_timeout: db_connect_timeout is inf; expected seconds from 0.01 to 600",
            "environment db_echo: DB_ECHO is maybe; expected on or off (or true, false, yes, no, 1, 0)",
            "environment algorithm: algorithm is RS256; expected HS256 or HS384 or HS512",
            "environment host: host is example; expected an IP address of this machine, 0.0.0.0 for all of them, or localhost",
            "environment cors_origins: cors_origins is https://app.example.com/path; expected origins such as \
         `https://app.example.com`, separated by commas, or *",
            "environment request_body_limit: request_body_limit is 262145; expected a whole number from 1024 to 262144",
        ]
    );
}

#[test]
fn every_setting_that_is_not_free_text_refuses_nonsense() {
    let named =
        ["environment", "db_port", "DB_CONN_POOL", "DB_CONN_POOL_MAX", "DB_ECHO", "db_connect_timeout"]
            .into_iter()
            .chain([
                "db_acquire_timeout",
                "db_tls",
                "algorithm",
                "jwt_expiry",
                "registration",
                "reveal_unknown_users",
            ])
            .chain([
                "smtp_port",
                "smtp_tls",
                "host",
                "port",
                "cors_origins",
                "docs",
                "workers",
                "shutdown_timeout",
            ])
            .chain([
                "max_requests_in_progress",
                "request_body_limit",
                "log_level",
                "logging_file_size",
                "secureEnv",
            ])
            .chain(["logging_backup_count", "presigned_url_timeout"])
            .chain(["db_max_waiting", "db_idle_timeout", "db_max_lifetime", "db_check_after"])
            .chain(["db_statement_timeout", "db_lock_timeout", "db_transaction_attempts"])
            .chain(["db_slow_statement", "db_held_warning"]);
    for name in named {
        for nonsense in ["-1", "1.2.3", "+5", "ünsinn", "NaN"] {
            let told = problems(development(&[(name, nonsense)]));
            assert!(
                told[0].starts_with(&format!("environment {name}: {name} is ")),
                "{name}={nonsense}: {told:?}"
            );
        }
    }
}

#[test]
fn a_secret_that_cannot_be_used_is_refused_and_not_shown() {
    let directory = super::with_file(".env", "environment=development\ndb_password=do-not\0show\n");
    let told = problems(super::load(directory.path(), &[]));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(".env line 2: db_password is wrong") && !told[0].contains("do-not"),
        "{told:?}"
    );
}

#[test]
fn odd_values_are_shown_on_one_short_line() {
    let told = problems(development(&[("port", &format!("a\nb{}", "c".repeat(500)))]));
    assert!(told[0].starts_with(r#"environment port: port is "a\nbccc"#) && told[0].len() < 200, "{told:?}");
}
