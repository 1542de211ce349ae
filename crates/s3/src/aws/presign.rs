//! Links.

use std::time::Duration;

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_smithy_types::base64;

use super::disposition;
use crate::{ObjectError, Presigned, PresignedPut};

use super::store::Bucket;

impl Bucket {
    pub(super) async fn presign_get(
        &self,
        key: String,
        file_name: Option<String>,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError> {
        let config = config(expires_in)?;
        let request = self.public.get_object().bucket(&self.name).key(key);
        let request =
            request.set_response_content_disposition(file_name.as_deref().map(disposition::attachment));
        let signed = request
            .presigned(config)
            .await
            .map_err(|error| super::error::classify(error, ObjectError::Presign))?;
        Ok(presigned("GET", &signed, expires_in))
    }

    pub(super) async fn presign_put(
        &self,
        key: String,
        put: &PresignedPut,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError> {
        let config = config(expires_in)?;
        let size = i64::try_from(put.size).map_err(|error| ObjectError::Presign(error.into()))?;
        let hash = put.sha256.map(|hash| base64::encode(hash.as_bytes()));
        let request = self.public.put_object().bucket(&self.name).key(key);
        let request = request.content_length(size).content_type(&put.content_type).set_checksum_sha256(hash);
        let signed = request
            .presigned(config)
            .await
            .map_err(|error| super::error::classify(error, ObjectError::Presign))?;
        Ok(presigned("PUT", &signed, expires_in))
    }
}

fn config(expires_in: Duration) -> Result<PresigningConfig, ObjectError> {
    // S3 counts whole seconds; none would be a link that never works.
    if expires_in < Duration::from_secs(1) {
        return Err(ObjectError::Presign("a link must work for a second at least".into()));
    }
    PresigningConfig::expires_in(expires_in).map_err(|error| ObjectError::Presign(error.into()))
}

fn presigned(method: &'static str, request: &PresignedRequest, expires_in: Duration) -> Presigned {
    let headers = request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Presigned { method, url: request.uri().to_owned(), headers, expires_in }
}
