//! The service without HTTP: what happens in the middle of an upload.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use kseekers_s3::{ByteStream, ContentType, FileError, FileName, ObjectError, ObjectKey};
use tokio::sync::oneshot;

use crate::client::{Service, caller};

/// A stream that yields something and ends as it is told to.
fn held_back() -> (oneshot::Sender<io::Result<Bytes>>, ByteStream) {
    let (end, told) = oneshot::channel();
    let end_of_it =
        stream::once(async { told.await.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into())) });
    let beginning = stream::iter([Ok(Bytes::from(vec![b'x'; 9 * 1024 * 1024]))]);
    (end, Box::pin(beginning.chain(end_of_it)))
}

async fn begun(service: &Service) -> ObjectKey {
    let s3 = service.s3.as_ref().unwrap();
    service.until("a part in the bucket", async |_| !s3.unfinished_uploads().unwrap().is_empty()).await;
    ObjectKey::parse(service.rows().await[0].0.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_deleted_on_its_way_does_not_come_back() {
    let service = Service::start().await;
    let (end, content) = held_back();
    let (files, ada) = (service.files.clone(), caller("ada"));
    let upload = tokio::spawn(async move {
        files.upload(&ada, FileName::sent("a"), ContentType::sent(None), content).await
    });
    let key = begun(&service).await;
    service.files.delete(&caller("ada"), &key).await.unwrap();
    end.send(Ok(Bytes::new())).unwrap();
    let uploaded = upload.await.unwrap();
    assert!(matches!(uploaded, Err(FileError::NotFound)), "{uploaded:?}");
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_content_that_breaks_off_nothing_is_left() {
    let service = Service::start().await;
    let (end, content) = held_back();
    drop(end);
    let uploaded =
        service.files.upload(&caller("ada"), FileName::sent("a"), ContentType::sent(None), content).await;
    assert!(matches!(uploaded, Err(FileError::Objects(ObjectError::Content(_)))), "{uploaded:?}");
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_given_up_leaves_a_pending_row_and_nothing_in_the_bucket() {
    let service = Service::start().await;
    let (_end, content) = held_back();
    let (files, ada) = (service.files.clone(), caller("ada"));
    let upload = tokio::spawn(async move {
        files.upload(&ada, FileName::sent("a"), ContentType::sent(None), content).await
    });
    let key = begun(&service).await;
    upload.abort();
    service.until("the bucket to be empty", async |service| service.on_disk().is_empty()).await;
    assert_eq!(service.rows().await, [(key.as_str().to_owned(), "pending".to_owned())]);
    // Its owner can be rid of it.
    service.files.delete(&caller("ada"), &key).await.unwrap();
    service.is_empty().await;
}
