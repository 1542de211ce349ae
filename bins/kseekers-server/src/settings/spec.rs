//! The table of all settings: what parsing, `.env.example` and the table in the README go by.

use std::fmt;

use super::choice::{Algorithm, Choice, DbTls, Environment, LogLevel, Registration, SmtpTls};

/// What a value must look like; displayed as what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    /// Never shown; `NAME_FILE` may name a file that holds it.
    Secret,
    Path,
    Address,
    Flag,
    Number {
        least: u64,
        most: u64,
    },
    /// A fraction is fine: `0.5`.
    Seconds {
        least: f64,
        most: f64,
    },
    OneOf(&'static [&'static str]),
    Origins,
    Endpoint,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Secret => f.write_str("secret text"),
            Self::Path => f.write_str("a path"),
            Self::Address => {
                f.write_str("an IP address of this machine, 0.0.0.0 for all of them, or localhost")
            }
            Self::Flag => f.write_str("on or off (or true, false, yes, no, 1, 0)"),
            Self::Number { least, most } => write!(f, "a whole number from {least} to {most}"),
            Self::Seconds { least, most } => write!(f, "seconds from {least} to {most}"),
            Self::OneOf(words) => f.write_str(&words.join(" or ")),
            Self::Origins => {
                f.write_str("origins such as `https://app.example.com`, separated by commas, or *")
            }
            Self::Endpoint => f.write_str("a URL without a path, such as `http://minio:9000`"),
        }
    }
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// As the Python system writes it; any letter case is accepted.
    pub(super) name: &'static str,
    pub(super) alias: Option<&'static str>,
    pub(super) kind: Kind,
    /// Empty: not set.
    pub(super) default: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for the tests that keep .env.example and the README true")
    )]
    pub(super) about: &'static str,
}

impl Setting {
    const fn or(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    pub(super) fn is_secret(&self) -> bool {
        self.kind == Kind::Secret
    }

    /// Every name that sets it.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.alias)
    }
}

/// A part of the table, and of `.env.example`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Environment,
    Database,
    SignIn,
    Mail,
    Http,
    Log,
    Files,
    Python,
}

pub(super) struct Section {
    pub(super) part: Part,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for the tests that keep .env.example and the README true")
    )]
    pub(super) title: &'static str,
    pub(super) settings: &'static [Setting],
}

