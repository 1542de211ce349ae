//! The service without HTTP: what happens in the middle of an upload.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use kseekers_s3::{
    ByteStream, ContentType, File, FileError, FileId, FileLedger, FileName, FileService, FileState,
    MySqlFiles, NewFile, ObjectError, ObjectKey, StoredObject,
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::client::{Service, caller, store};

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

/// Before it strikes a file out for the first time, an upload comes to its end.
#[derive(Debug)]
struct Overtaken {
    ledger: MySqlFiles,
    upload: Mutex<Option<(oneshot::Sender<io::Result<Bytes>>, Uploading)>>,
}

type Uploading = JoinHandle<Result<File, FileError>>;

#[async_trait]
impl FileLedger for Overtaken {
    async fn begin(&self, new: &NewFile) -> Result<FileId, FileError> {
        self.ledger.begin(new).await
    }

    async fn finish(&self, id: FileId, object: &StoredObject) -> Result<File, FileError> {
        self.ledger.finish(id, object).await
    }

    async fn by_key(&self, key: &ObjectKey) -> Result<Option<File>, FileError> {
        self.ledger.by_key(key).await
    }

    async fn remove(&self, id: FileId, seen: FileState) -> Result<bool, FileError> {
        let upload = self.upload.lock().unwrap().take();
        if let Some((end, upload)) = upload {
            end.send(Ok(Bytes::new())).unwrap();
            upload.await.unwrap().unwrap();
        }
        self.ledger.remove(id, seen).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_stored_while_it_is_deleted_goes_with_its_object() {
    let service = Service::start().await;
    let (end, content) = held_back();
    let (files, ada) = (service.files.clone(), caller("ada"));
    let upload = tokio::spawn(async move {
        files.upload(&ada, FileName::sent("a"), ContentType::sent(None), content).await
    });
    let key = begun(&service).await;
    let ledger = MySqlFiles::new(service.pool.clone());
    let overtaken = Overtaken { ledger, upload: Mutex::new(Some((end, upload))) };
    let objects = store(service.s3.as_ref().unwrap(), "local-secret");
    let files = FileService::new(objects, Arc::new(overtaken), Duration::from_secs(600));
    files.delete(&caller("ada"), &key).await.unwrap();
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_the_bucket_refuses_leaves_no_row() {
    let service = Service::start().await;
    let objects = store(service.s3.as_ref().unwrap(), "wrong");
    let ledger = Arc::new(MySqlFiles::new(service.pool.clone()));
    let files = FileService::new(objects, ledger, Duration::from_secs(600));
    let content = Box::pin(stream::iter([Ok(Bytes::from_static(b"x"))]));
    let uploaded = files.upload(&caller("ada"), FileName::sent("a"), ContentType::sent(None), content).await;
    assert!(matches!(uploaded, Err(FileError::Objects(ObjectError::Refused(_)))), "{uploaded:?}");
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
