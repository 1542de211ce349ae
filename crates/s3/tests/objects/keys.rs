//! Names that come from outside.

use std::path::{Component, Path};

use kseekers_s3::{InvalidKey, ObjectKey, ObjectStore, PresignedPut};
use proptest::prelude::*;

use crate::{
    links::ask,
    support::{Bucket, HOUR, key},
};

#[test]
fn keys_that_lead_elsewhere_are_refused() {
    use InvalidKey::{ControlCharacter, DotSegment, EmptySegment, TooLong};
    let refused = |text: &str| ObjectKey::parse(text).unwrap_err();
    for text in ["..", ".", "a/..", "../a", "a/../b", "a/./b", "./a", "a/."] {
        assert_eq!(refused(text), DotSegment, "{text}");
    }
    for text in ["", "/", "/a", "a/", "a//b"] {
        assert_eq!(refused(text), EmptySegment, "{text}");
    }
    for text in ["a\0", "a\nb", "\r", "\u{7f}", "a\u{85}b", "\t"] {
        assert_eq!(refused(text), ControlCharacter, "{text:?}");
    }
    assert_eq!(refused(&"a".repeat(1025)), TooLong);
    assert_eq!(refused(&"ä".repeat(513)), TooLong);
    assert!(ObjectKey::parse("ä".repeat(512)).is_ok());
}

proptest! {
    #[test]
    fn a_key_never_leaves_its_folder(text in r"(\PC|[./\\%\x00-\x20]){0,40}") {
        if let Ok(key) = ObjectKey::parse(text.clone()) {
            let parts: Vec<_> = Path::new(key.as_str()).components().collect();
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))), "{text:?}");
            prop_assert_eq!(parts.len(), text.split('/').count());
            prop_assert_eq!(key.as_str(), text);
        }
    }
}

#[tokio::test]
async fn whatever_a_key_has_in_it_it_names_one_object_in_requests_and_in_links() {
    let bucket = Bucket::new();
    let odd = [
        "a b/ c ",
        "März/Ünter 日本 😀",
        "a+b",
        "a%20b",
        "%2e%2e/x",
        "...",
        ".a/..b",
        "a?b=c&d",
        "a#b",
        "a;b,c",
        "\"quoted\" 'twice'",
        "<a>&amp;",
        "a\\b",
        "~!@$^*()_-=[]{}|:",
        "x.",
        "e\u{301}",
        "é",
    ];
    for name in odd {
        let content = name.as_bytes();
        bucket.put(name, content).await;
        assert_eq!(bucket.read(name).await, content, "{name}");
        let link = bucket.store.presign_get(&key(name), None, HOUR).await.unwrap();
        assert_eq!(ask(&link, &[]), (200, content.to_vec()), "{name}");
        bucket.store.delete(&key(name)).await.unwrap();

        let put =
            PresignedPut { content_type: "text/plain".into(), size: content.len() as u64, sha256: None };
        let link = bucket.store.presign_put(&key(name), &put, HOUR).await.unwrap();
        assert_eq!(ask(&link, content).0, 200, "{name}");
        assert_eq!(bucket.read(name).await, content, "{name}");
    }
    for name in odd {
        assert_eq!(bucket.read(name).await, name.as_bytes(), "no two of them are the same");
    }
}
