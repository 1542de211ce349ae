//! Encrypted connections.

use std::path::PathBuf;

use mysql_async::SslOpts;

/// Whom to believe that it is the database.
///
/// Without further settings the server's certificate must name the host and be signed by a public authority.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Tls {
    root_certificate: Option<PathBuf>,
    server_name: Option<String>,
    any_certificate: bool,
}

impl Tls {
    /// Encryption with the rules above.
    pub fn new() -> Self {
        Self::default()
    }

    /// Believe the certificates in this file (PEM or DER), and no public authority.
    pub fn root_certificate(mut self, file: impl Into<PathBuf>) -> Self {
        self.root_certificate = Some(file.into());
        self
    }

    /// The certificate names this host instead of the one that is connected to (a tunnel, an address).
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Encrypt, and believe whoever answers. This keeps out who only listens, not who stands in between.
    ///
    /// For the certificates that MySQL makes for itself there is no other way: they name no host, so they cannot be
    /// verified.
    pub fn accept_any_certificate(mut self) -> Self {
        self.any_certificate = true;
        self
    }

    pub(crate) fn ssl_opts(&self) -> SslOpts {
        let roots: Vec<_> = self.root_certificate.iter().cloned().map(Into::into).collect();
        SslOpts::default()
            .with_disable_built_in_roots(!roots.is_empty())
            .with_root_certs(roots)
            .with_danger_tls_hostname_override(self.server_name.clone())
            .with_danger_accept_invalid_certs(self.any_certificate)
    }
}
