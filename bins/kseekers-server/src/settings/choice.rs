//! Settings that are one word out of a few.

/// A setting with a fixed list of words; the first one stands in while problems are collected.
pub(super) trait Choice: Copy + Default {
    const WORDS: &'static [&'static str];

    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! choice {
    ($(#[$about:meta])* $visible:vis enum $name:ident { $($(#[$means:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        $visible enum $name { $($(#[$means])* $variant),+ }

        /// The word of the configuration.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),+ })
            }
        }

        impl Choice for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn from_word(word: &str) -> Option<Self> {
                $(if word.eq_ignore_ascii_case($word) { return Some(Self::$variant); })+
                None
            }
        }
    };
}

choice! {
    /// How strict the server is about its own configuration.
    pub enum Environment {
        /// Refuses whatever is only good enough for trying things out.
        #[default]
        Production = "production",
        /// Listens on loopback only, prints one-time codes to the terminal when there is no mail server.
        Development = "development",
    }
}

choice! {
    /// How access tokens are signed (RFC 7518, section 3.2).
    pub enum Algorithm {
        /// HMAC with SHA-256.
        #[default]
        Hs256 = "HS256",
        /// HMAC with SHA-384.
        Hs384 = "HS384",
        /// HMAC with SHA-512.
        Hs512 = "HS512",
    }
}

choice! {
    /// The least severe line that is logged.
    pub enum LogLevel {
        /// Only what needs somebody to act.
        Error = "error",
        /// What may need somebody to look.
        Warn = "warn",
        /// One line for each request.
        #[default]
        Info = "info",
        /// What helps to find a mistake.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

choice! {
    /// Whether the connection to the mail server is encrypted.
    pub enum SmtpTls {
        /// Starts in the clear and must switch to TLS before anything is said (RFC 3207).
        #[default]
        StartTls = "starttls",
        /// TLS from the first byte (RFC 8314), usually on port 465.
        Tls = "tls",
        /// Never; only for a mail catcher in development.
        None = "none",
    }
}

choice! {
    /// Who may register.
    pub enum Registration {
        /// Anybody.
        #[default]
        Open = "open",
        /// Nobody: users are made some other way.
        Closed = "closed",
    }
}

choice! {
    /// Whether the connection to the database must be encrypted.
    pub(super) enum DbTls {
        /// Not encrypted: a database on the same machine or in the same private network.
        #[default]
        Off = "off",
        /// Encrypted and the server's certificate checked, or no connection.
        Required = "required",
    }
}
