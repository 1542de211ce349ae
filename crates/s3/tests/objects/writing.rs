//! Writing, reading back, deleting.

use kseekers_s3::{ObjectError, ObjectInfo, ObjectStore, Sha256, StoredObject};

use crate::support::{Bucket, MIB, content, key, streamed};

#[tokio::test]
async fn what_is_written_is_read_back_whatever_its_size() {
    let bucket = Bucket::new();
    for size in [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 20 * MIB] {
        let content = content(size);
        let stored = bucket.store.put_stream(&key("a/b"), streamed(&content), "text/plain").await.unwrap();
        assert_eq!(stored, StoredObject { size: size as u64, sha256: Sha256::of(&content) });
        let info = ObjectInfo { size: size as u64, content_type: Some("text/plain".into()) };
        assert_eq!(bucket.store.head(&key("a/b")).await.unwrap(), info, "{size}");
        assert_eq!(bucket.store.get(&key("a/b")).await.unwrap().info, info, "{size}");
        assert!(bucket.read("a/b").await == content, "{size} bytes");
        assert!(bucket.server.unfinished_uploads().unwrap().is_empty());
    }
}

#[tokio::test]
async fn deleting_what_is_not_there_is_no_error() {
    let bucket = Bucket::new();
    bucket.store.put_stream(&key("a"), streamed(b"x"), "text/plain").await.unwrap();
    for _ in 0..2 {
        bucket.store.delete(&key("a")).await.unwrap();
        assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)));
        assert!(matches!(bucket.store.get(&key("a")).await, Err(ObjectError::NotFound)));
    }
}

#[tokio::test]
async fn a_file_is_written_from_its_path() {
    let bucket = Bucket::new();
    let content = content(9 * MIB);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, &content).unwrap();
    let stored = bucket.store.put_path(&key("a"), &path, "image/png").await.unwrap();
    assert_eq!(stored, StoredObject { size: content.len() as u64, sha256: Sha256::of(&content) });
    assert!(bucket.read("a").await == content);

    let missing = bucket.store.put_path(&key("b"), &folder.path().join("none"), "image/png").await;
    assert!(matches!(missing, Err(ObjectError::Content(_))), "{missing:?}");
}
