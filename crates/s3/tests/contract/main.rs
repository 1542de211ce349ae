//! What every [`FileLedger`] promises.
#![cfg(feature = "mysql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use kseekers_access::UserId;
use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::StorageError;
use kseekers_s3::{
    ContentType, FileError, FileId, FileLedger, FileName, FileState, MySqlFiles, NewFile, ObjectKey, Sha256,
    StoredObject,
};
use support::database;

struct Fixture {
    ledger: Arc<dyn FileLedger>,
    pool: DbPool,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let (database, pool) = database().await;
    Fixture { ledger: Arc::new(MySqlFiles::new(pool.clone())), pool, _database: database }
}

fn key(text: impl Into<String>) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

fn new_file(key_text: &str) -> NewFile {
    NewFile {
        key: key(key_text),
        owner: UserId::new(7),
        name: FileName::sent("März 7.pdf"),
        content_type: ContentType::sent(Some("application/pdf")),
    }
}

fn object(content: &[u8]) -> StoredObject {
    StoredObject { size: content.len() as u64, sha256: Sha256::of(content) }
}

#[tokio::test]
async fn a_file_is_pending_until_it_is_finished() {
    let f = fixture().await;
    let new = new_file("users/7/a");
    let id = f.ledger.begin(&new).await.unwrap();
    let pending = f.ledger.by_key(&new.key).await.unwrap().unwrap();
    assert_eq!((pending.id, &pending.key, pending.owner), (id, &new.key, new.owner));
    assert_eq!((&pending.name, &pending.content_type), (&new.name, &new.content_type));
    assert_eq!((pending.size, pending.sha256, pending.state), (0, None, FileState::Pending));

    let stored = f.ledger.finish(id, &object(b"content")).await.unwrap();
    assert_eq!((stored.size, stored.sha256), (7, Some(Sha256::of(b"content"))));
    assert_eq!((stored.state, stored.created_at), (FileState::Stored, pending.created_at));
    assert_eq!(f.ledger.by_key(&new.key).await.unwrap(), Some(stored));
}

#[tokio::test]
async fn a_file_is_finished_once() {
    let f = fixture().await;
    let id = f.ledger.begin(&new_file("a")).await.unwrap();
    f.ledger.finish(id, &object(b"first")).await.unwrap();
    let again = f.ledger.finish(id, &object(b"second")).await;
    assert!(matches!(again, Err(FileError::NotFound)), "{again:?}");
    let kept = f.ledger.by_key(&key("a")).await.unwrap().unwrap();
    assert_eq!(kept.sha256, Some(Sha256::of(b"first")));
}

#[tokio::test]
async fn a_file_that_was_struck_out_cannot_be_finished() {
    let f = fixture().await;
    let id = f.ledger.begin(&new_file("a")).await.unwrap();
    assert!(f.ledger.remove(id, FileState::Pending).await.unwrap());
    let finished = f.ledger.finish(id, &object(b"")).await;
    assert!(matches!(finished, Err(FileError::NotFound)), "{finished:?}");
    assert_eq!(f.ledger.by_key(&key("a")).await.unwrap(), None);
    assert!(!f.ledger.remove(id, FileState::Pending).await.unwrap());
    assert!(!f.ledger.remove(FileId::new(0), FileState::Stored).await.unwrap());
}

#[tokio::test]
async fn a_file_is_struck_out_only_as_it_was_seen() {
    let f = fixture().await;
    let id = f.ledger.begin(&new_file("a")).await.unwrap();
    assert!(!f.ledger.remove(id, FileState::Stored).await.unwrap());
    let stored = f.ledger.finish(id, &object(b"")).await.unwrap();
    assert!(!f.ledger.remove(id, FileState::Pending).await.unwrap());
    assert_eq!(f.ledger.by_key(&key("a")).await.unwrap(), Some(stored));
    assert!(f.ledger.remove(id, FileState::Stored).await.unwrap());
    assert_eq!(f.ledger.by_key(&key("a")).await.unwrap(), None);
}

#[tokio::test]
async fn keys_are_compared_byte_by_byte() {
    let f = fixture().await;
    // All of them are the same text to a collation of MySQL.
    let keys = ["a/Straße", "A/Straße", "a/Strasse", "a/stra\u{308}ße", "a/Straße "];
    for text in keys {
        f.ledger.begin(&new_file(text)).await.unwrap();
    }
    for text in keys {
        assert_eq!(f.ledger.by_key(&key(text)).await.unwrap().unwrap().key.as_str(), text);
    }
    assert_eq!(f.ledger.by_key(&key("a/STRASSE")).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_stands_once() {
    let f = fixture().await;
    f.ledger.begin(&new_file("a")).await.unwrap();
    let again = f.ledger.begin(&new_file("a")).await;
    assert!(matches!(again, Err(FileError::Storage(StorageError::Failed(_)))), "{again:?}");
}

#[tokio::test]
async fn the_longest_key_name_type_and_size_are_kept_whole() {
    let f = fixture().await;
    let new = NewFile {
        key: key("😀".repeat(256)),
        owner: UserId::new(i32::MAX),
        name: FileName::sent(&"😀".repeat(255)),
        content_type: ContentType::sent(Some(&format!("text/{}", "x".repeat(250)))),
    };
    assert_eq!((new.name.as_str().chars().count(), new.content_type.as_str().len()), (255, 255));
    let id = f.ledger.begin(&new).await.unwrap();
    let largest = StoredObject { size: u64::MAX, ..object(b"") };
    let kept = f.ledger.finish(id, &largest).await.unwrap();
    assert_eq!(
        (kept.key, kept.name, kept.content_type, kept.size),
        (new.key, new.name, new.content_type, u64::MAX)
    );
}

#[tokio::test]
async fn a_row_that_nothing_here_has_written_is_told_as_such() {
    let f = fixture().await;
    const INSERT: &str = "
        INSERT INTO files (object_key, owner_id, name, content_type, state) VALUES ('a', 1, 'n', 'a/b', 'lost')";
    f.pool.execute(INSERT, ()).await.unwrap();
    let read = f.ledger.by_key(&key("a")).await;
    assert!(matches!(read, Err(FileError::Storage(StorageError::Unreadable(_)))), "{read:?}");
}

#[tokio::test]
async fn a_database_that_is_away_is_told_as_such() {
    let f = fixture().await;
    f.pool.close(std::time::Duration::from_secs(5)).await;
    let begun = f.ledger.begin(&new_file("a")).await;
    assert!(matches!(begun, Err(FileError::Storage(StorageError::Unavailable(_)))), "{begun:?}");
}
