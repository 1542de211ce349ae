//! What production refuses and development may do without.

use kseekers_server::settings::{MigrateSettings, SettingsProblems};
use secrecy::ExposeSecret;

use super::{SECRET, development, load, problems, production, sources, with_file};

#[test]
fn production_is_what_counts_unless_told_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let told = problems(load(directory.path(), &[]));
    assert_eq!(
        told,
        [
            "secret is not set; expected at least 32 random bytes, for example from: openssl rand -hex 32",
            "smtp_host is not set; one-time codes are sent by mail, which needs smtp_host and smtp_from",
            "smtp_from is not set; one-time codes are sent by mail, which needs smtp_host and smtp_from",
        ]
    );
}

#[test]
fn production_starts_with_a_secret_and_a_mail_server() {
    let settings = production(&[("host", "0.0.0.0")]).unwrap().settings;
    assert_eq!(settings.auth.secret.expose_secret(), SECRET);
    assert_eq!(settings.mail.unwrap().host, "mail.example.com");
}

#[test]
fn production_refuses_short_and_well_known_secrets_without_showing_them() {
    for secret in [
        "short-but-random-7Gq2",
        "your_jwt_secret_key",
        "your_jwt_secret_key_your_jwt_secret_key",
        "a-string-secret-at-least-256-bits-long",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "Change-Me-Change-Me-Change-Me-Change-Me",
        "abababababababababababababababababababab",
        "secret",
        "changeme",
    ] {
        let told = problems(production(&[("secret", secret)]));
        assert!(told.len() == 1 && told[0].starts_with("environment secret: secret "), "{secret}: {told:?}");
        assert!(secret == "secret" || !told[0].contains(secret), "{told:?}");
    }
}

#[test]
fn development_accepts_a_weak_secret_but_says_so() {
    let loaded = development(&[("secret", "secret")]).unwrap();
    assert_eq!(loaded.warnings, ["secret is a well-known example: production will refuse it"]);
}

#[test]
fn development_without_a_secret_makes_up_another_one_each_time() {
    let secret = || development(&[]).unwrap().settings.auth.secret.expose_secret().to_owned();
    assert_eq!(secret().len(), 64);
    assert_ne!(secret(), secret());
}

#[test]
fn development_listens_on_this_machine_only() {
    let told = problems(development(&[("host", "0.0.0.0")]));
    assert!(told[0].starts_with("environment host: host is 0.0.0.0, but development"), "{told:?}");
    development(&[("host", "::1")]).unwrap();
}

#[test]
fn a_mail_server_needs_a_sender_and_both_halves_of_its_sign_in() {
    assert!(problems(development(&[("smtp_host", "mail")]))[0].starts_with("smtp_from is not set"));
    assert!(problems(production(&[("smtp_from", "nobody")]))[0].contains("is not a mail address"));
    assert!(problems(production(&[("smtp_username", "me")]))[0].contains("go together"));
    assert!(problems(production(&[("smtp_tls", "none")]))[0].contains("production does not accept"));
    development(&[("smtp_host", "mail"), ("smtp_from", "a@b"), ("smtp_tls", "none")]).unwrap();
}

#[test]
fn tls_of_the_python_system_is_refused_with_what_to_do_instead() {
    let told = problems(production(&[("secureEnv", "true"), ("ssl_keyfile", "key.pem")]));
    assert!(
        told[0].starts_with("environment secureEnv: secureEnv is on, but this server does not serve TLS"),
        "{told:?}"
    );
    production(&[("secureEnv", "False")]).unwrap();
}

#[test]
fn production_is_told_that_profiling_logs_personal_data() {
    let loaded = production(&[("profile", "true")]).unwrap();
    assert!(loaded.settings.log.profile);
    assert!(loaded.warnings.iter().any(|warning| warning.starts_with("profile is on: personal data")));
    assert_eq!(
        development(&[("profile", "on")]).unwrap().warnings.len(),
        development(&[]).unwrap().warnings.len()
    );
    assert!(!production(&[]).unwrap().settings.log.profile);
}

#[test]
fn the_pool_cannot_keep_more_connections_than_it_may_have() {
    let told = problems(production(&[("DB_CONN_POOL", "11")]));
    assert_eq!(told, ["environment DB_CONN_POOL: DB_CONN_POOL is 11, more than DB_CONN_POOL_MAX (10)"]);
}

