//! The typed settings, part by part, and how each is read.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::checks;
use super::choice::{Algorithm, Environment, LogLevel, Registration, SmtpTls};
use super::reader::Reader;

/// Tokens, and who may register.
#[derive(Debug, Clone)]
pub struct Auth {
    /// Signs access tokens. Never empty.
    pub secret: SecretString,
    /// How they are signed.
    pub algorithm: Algorithm,
    /// How long they count, in whole seconds.
    pub jwt_expiry: Duration,
    /// Written as `iss`, and required.
    pub jwt_issuer: Option<String>,
    /// Written as `aud`, and required.
    pub jwt_audience: Option<String>,
    /// Who may register.
    pub registration: Registration,
    /// Whether asking for a code tells that a user does not exist.
    pub reveal_unknown_users: bool,
}

impl Auth {
    pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> Self {
        let secret = reader.secret("secret");
        Self {
            secret: checks::signing_secret(secret, environment, reader),
            algorithm: reader.choice("algorithm"),
            jwt_expiry: reader.whole_seconds("jwt_expiry"),
            jwt_issuer: reader.optional_text("jwt_issuer"),
            jwt_audience: reader.optional_text("jwt_audience"),
            registration: reader.choice("registration"),
            reveal_unknown_users: reader.flag("reveal_unknown_users"),
        }
    }
}

/// A mail server, and who the mails are from.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Who signs in; `None`: nobody.
    pub username: Option<String>,
    /// Never without a user name.
    pub password: Option<SecretString>,
    /// The sender, such as `KSeekers <no-reply@example.com>`.
    pub from: String,
    /// Whether the connection is encrypted.
    pub tls: SmtpTls,
}

impl Mail {
    /// `None` in development without a mail server, and while there are problems.
    pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<Self> {
        let (host, from) = (reader.optional_text("smtp_host"), reader.optional_text("smtp_from"));
        let port = reader.number("smtp_port");
        let (username, password) = (reader.optional_text("smtp_username"), reader.secret("smtp_password"));
        let tls = reader.choice("smtp_tls");
        checks::mail(host.as_deref(), from.as_deref(), tls, environment, reader);
        if username.is_some() != password.is_some() {
            reader.refuse("smtp_username", "and smtp_password go together; expected both or neither");
        }
        Some(Self { host: host?, port, username, password, from: from?, tls })
    }
}

/// Where and how to serve.
#[derive(Debug, Clone)]
pub struct Http {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0: any free one.
    pub port: u16,
    /// In lower case; empty: no other origin may call; `["*"]`: all may.
    pub cors_origins: Vec<String>,
    /// Whether `/openapi.json` and `/docs` are served.
    pub docs: bool,
    /// Threads; 0: one for each core.
    pub workers: usize,
    /// Requests worked on at a time.
    pub max_requests_in_progress: usize,
    /// Largest request body, in bytes.
    pub request_body_limit: usize,
    /// How long requests in progress may take when the server stops, in whole seconds.
    pub shutdown_timeout: Duration,
}

impl Http {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            host: reader.address("host"),
            port: reader.number("port"),
            cors_origins: reader.origins("cors_origins"),
            docs: reader.flag("docs"),
            workers: reader.number("workers"),
            max_requests_in_progress: reader.number("max_requests_in_progress"),
            request_body_limit: reader.number("request_body_limit"),
            shutdown_timeout: reader.whole_seconds("shutdown_timeout"),
        }
    }

    /// Where to listen.
    pub fn address(&self) -> SocketAddr {
        (self.host, self.port).into()
    }
}

/// What is logged.
#[derive(Debug, Clone)]
pub struct Log {
    /// The least severe line.
    pub level: LogLevel,
    /// The log file.
    pub path: PathBuf,
    /// Bytes after which a new file begins.
    pub file_size: u64,
    /// Older files that are kept.
    pub backup_count: usize,
    /// Whether each call of a service or a store is logged, with its arguments and its result.
    pub profile: bool,
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            level: reader.choice("log_level"),
            path: reader.path("logging_path").unwrap_or_default(),
            file_size: reader.number("logging_file_size"),
            backup_count: reader.number("logging_backup_count"),
            profile: reader.flag("profile"),
        }
    }
}

/// Where uploaded files go, and how large they may be.
#[derive(Debug, Clone)]
pub struct Files {
    /// Where they are; `None`: there are none.
    pub bucket: Option<Bucket>,
    /// How long a link works, in whole seconds.
    pub presigned_url_timeout: Duration,
    /// Largest file, in bytes.
    pub max_upload_bytes: u64,
    /// Uploads at a time.
    pub max_uploads_in_progress: usize,
}

impl Files {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            bucket: Bucket::read(reader),
            presigned_url_timeout: reader.whole_seconds("presigned_url_timeout"),
            max_upload_bytes: reader.number("max_upload_bytes"),
            max_uploads_in_progress: reader.number("max_uploads_in_progress"),
        }
    }
}

/// A bucket of S3, or of a server that speaks its protocol.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Who opens it.
    pub access_key: SecretString,
    /// And with which secret.
    pub access_secret: SecretString,
    /// The server; `None`: AWS.
    pub endpoint: Option<String>,
    /// The server as clients reach it, if that differs.
    pub public_endpoint: Option<String>,
    /// Whether the bucket stands in the path, not in the host name.
    pub path_style: bool,
}

impl Bucket {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let name = reader.optional_text("pdf_bucket_name");
        let region = reader.optional_text("aws_region");
        let access_key = reader.secret("s3_user_access_key");
        let access_secret = reader.secret("s3_user_access_secret");
        let endpoint = reader.endpoint("s3_endpoint");
        let public_endpoint = reader.endpoint("s3_public_endpoint");
        let path_style = reader.flag("s3_path_style");
        let given = [
            ("pdf_bucket_name", name.is_some()),
            ("s3_user_access_key", access_key.is_some()),
            ("s3_user_access_secret", access_secret.is_some()),
            ("aws_region", region.is_some()),
        ];
        checks::bucket(&given, reader);
        let (name, region) = name.zip(region)?;
        let (access_key, access_secret) = access_key.zip(access_secret)?;
        Some(Self { name, region, access_key, access_secret, endpoint, public_endpoint, path_style })
    }
}
