//! Where uploaded files go, from the settings.

use std::sync::Arc;

use actix_web::web::Data;
use kseekers_db_pool::DbPool;
use kseekers_envelope::actix::Gate;
use kseekers_s3::{
    FileService, MySqlFiles, ObjectStore,
    actix::UploadLimits,
    aws::{AwsStore, S3Options, S3OptionsError},
};
use secrecy::ExposeSecret;

use crate::settings::{Bucket, Files};

/// The bucket and the service on it; neither if no bucket is configured.
#[derive(Clone)]
pub(crate) struct FileParts {
    pub(crate) objects: Option<Arc<dyn ObjectStore>>,
    pub(crate) service: Option<Data<FileService>>,
    pub(crate) limits: Data<UploadLimits>,
}

impl FileParts {
    /// Nothing connects yet, so that the server starts while the bucket is away.
    pub(crate) fn new(files: &Files, pool: &DbPool) -> Result<Self, S3OptionsError> {
        let objects = files.bucket.as_ref().map(|bucket| AwsStore::new(&options(bucket))).transpose()?;
        let objects = objects.map(|store| Arc::new(store) as Arc<dyn ObjectStore>);
        let service = objects.clone().map(|objects| {
            let ledger = Arc::new(MySqlFiles::new(pool.clone()));
            Data::new(FileService::new(objects, ledger, files.presigned_url_timeout))
        });
        let limits = UploadLimits {
            bytes: files.max_upload_bytes,
            gate: Gate::new(files.max_uploads_in_progress),
            ..UploadLimits::default()
        };
        Ok(Self { objects, service, limits: Data::new(limits) })
    }
}

pub(crate) fn options(bucket: &Bucket) -> S3Options {
    let Bucket { name, region, access_key, access_secret, endpoint, public_endpoint, path_style } = bucket;
    let options = S3Options::new(name, region, access_key.expose_secret(), access_secret.clone());
    let options = options.path_style(*path_style);
    let options = endpoint.iter().fold(options, S3Options::endpoint);
    public_endpoint.iter().fold(options, S3Options::public_endpoint)
}