const fn set(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Setting {
    Setting { name, alias: None, kind, default, about }
}

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

const PORT: Kind = number(1, 65_535);
const PATIENCE: Kind = Kind::Seconds { least: 0.01, most: 600.0 };
/// Zero is for "none" or "never".
const UP_TO_A_DAY: Kind = Kind::Seconds { least: 0.0, most: 86_400.0 };

use Kind::{Address, Endpoint, Flag, OneOf, Origins, Path, Secret, Text};

/// All settings, in the order of `.env.example`.
#[rustfmt::skip]
pub(super) const SECTIONS: &[Section] = &[
    Section { part: Part::Environment, title: "Environment", settings: &[
        set("environment", OneOf(Environment::WORDS), "production", "`development` when the first argument is `dev`. Production refuses a missing, short or well-known secret, a missing mail sender and sample data; development listens on loopback only"),
    ]},
    Section { part: Part::Database, title: "Database", settings: &[
        set("db_host", Text, "localhost", "Host name or address of the MySQL or MariaDB server, reached over TCP"),
        set("db_port", PORT, "3306", "Its port"),
        set("db_user", Text, "root", "Who signs in"),
        set("db_password", Secret, "", "And the password"),
        set("mp_database", Text, "kseekers", "Name of the database (`ks_database` means the same)").or("ks_database"),
        set("DB_CONN_POOL", number(0, 10_000), "5", "Connections that are opened at start, in the background, and kept open while idle"),
        set("DB_CONN_POOL_MAX", number(1, 10_000), "10", "Most connections at a time"),
        set("DB_ECHO", Flag, "off", "Log every statement, never its values"),
        set("db_connect_timeout", PATIENCE, "3", "Seconds until a database that does not answer counts as down"),
        set("db_acquire_timeout", PATIENCE, "5", "Seconds that a request waits for a free connection before it is answered with 503"),
        set("db_max_waiting", number(0, 1_000_000), "500", "Requests that may wait for a connection at a time; any more are answered with 503 at once"),
        set("db_idle_timeout", Kind::Seconds { least: 1.0, most: 86_400.0 }, "600", "Seconds after which an idle connection beyond `DB_CONN_POOL` is closed"),
        set("db_max_lifetime", UP_TO_A_DAY, "1800", "Seconds after which a connection is replaced, up to a tenth earlier; 0: never"),
        set("db_check_after", UP_TO_A_DAY, "0.25", "A connection that was idle for more seconds is asked for a sign of life before it is used"),
        set("db_statement_timeout", UP_TO_A_DAY, "30", "Seconds after which a statement is stopped on the server; 0: no limit"),
        set("db_lock_timeout", number(1, 600), "5", "Seconds that a statement waits for a lock"),
        set("db_transaction_attempts", number(1, 10), "4", "How often a transaction is tried at most that meets a deadlock or a lock"),
        set("db_slow_statement", UP_TO_A_DAY, "1", "A statement that takes as many seconds is logged, without its values; 0: none"),
        set("db_held_warning", UP_TO_A_DAY, "30", "A connection that is held for as many seconds is logged with the place in the code that took it; 0: none"),
        set("db_tls", OneOf(DbTls::WORDS), "off", "`required`: encrypted and the server's certificate checked, or no connection"),
        set("db_tls_ca", Path, "", "PEM file of the authority that signed that certificate; without it the public ones count"),
        set("migrations_dir", Path, "", "Directory of migrations to use instead of those built into the program"),
        set("auto_migrate", Flag, "off", "Apply what is pending when the server starts, in the background: `/health/ready` is 503 until all is applied. Any number of servers may start at once"),
    ]},
    Section { part: Part::SignIn, title: "Sign-in", settings: &[
        set("secret", Secret, "", "Signs access tokens; at least 32 random bytes, for example from `openssl rand -hex 32`. Development without one makes one up at each start"),
        set("algorithm", OneOf(Algorithm::WORDS), "HS256", "How access tokens are signed"),
        set("jwt_expiry", number(1, 31_536_000), "900", "Seconds that an access token counts"),
        set("jwt_issuer", Text, "", "`iss` of access tokens, and required of them"),
        set("jwt_audience", Text, "", "`aud` of access tokens, and required of them; the Python system refuses tokens that have one"),
        set("registration", OneOf(Registration::WORDS), "open", "`closed`: nobody can register"),
        set("reveal_unknown_users", Flag, "off", "Answer 404 when a code is asked for an unknown user, as the Python system does: tells a stranger who has an account"),
    ]},
    Section { part: Part::Mail, title: "Mail (one-time codes)", settings: &[
        set("smtp_host", Text, "", "Mail server; development without one prints the codes to the terminal"),
        set("smtp_port", PORT, "587", "Its port; 465 is usual with `smtp_tls=tls`"),
        set("smtp_username", Text, "", "Who signs in there, if anybody"),
        set("smtp_password", Secret, "", "And the password"),
        set("smtp_from", Text, "", "Sender of the mails, such as `KSeekers <no-reply@example.com>`"),
        set("smtp_tls", OneOf(SmtpTls::WORDS), "starttls", "`none` only in development"),
    ]},
    Section { part: Part::Http, title: "HTTP", settings: &[
        set("host", Address, "127.0.0.1", "Address to listen on"),
        set("port", number(0, 65_535), "8000", "Port to listen on; 0 takes a free one and prints it"),
        set("cors_origins", Origins, "", "Web pages of which origins may call"),
        set("docs", Flag, "on", "Serve `/openapi.json` and `/docs`"),
        set("workers", number(0, 1_024), "0", "Threads that serve requests; 0: one for each core"),
        set("max_requests_in_progress", number(1, 1_000_000), "1000", "Requests worked on at a time; any more are answered with 503 at once"),
        set("request_body_limit", number(1_024, 262_144), "262144", "Largest request body in bytes, files aside"),
        set("shutdown_timeout", number(0, 3_600), "30", "Seconds that requests in progress have to finish when the server is stopped"),
    ]},
    Section { part: Part::Log, title: "Log", settings: &[
        set("log_level", OneOf(LogLevel::WORDS), "info", "The least severe line that is logged"),
        set("logging_path", Path, "logs/app.log", "Log file, made together with its folder; one for each process. While it cannot be written the lines go to standard error"),
        set("logging_file_size", number(1_024, 1_099_511_627_776), "10485760", "Bytes that a log file holds at most; then it is renamed to `app.log.1`, an older one to `app.log.2` and so on"),
        set("logging_backup_count", number(0, 10_000), "5", "Older log files that are kept; with 0 the file begins anew"),
        set("profile", Flag, "off", "Log each call of a service or a store with its time, its arguments and its result: personal data, never secrets"),
    ]},
    Section { part: Part::Files, title: "Files (S3)", settings: &[
        set("aws_region", Text, "", "Region of the bucket"),
        set("s3_user_access_key", Secret, "", "Access key of somebody who may read, write and delete there"),
        set("s3_user_access_secret", Secret, "", "And its secret"),
        set("pdf_bucket_name", Text, "", "Name of the bucket; without one there are no files"),
        set("s3_endpoint", Endpoint, "", "Another server that speaks the protocol of S3"),
        set("s3_public_endpoint", Endpoint, "", "That server as clients reach it, when they do so by another name: links lead there"),
        set("s3_path_style", Flag, "off", "The bucket stands in the path, not in the host name; most servers other than AWS want that"),
        set("presigned_url_timeout", number(1, 604_800), "600", "Seconds that a link to a file works, a week at most"),
        set("max_upload_bytes", number(1, 107_374_182_400), "104857600", "Largest file that can be uploaded, in bytes"),
        set("max_uploads_in_progress", number(1, 10_000), "16", "Uploads at a time; any more are answered with 503 at once. Each holds 16 MiB of its file in memory, beyond 8 GB of it more, up to 128 MiB. They are not among `max_requests_in_progress`"),
    ]},
    Section { part: Part::Python, title: "Of the Python system, without effect here", settings: &[
        set("secureEnv", Flag, "off", "Must be off: TLS ends in front of this server, for example in nginx or a load balancer"),
        set("ssl_keyfile", Path, "", "Not read"),
        set("ssl_certfile", Path, "", "Not read"),
    ]},
];

/// All settings, in order.
pub(super) fn settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings)
}

/// The setting of exactly this name.
pub(super) fn named(name: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.name == name)
}

/// How a name of a file or of the environment refers to a setting.
#[derive(Clone, Copy)]
pub(super) enum Reference {
    Value(&'static Setting),
    /// `NAME_FILE`: the value is in a file.
    File(&'static Setting),
}

/// What a name refers to, in any letter case.
pub(super) fn find(name: &str) -> Option<Reference> {
    let called =
        |name: &str| settings().find(|setting| setting.names().any(|known| known.eq_ignore_ascii_case(name)));
    if let Some(setting) = called(name) {
        return Some(Reference::Value(setting));
    }
    let (stem, suffix) = name.split_at_checked(name.len().checked_sub("_file".len())?)?;
    if suffix.eq_ignore_ascii_case("_file") { called(stem).map(Reference::File) } else { None }
}

#[cfg(test)]
#[path = "spec_tests.rs"]
mod tests;
