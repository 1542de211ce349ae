//! Writing a stream of unknown length.

use std::{future::Future, pin::pin, time::Duration};

use aws_sdk_s3::{
    Client,
    types::{CompletedMultipartUpload, CompletedPart},
};
use bytes::Bytes;
use futures_util::future::{self, Either};
use kseekers_envelope::BoxError;

use super::{
    client,
    error::classify,
    parts::{self, Part, Parts},
};
use crate::{ByteStream, ObjectError, StoredObject};

/// Where to write, and as what.
pub(super) struct Target {
    pub(super) client: Client,
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) content_type: String,
    pub(super) timeout: Duration,
}

impl Target {
    /// Writes what the stream yields: in one request when it ends within the first part, else part by part.
    ///
    /// `given_up` comes when nobody waits for the answer any more. Until the stream has ended, that ends the upload.
    pub(super) async fn write(
        self,
        body: ByteStream,
        mut given_up: impl Future<Output = ()> + Send + Unpin,
    ) -> Result<StoredObject, ObjectError> {
        let mut parts = Parts::new(body);
        let first = unless(&mut given_up, parts.next(parts::size(1))).await?;
        if first.last {
            unless(&mut given_up, self.put(first.content)).await?;
            return Ok(parts.measured());
        }
        let upload = Multipart::create(self).await?;
        let result = match upload.send(first, &mut parts, &mut given_up).await {
            Ok(sent) => upload.complete(sent).await,
            Err(error) => Err(error),
        };
        if result.is_err() {
            upload.abort().await;
        }
        result.map(|()| parts.measured())
    }

    async fn put(&self, content: Bytes) -> Result<(), ObjectError> {
        let deadline = client::sending(content.len(), self.timeout);
        let request = self.client.put_object().bucket(&self.bucket).key(&self.key);
        let request = request.content_type(&self.content_type).body(content.into());
        let answer = request.customize().config_override(deadline).send().await;
        answer.map(drop).map_err(|error| classify(error, ObjectError::Write))
    }
}

async fn unless<T>(
    given_up: &mut (impl Future<Output = ()> + Unpin),
    work: impl Future<Output = Result<T, ObjectError>>,
) -> Result<T, ObjectError> {
    match future::select(given_up, Box::pin(work)).await {
        Either::Left(_) => Err(ObjectError::Write("the caller has given up".into())),
        Either::Right((result, _)) => result,
    }
}

/// An upload that the store keeps parts for until it is completed or aborted.
struct Multipart {
    target: Target,
    id: String,
}

impl Multipart {
    async fn create(target: Target) -> Result<Self, ObjectError> {
        let request = target.client.create_multipart_upload().bucket(&target.bucket).key(&target.key);
        let answer = request.content_type(&target.content_type).send().await;
        let answer = answer.map_err(|error| classify(error, ObjectError::Write))?;
        let id = answer.upload_id.ok_or_else(|| incomplete("the upload has no id"))?;
        Ok(Self { target, id })
    }

    /// Two parts are held in memory: while one is on its way, the next is read.
    ///
    /// When the stream fails or the caller gives up, the part on its way is waited for: cut off, it could reach the
    /// store after the abort and stay there.
    async fn send(
        &self,
        first: Part,
        parts: &mut Parts,
        given_up: &mut (impl Future<Output = ()> + Send + Unpin),
    ) -> Result<Vec<CompletedPart>, ObjectError> {
        let mut sent = Vec::new();
        let mut part = first;
        for number in 1..=parts::MOST {
            let sending = pin!(self.part(number, part.content));
            if part.last {
                sent.push(sending.await?);
                return unless(given_up, future::ready(Ok(sent))).await;
            }
            let reading = pin!(unless(given_up, parts.next(parts::size(number + 1))));
            let (done, next) = match future::select(sending, reading).await {
                Either::Left((done, reading)) => (done?, reading.await?),
                Either::Right((next, sending)) => {
                    let done = sending.await;
                    // Why the stream failed is what the caller has to hear.
                    let next = next?;
                    (done?, next)
                }
            };
            sent.push(done);
            part = next;
        }
        Err(ObjectError::Write("the content is longer than 492 GiB".into()))
    }

    async fn part(&self, number: usize, content: Bytes) -> Result<CompletedPart, ObjectError> {
        let number = i32::try_from(number).map_err(|error| ObjectError::Write(error.into()))?;
        let target = &self.target;
        let deadline = client::sending(content.len(), target.timeout);
        let request = target.client.upload_part().bucket(&target.bucket).key(&target.key);
        let request = request.upload_id(&self.id).part_number(number).body(content.into());
        let answer = request.customize().config_override(deadline).send().await;
        let answer = answer.map_err(|error| classify(error, ObjectError::Write))?;
        let tag = answer.e_tag.ok_or_else(|| incomplete("a part has no tag"))?;
        Ok(CompletedPart::builder().part_number(number).e_tag(tag).build())
    }

    /// S3 may take minutes to put many parts together, so it has as long as the last of them could take.
    async fn complete(&self, sent: Vec<CompletedPart>) -> Result<(), ObjectError> {
        let deadline = client::sending(parts::size(sent.len()), self.target.timeout);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(sent)).build();
        let target = &self.target;
        let request = target.client.complete_multipart_upload().bucket(&target.bucket).key(&target.key);
        let request = request.upload_id(&self.id).multipart_upload(parts);
        let answer = request.customize().config_override(deadline).send().await;
        answer.map(drop).map_err(|error| classify(error, ObjectError::Write))
    }

    /// The caller is not told of a failure: there is another already. A rule of the bucket can delete what is left, see
    /// the README.
    async fn abort(&self) {
        let target = &self.target;
        let request = target.client.abort_multipart_upload().bucket(&target.bucket).key(&target.key);
        if let Err(error) = request.upload_id(&self.id).send().await {
            let error = classify(error, ObjectError::Write);
            tracing::warn!(%error, key = %target.key, "the parts of an upload that failed stay in the bucket");
        }
    }
}

fn incomplete(problem: &'static str) -> ObjectError {
    ObjectError::Write(BoxError::from(problem))
}
