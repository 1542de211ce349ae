//! Where the bucket is and who opens it.

use std::{net::Ipv6Addr, num::NonZeroU16, time::Duration};

use secrecy::{ExposeSecret, SecretString};

/// How to reach a bucket.
///
/// Every method changes one setting and gives the options back. Nothing is checked before [`AwsStore::new`].
///
/// ```
/// use kseekers_s3::aws::S3Options;
///
/// let options = S3Options::new("files", "eu-central-1", "AKIA…", "s3cret".into())
///     .endpoint("http://minio:9000")
///     .public_endpoint("https://files.example.com")
///     .path_style(true);
/// assert!(!format!("{options:?}").contains("s3cret"));
/// ```
///
/// [`AwsStore::new`]: crate::aws::AwsStore::new
#[derive(Debug, Clone)]
#[must_use]
pub struct S3Options {
    pub(crate) bucket: String,
    pub(crate) region: String,
    pub(crate) access_key: String,
    pub(crate) secret: SecretString,
    pub(crate) endpoint: Option<String>,
    pub(crate) public_endpoint: Option<String>,
    pub(crate) path_style: bool,
    pub(crate) timeout: Duration,
}

/// Why a store cannot be made of these options.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum S3OptionsError {
    /// Bucket, region, access key or secret is blank.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// The bucket's name is not as S3 wants it: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or
    /// digit at both ends and beside each dot.
    #[error("the bucket's name is not one")]
    Bucket,
    /// An endpoint is not of the form `https://host:port`.
    #[error("the {0} must be written like https://host:port")]
    Endpoint(&'static str),
    /// The store was to be made outside of a tokio runtime.
    #[error("a store has to be made inside of a tokio runtime")]
    NoRuntime,
}

impl S3Options {
    /// A bucket of S3 itself, with the keys of somebody who may use it.
    ///
    /// The keys are needed: credentials of the machine's role, of the environment or of `~/.aws` are not looked up.
    pub fn new(
        bucket: impl Into<String>,
        region: impl Into<String>,
        access_key: impl Into<String>,
        secret: SecretString,
    ) -> Self {
        Self {
            bucket: bucket.into(),
            region: region.into(),
            access_key: access_key.into(),
            secret,
            endpoint: None,
            public_endpoint: None,
            path_style: false,
            timeout: Duration::from_secs(10),
        }
    }

    /// A server other than AWS's of the region, such as `http://127.0.0.1:9000`.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// The endpoint as clients reach it, when that differs: links carry its host, which is part of what is signed.
    pub fn public_endpoint(mut self, url: impl Into<String>) -> Self {
        self.public_endpoint = Some(url.into());
        self
    }

    /// Whether the bucket stands in the path instead of in the host's name (false). Most servers other than AWS's
    /// want it; it never follows from the endpoint.
    pub fn path_style(mut self, in_path: bool) -> Self {
        self.path_style = in_path;
        self
    }

    /// How long the store may take to answer, all attempts together (10 s). Where content is written, the time for
    /// sending it at 128 KiB/s comes on top; where it is read, each piece may take so long.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Whether a store can be made of these options. [`AwsStore::new`](crate::aws::AwsStore::new) asks itself.
    ///
    /// # Errors
    /// What is missing or malformed.
    pub fn check(&self) -> Result<(), S3OptionsError> {
        let needed = [
            ("bucket", self.bucket.as_str()),
            ("region", &self.region),
            ("access key", &self.access_key),
            ("secret of the access key", self.secret.expose_secret()),
        ];
        if let Some((name, _)) = needed.iter().find(|(_, value)| value.trim().is_empty()) {
            return Err(S3OptionsError::Missing(name));
        }
        if !is_bucket(&self.bucket) {
            return Err(S3OptionsError::Bucket);
        }
        let endpoints = [("endpoint", &self.endpoint), ("public endpoint", &self.public_endpoint)];
        let wrong = endpoints.iter().find(|(_, url)| url.as_deref().is_some_and(|url| !is_endpoint(url)));
        match wrong {
            Some((name, _)) => Err(S3OptionsError::Endpoint(name)),
            None => Ok(()),
        }
    }
}

/// Credentials in it would end up in every link, a query would break them.
fn is_endpoint(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if let Some((address, port)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse::<Ipv6Addr>().is_ok() && is_port(port);
    }
    let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
    is_host(host) && is_port(port)
}

/// Names in a network of containers may have an underscore.
fn is_host(host: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    host.split('.').all(|label| !label.is_empty() && label.chars().all(fits))
}

/// Nothing, or a colon and a number.
fn is_port(text: &str) -> bool {
    let is_number =
        |port: &str| port.starts_with(|c: char| c.is_ascii_digit()) && port.parse::<NonZeroU16>().is_ok();
    text.is_empty() || text.strip_prefix(':').is_some_and(is_number)
}

/// S3's [rule](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html) for characters and length.
fn is_bucket(name: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.split('.').all(|label| label.starts_with(alphanumeric) && label.ends_with(alphanumeric))
        && name.chars().all(|c| alphanumeric(c) || ".-".contains(c))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails loudly")]
mod tests {
    use super::*;

    fn options() -> S3Options {
        S3Options::new("files", "eu-central-1", "key", "secret".into())
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(options().check(), Ok(()));
        let missing = |options: S3Options| options.check().unwrap_err().to_string();
        assert_eq!(missing(S3Options { bucket: " ".into(), ..options() }), "the bucket is missing");
        assert_eq!(missing(S3Options { region: String::new(), ..options() }), "the region is missing");
        assert_eq!(
            missing(S3Options { access_key: String::new(), ..options() }),
            "the access key is missing"
        );
        assert_eq!(
            missing(S3Options { secret: "".into(), ..options() }),
            "the secret of the access key is missing"
        );
    }

    #[test]
    fn a_bucket_is_named_as_s3_wants_it() {
        let named = |name: &str| S3Options { bucket: name.into(), ..options() }.check();
        for good in ["abc", "my-files", "files.example.com", "7-7", &"a".repeat(63)] {
            assert_eq!(named(good), Ok(()), "{good}");
        }
        for bad in [
            ".",
            "..",
            "...",
            "ab",
            "a/b",
            "a..b",
            "-ab",
            "ab-",
            "a.-b",
            "Files",
            "my_files",
            &"a".repeat(64),
        ] {
            assert_eq!(named(bad), Err(S3OptionsError::Bucket), "{bad}");
        }
    }

    #[test]
    fn an_endpoint_is_a_scheme_and_a_host() {
        for good in
            ["http://127.0.0.1:9000", "https://s3.example.com/", "http://[::1]:9000", "http://my_s3:1"]
        {
            assert_eq!(options().endpoint(good).check(), Ok(()), "{good}");
        }
        for bad in
            ["s3.example.com", "ftp://host", "http://", "https://user:word@host", "http://host/path?x", ""]
                .into_iter()
                .chain([
                    "http://:",
                    "http://:80",
                    "https://[",
                    "https://[]",
                    "https://[1.2.3.4]",
                    "http://::1",
                ])
                .chain([
                    "http://host:",
                    "http://host:0",
                    "http://host:+80",
                    "http://host:65536",
                    "http://a..b",
                ])
        {
            assert_eq!(options().endpoint(bad).check(), Err(S3OptionsError::Endpoint("endpoint")), "{bad}");
            let public = options().public_endpoint(bad).check();
            assert_eq!(public, Err(S3OptionsError::Endpoint("public endpoint")), "{bad}");
        }
    }
}