#[test]
fn a_certificate_authority_must_be_a_file() {
    let told = problems(production(&[("db_tls", "required"), ("db_tls_ca", "nowhere.pem")]));
    assert!(told[0].contains("db_tls_ca is nowhere.pem, which is not a file"), "{told:?}");
    assert!(production(&[("db_tls_ca", "x")]).unwrap().warnings[0].contains("not encrypted"));
}

#[test]
fn migrations_need_only_the_settings_of_the_database() {
    let directory = with_file(".env", "db_host=db\nsmtp_pasword=x\nport=none\n");
    let loaded = MigrateSettings::load(&sources(directory.path(), &[])).unwrap();
    assert_eq!(loaded.settings.database.host, "db");
    assert_eq!(loaded.warnings, [".env line 2: smtp_pasword is not a setting; did you mean smtp_password?"]);
    let directory = with_file(".env", "db_prot=1\ndb_user='\n");
    let SettingsProblems { problems, .. } =
        MigrateSettings::load(&sources(directory.path(), &[])).unwrap_err();
    assert_eq!(problems.len(), 2);
}

#[test]
fn no_secret_is_ever_printed() {
    let all = ["secret", "db_password", "smtp_password", "s3_user_access_key", "s3_user_access_secret"];
    let value = "Xy7-do-not-show-me-Qw9-Zr4-Lk2-Pv6";
    let mut environment: Vec<(&str, &str)> = all.iter().map(|name| (*name, value)).collect();
    environment.extend([
        ("smtp_username", "me"),
        ("pdf_bucket_name", "files"),
        ("aws_region", "eu-central-1"),
    ]);
    let loaded = production(&environment).unwrap();
    let everything = format!("{loaded:?}{loaded:#?}{}{}", loaded.effective, loaded.warnings.join(""));
    assert!(!everything.contains("do-not-show"), "{everything}");
    environment.push(("port", "wrong"));
    let refused = production(&environment).unwrap_err();
    assert!(!format!("{refused}{refused:?}").contains("do-not-show"));
}

#[test]
fn half_a_bucket_is_told_with_what_is_missing() {
    let told = problems(development(&[("pdf_bucket_name", "files"), ("s3_user_access_key", "key")]));
    let missing: Vec<_> = told.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(missing, ["s3_user_access_secret", "aws_region"], "{told:?}");
    assert!(told.iter().all(|line| line.contains("is not set; files need pdf_bucket_name, ")), "{told:?}");
    // A region alone is often there for something else.
    assert!(development(&[("aws_region", "eu-central-1")]).unwrap().settings.files.bucket.is_none());
}

#[test]
fn a_bucket_is_read_with_its_endpoints() {
    let needed = [
        ("pdf_bucket_name", "files"),
        ("aws_region", "eu-central-1"),
        ("s3_user_access_key", "key"),
        ("s3_user_access_secret", "word"),
    ];
    let with = |more: &[(&str, &str)]| development(&[&needed[..], more].concat());
    let bucket = with(&[]).unwrap().settings.files.bucket.unwrap();
    assert_eq!((bucket.name.as_str(), bucket.region.as_str()), ("files", "eu-central-1"));
    assert_eq!((bucket.access_key.expose_secret(), bucket.access_secret.expose_secret()), ("key", "word"));
    assert_eq!((bucket.endpoint, bucket.public_endpoint, bucket.path_style), (None, None, false));
    let elsewhere = [
        ("s3_endpoint", "http://minio:9000/"),
        ("s3_public_endpoint", "https://files.example.com"),
        ("s3_path_style", "on"),
    ];
    let bucket = with(&elsewhere).unwrap().settings.files.bucket.unwrap();
    assert_eq!(bucket.endpoint.as_deref(), Some("http://minio:9000"));
    assert_eq!(
        (bucket.public_endpoint.as_deref(), bucket.path_style),
        (Some("https://files.example.com"), true)
    );
    for wrong in ["minio:9000", "ftp://minio", "http://minio/files", "https://key:word@minio"] {
        let told = problems(with(&[("s3_endpoint", wrong)]));
        assert!(told.len() == 1 && told[0].contains("expected a URL without a path"), "{told:?}");
    }
}
