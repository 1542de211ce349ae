//! Rules that look at more than one setting: what production refuses, and what development may do without.

use secrecy::{ExposeSecret, SecretString};

use super::Settings;
use super::choice::{Environment, SmtpTls};
use super::reader::Reader;

/// RFC 7518, section 3.2: a key for HS256 has at least as many bits as the hash.
const SHORTEST_SECRET: usize = 32;

/// Secrets that stand in examples and tutorials, lower-case letters and digits only. A secret that contains one is
/// refused, because people lengthen an example until the length check is satisfied.
const WELL_KNOWN: &[&str] = &[
    "09d25e094faa6ca2556c818166b7a956",
    "0123456789abcdef",
    "1234567890",
    "abcdefgh",
    "changeit",
    "changeme",
    "changethis",
    "examplesecret",
    "jwtsecret",
    "mysecret",
    "notsecret",
    "passwordpassword",
    "replaceme",
    "replacethis",
    "secretkey",
    "secretsecret",
    "stringsecretatleast256bits",
    "supersecret",
    "topsecret",
    "verysecret",
    "your256bitsecret",
    "your384bitsecret",
    "your512bitsecret",
    "yourjwt",
    "yoursecret",
];

/// Whether production may use the secret: `Err` says why not.
fn fit_for_production(secret: &str) -> Result<(), &'static str> {
    let letters: String = secret.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    let mut kinds = secret.as_bytes().to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    if letters == "secret" || WELL_KNOWN.iter().any(|known| letters.contains(known)) {
        Err("is a well-known example")
    } else if secret.len() < SHORTEST_SECRET {
        Err("is shorter than 32 bytes")
    } else if kinds.len() < 8 {
        Err("repeats very few characters")
    } else {
        Ok(())
    }
}

/// The secret to sign with. Development may lack one, and gets a random one then.
pub(super) fn signing_secret(
    secret: Option<SecretString>,
    environment: Environment,
    reader: &mut Reader<'_>,
) -> SecretString {
    const ADVICE: &str = "expected at least 32 random bytes, for example from: openssl rand -hex 32";
    match (secret, environment) {
        (Some(secret), _) => {
            match (fit_for_production(secret.expose_secret()), environment) {
                (Ok(()), _) => {}
                (Err(why), Environment::Production) => {
                    reader.refuse("secret", format!("{why}, which production does not accept; {ADVICE}"));
                }
                (Err(why), Environment::Development) => {
                    reader.notes.warn(format!("secret {why}: production will refuse it"));
                }
            }
            secret
        }
        (None, Environment::Production) => {
            reader.refuse("secret", format!("is not set; {ADVICE}"));
            SecretString::default()
        }
        (None, Environment::Development) => {
            let mut bytes = [0_u8; SHORTEST_SECRET];
            if let Err(error) = getrandom::fill(&mut bytes) {
                reader.refuse("secret", format!("is not set, and none can be made up: {error}"));
            }
            reader
                .notes
                .warn("secret is not set: a random one is used, and every token ends when the server stops");
            hex::encode(bytes).into()
        }
    }
}

/// Production needs a mail server to send one-time codes; half a mail server is a mistake anywhere.
pub(super) fn mail(
    host: Option<&str>,
    from: Option<&str>,
    tls: SmtpTls,
    environment: Environment,
    reader: &mut Reader<'_>,
) {
    let needed = environment == Environment::Production || host.is_some();
    for (name, value) in [("smtp_host", host), ("smtp_from", from)] {
        if needed && value.is_none() {
            reader.refuse(
                name,
                "is not set; one-time codes are sent by mail, which needs smtp_host and smtp_from",
            );
        }
    }
    if from.is_some_and(|from| !from.contains('@') || from.chars().any(char::is_control)) {
        reader.refuse(
            "smtp_from",
            "is not a mail address; expected KSeekers <no-reply@example.com> or the like",
        );
    }
    if environment == Environment::Production && tls == SmtpTls::None {
        reader.refuse("smtp_tls", "is none, which production does not accept; expected starttls or tls");
    }
}

/// Half a bucket is a mistake anywhere. Many environments have a region that is meant for something else.
pub(super) fn bucket(given: &[(&str, bool)], reader: &mut Reader<'_>) {
    if given.iter().all(|(name, set)| !set || *name == "aws_region") {
        return;
    }
    for (name, _) in given.iter().filter(|(_, set)| !set) {
        reader.refuse(
            name,
            "is not set; files need pdf_bucket_name, aws_region, s3_user_access_key and s3_user_access_secret",
        );
    }
}

/// What is left to check when all parts are read.
pub(super) fn check(settings: &Settings, reader: &mut Reader<'_>) {
    if settings.environment == Environment::Development && !settings.http.host.is_loopback() {
        let what = format!(
            "is {}, but development can be reached from this machine only; expected 127.0.0.1 or ::1 \
             (or environment=production)",
            settings.http.host
        );
        reader.refuse("host", what);
    }
    if settings.environment == Environment::Production && settings.http.cors_origins.is_empty() {
        reader.notes.warn("cors_origins is not set: pages of other origins cannot read the answers");
    }
    if settings.environment == Environment::Production && settings.log.profile {
        reader.notes.warn("profile is on: personal data is logged, and every request takes longer");
    }
    if reader.flag("secureEnv") {
        reader.refuse(
            "secureEnv",
            "is on, but this server does not serve TLS; expected off, and TLS ended in front of it (nginx, a load \
             balancer)",
        );
    }
}
