//! What only the routes say: the body that names a file, and short answers.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{ObjectKey, Presigned};

kseekers_envelope::input! {
    /// A file by its key.
    pub struct FileByKey {
        /// The key.
        pub key: ObjectKey => "Key is required",
    }
}

/// A link to a file. Whoever has it may read the file while it works.
#[derive(Serialize, ToSchema)]
pub struct DownloadLink {
    /// The link; a GET is all it takes.
    pub url: String,
    /// Seconds that it works.
    pub expires_in: u64,
}

/// Without the link, which is a secret.
impl fmt::Debug for DownloadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadLink").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

impl From<Presigned> for DownloadLink {
    fn from(presigned: Presigned) -> Self {
        Self { expires_in: presigned.expires_in.as_secs(), url: presigned.url }
    }
}

/// The file that is not there any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileDeleted {
    /// Its key.
    #[schema(value_type = String)]
    pub key: ObjectKey,
}
