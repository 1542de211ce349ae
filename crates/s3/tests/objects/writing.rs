//! Writing, reading back, deleting.

use std::{
    io,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::stream;
use kseekers_s3::{ObjectError, ObjectInfo, ObjectStore, Sha256, StoredObject};

use crate::support::{Bucket, MIB, content, key, streamed};

#[tokio::test]
async fn what_is_written_is_read_back_whatever_its_size() {
    let bucket = Bucket::new();
    for size in [0, 1, 8 * MIB, 8 * MIB + 1, 20 * MIB] {
        let content = content(size);
        let stored = bucket.store.put_stream(&key("a/b"), streamed(&content), "text/plain").await.unwrap();
        assert_eq!(stored, StoredObject { size: size as u64, sha256: Sha256::of(&content) });
        let info = ObjectInfo { size: size as u64, content_type: Some("text/plain".into()) };
        assert_eq!(bucket.store.head(&key("a/b")).await.unwrap(), info);
        assert_eq!(bucket.store.get(&key("a/b")).await.unwrap().info, info);
        assert!(bucket.read("a/b").await == content, "{size} bytes");
        assert_eq!(bucket.unfinished(), 0);
    }
}

#[tokio::test]
async fn a_file_is_written_from_its_path() {
    let bucket = Bucket::new();
    let content = content(MIB);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, &content).unwrap();
    let stored = bucket.store.put_path(&key("a"), &path, "image/png").await.unwrap();
    assert_eq!(stored, StoredObject { size: content.len() as u64, sha256: Sha256::of(&content) });
    assert!(bucket.read("a").await == content);

    for unreadable in [folder.path().join("none"), folder.path().to_owned()] {
        let error = bucket.store.put_path(&key("b"), &unreadable, "image/png").await;
        assert!(matches!(error, Err(ObjectError::Content(_))), "{error:?}");
    }
}

#[tokio::test]
async fn deleting_what_is_not_there_is_no_error() {
    let bucket = Bucket::new();
    bucket.put("a", b"x").await;
    for _ in 0..2 {
        bucket.store.delete(&key("a")).await.unwrap();
        assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)));
        assert!(matches!(bucket.store.get(&key("a")).await, Err(ObjectError::NotFound)));
    }
}

#[tokio::test]
async fn however_long_the_content_two_parts_of_it_are_held_at_most() {
    const PIECE: usize = 64 * 1024;
    let bucket = Arc::new(Bucket::new());
    let most_held = Arc::new(Mutex::new(0));
    let (server, most) = (Arc::clone(&bucket), Arc::clone(&most_held));
    let pieces = (1..=72 * MIB / PIECE).map(move |count| {
        let unfinished = server.server.unfinished_uploads().unwrap();
        let written = unfinished.iter().filter(|path| path.to_string_lossy().contains(".part-"));
        // What the store has asked for less what the server has got.
        let held = count * PIECE - written.count() * 8 * MIB;
        let mut most = most.lock().unwrap();
        *most = held.max(*most);
        Ok::<_, io::Error>(Bytes::from_static(&[7; PIECE]))
    });
    let stored = bucket.store.put_stream(&key("a"), Box::pin(stream::iter(pieces)), "text/plain").await;
    assert_eq!(stored.unwrap().size, 72 * MIB as u64);
    // And the piece after a full part, which tells that it is not the last.
    assert!(*most_held.lock().unwrap() <= 2 * 8 * MIB + PIECE);
}
