//! What the server is told.

use std::{fmt, path::PathBuf};

/// Where the objects are, and who may have them.
#[derive(Clone)]
#[must_use]
pub struct Options {
    pub(crate) dir: PathBuf,
    pub(crate) port: u16,
    pub(crate) buckets: Vec<String>,
    pub(crate) access_key: String,
    pub(crate) secret: String,
}

impl Options {
    /// Objects below this folder, which is made when missing; any free port; no bucket; access key `local`, secret
    /// `local-secret`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            buckets: Vec::new(),
            access_key: "local".to_owned(),
            secret: "local-secret".to_owned(),
        }
    }

    /// This port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// A bucket that is made when missing. May be said more than once.
    pub fn bucket(mut self, name: impl Into<String>) -> Self {
        self.buckets.push(name.into());
        self
    }

    /// The one pair of keys that is let in.
    pub fn keys(mut self, access_key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.access_key = access_key.into();
        self.secret = secret.into();
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("dir", &self.dir)
            .field("port", &self.port)
            .field("buckets", &self.buckets)
            .finish_non_exhaustive()
    }
}
