//! The store itself.

use std::{fmt, io, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_sdk_s3::Client;
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, stream};
use tokio::{fs::File, io::AsyncReadExt, runtime::Handle, sync::oneshot};
use tracing::instrument;

use super::{
    S3Options, S3OptionsError, client, download,
    error::classify,
    runtime::{self, run},
    upload::Target,
};
use crate::{
    ByteStream, Object, ObjectError, ObjectInfo, ObjectKey, ObjectStore, Presigned, PresignedPut,
    StoredObject,
};

/// So much of a file is read at once.
const BLOCK: usize = 256 * 1024;

/// A bucket of S3, or of anything that speaks its protocol.
///
/// Clones share their connections, which live in the runtime that the store was made in; it can be used from any.
#[derive(Clone)]
pub struct AwsStore {
    bucket: Arc<Bucket>,
    home: Handle,
}

/// What every request needs.
pub(super) struct Bucket {
    pub(super) name: String,
    client: Client,
    /// Makes links for the outside.
    pub(super) public: Client,
    endpoint: Option<String>,
    timeout: Duration,
}

impl fmt::Debug for AwsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsStore")
            .field("bucket", &self.bucket.name)
            .field("endpoint", &self.bucket.endpoint)
            .finish_non_exhaustive()
    }
}

impl AwsStore {
    /// A store in this bucket. Nothing is sent yet; [`check`](ObjectStore::check) asks whether the bucket answers.
    ///
    /// # Errors
    /// When an option is missing or malformed, and outside of a tokio runtime.
    pub fn new(options: &S3Options) -> Result<Self, S3OptionsError> {
        options.check()?;
        let home = Handle::try_current().map_err(|_| S3OptionsError::NoRuntime)?;
        let (client, public) = client::clients(options);
        let bucket = Bucket {
            name: options.bucket.clone(),
            client,
            public,
            endpoint: options.endpoint.clone(),
            timeout: options.timeout,
        };
        Ok(Self { bucket: Arc::new(bucket), home })
    }

    /// What `ask` gets from the bucket, on the store's runtime.
    async fn ask<T, F>(&self, ask: impl FnOnce(Arc<Bucket>) -> F) -> Result<T, ObjectError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ObjectError>> + Send + 'static,
    {
        run(&self.home, ask(Arc::clone(&self.bucket))).await
    }
}

#[async_trait]
impl ObjectStore for AwsStore {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn put_path(
        &self,
        key: &ObjectKey,
        path: &Path,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError> {
        let path = path.to_owned();
        let file = run(&self.home, async { File::open(path).await.map_err(ObjectError::Content) }).await?;
        let pieces = stream::try_unfold(file, async |mut file| {
            let mut block = BytesMut::with_capacity(BLOCK);
            let read = file.read_buf(&mut block).await?;
            Ok::<Option<(Bytes, File)>, io::Error>((read > 0).then(|| (block.freeze(), file)))
        });
        self.put_stream(key, Box::pin(pieces), content_type).await
    }

    #[instrument(target = "kseekers::profile", level = "trace", skip(body), ret)]
    async fn put_stream(
        &self,
        key: &ObjectKey,
        body: ByteStream,
        content_type: &str,
    ) -> Result<StoredObject, ObjectError> {
        let target = Target {
            client: self.bucket.client.clone(),
            bucket: self.bucket.name.clone(),
            key: key.as_str().to_owned(),
            content_type: content_type.to_owned(),
            timeout: self.bucket.timeout,
        };
        // Not aborted with the caller: what the store holds of a broken upload has to be taken away first.
        let (waiting, given_up) = oneshot::channel::<()>();
        let task = self.home.spawn(target.write(body, given_up.map(drop)));
        let result = task.await.unwrap_or_else(runtime::ended);
        drop(waiting);
        result
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn get(&self, key: &ObjectKey) -> Result<Object, ObjectError> {
        let (key, home) = (key.as_str().to_owned(), self.home.clone());
        self.ask(|bucket| async move {
            let request = bucket.client.get_object().bucket(&bucket.name).key(key);
            let answer = request.send().await.map_err(|error| {
                let missing = error.as_service_error().is_some_and(|error| error.is_no_such_key());
                if missing { ObjectError::NotFound } else { classify(error, ObjectError::Read) }
            })?;
            let info = info(answer.content_length, answer.content_type)?;
            Ok(Object { info, body: download::body(&home, answer.body, bucket.timeout) })
        })
        .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, ObjectError> {
        let key = key.as_str().to_owned();
        self.ask(|bucket| async move {
            let request = bucket.client.head_object().bucket(&bucket.name).key(key);
            let answer = request.send().await.map_err(|error| {
                let missing = error.as_service_error().is_some_and(|error| error.is_not_found());
                if missing { ObjectError::NotFound } else { classify(error, ObjectError::Read) }
            })?;
            info(answer.content_length, answer.content_type)
        })
        .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        let key = key.as_str().to_owned();
        self.ask(|bucket| async move {
            let answer = bucket.client.delete_object().bucket(&bucket.name).key(key).send().await;
            answer.map(drop).map_err(|error| classify(error, ObjectError::Delete))
        })
        .await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn presign_get(
        &self,
        key: &ObjectKey,
        file_name: Option<&str>,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError> {
        let (key, file_name) = (key.as_str().to_owned(), file_name.map(str::to_owned));
        self.ask(|bucket| async move { bucket.presign_get(key, file_name, expires_in).await }).await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn presign_put(
        &self,
        key: &ObjectKey,
        put: &PresignedPut,
        expires_in: Duration,
    ) -> Result<Presigned, ObjectError> {
        let (key, put) = (key.as_str().to_owned(), put.clone());
        self.ask(|bucket| async move { bucket.presign_put(key, &put, expires_in).await }).await
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn check(&self) -> Result<(), ObjectError> {
        self.ask(|bucket| async move {
            let request = bucket.client.head_bucket().bucket(&bucket.name).customize();
            let answer = request.config_override(client::checking(bucket.timeout)).send().await;
            answer.map(drop).map_err(|error| classify(error, ObjectError::Unreachable))
        })
        .await
    }
}

fn info(size: Option<i64>, content_type: Option<String>) -> Result<ObjectInfo, ObjectError> {
    let size = size.and_then(|size| u64::try_from(size).ok());
    let size = size.ok_or_else(|| ObjectError::Read("the answer has no length".into()))?;
    Ok(ObjectInfo { size, content_type })
}
