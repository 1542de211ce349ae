//! Uploads that do not come to their end.

use std::{future, io, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use kseekers_s3::{ByteStream, ObjectError, ObjectStore};
use tokio::{sync::Notify, time};

use crate::support::{Bucket, MIB, PATIENCE, content, key, streamed};

fn failing_after(size: usize) -> ByteStream {
    let end = stream::once(future::ready(Err(io::Error::new(io::ErrorKind::FileTooLarge, "enough"))));
    Box::pin(streamed(&content(size)).chain(end))
}

/// Never ends, and tells when it has yielded so much.
fn hanging_after(size: usize, reached: Arc<Notify>) -> ByteStream {
    let end = stream::once(async move {
        reached.notify_one();
        future::pending::<io::Result<Bytes>>().await
    });
    Box::pin(streamed(&content(size)).chain(end))
}

#[tokio::test]
async fn a_stream_that_fails_leaves_nothing_behind_and_its_own_error_is_told() {
    let bucket = Bucket::new();
    for size in [0, MIB, 8 * MIB, 20 * MIB] {
        match bucket.store.put_stream(&key("a"), failing_after(size), "text/plain").await {
            Err(ObjectError::Content(error)) => assert_eq!(error.kind(), io::ErrorKind::FileTooLarge),
            other => panic!("{other:?}"),
        }
        assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)), "{size}");
        assert_eq!(bucket.unfinished(), 0, "{size}");
    }
}

#[tokio::test]
async fn a_write_that_fails_leaves_the_object_of_before() {
    let bucket = Bucket::new();
    bucket.put("a", b"before").await;
    assert!(bucket.store.put_stream(&key("a"), failing_after(9 * MIB), "text/plain").await.is_err());
    assert_eq!(bucket.read("a").await, b"before");
}

#[tokio::test]
async fn an_upload_whose_caller_goes_away_leaves_nothing_behind() {
    let bucket = Bucket::new();
    for size in [MIB, 20 * MIB] {
        let reached = Arc::new(Notify::new());
        let name = key("a");
        let upload = bucket.store.put_stream(&name, hanging_after(size, Arc::clone(&reached)), "text/plain");
        tokio::select! {
            result = upload => panic!("{result:?}"),
            () = reached.notified() => {}
        }
        let begun = size > 8 * MIB;
        assert!(!begun || bucket.unfinished() > 0, "there is something to take away");
        let tidied = async {
            while bucket.unfinished() > 0 {
                time::sleep(time::Duration::from_millis(5)).await;
            }
        };
        time::timeout(PATIENCE, tidied).await.expect("the upload is aborted");
        assert!(matches!(bucket.store.head(&name).await, Err(ObjectError::NotFound)));
    }
}
