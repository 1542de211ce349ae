//! Links, used by somebody who has nothing else.

use std::time::Duration;

use kseekers_s3::{ObjectError, ObjectStore, Presigned, PresignedPut, Sha256, aws::AwsStore};
use tokio::time;

use crate::support::{Bucket, HOUR, PATIENCE, key, options_for};

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// Does what the link says: the status of the answer, and its content.
pub(crate) fn ask(link: &Presigned, content: &[u8]) -> (u16, Vec<u8>) {
    let mut answer = match link.method {
        "GET" => agent().get(&link.url).call(),
        _ => {
            let request = link
                .headers
                .iter()
                .fold(agent().put(&link.url), |request, (name, value)| request.header(name, value));
            request.send(content)
        }
    }
    .unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_vec().unwrap())
}

#[tokio::test]
async fn a_link_gives_the_object_and_its_file_name_to_whoever_has_it() {
    let bucket = Bucket::new();
    bucket.put("a", b"hello").await;
    let link = bucket.store.presign_get(&key("a"), Some("März.pdf"), HOUR).await.unwrap();
    assert_eq!((link.method, link.headers.len(), link.expires_in), ("GET", 0, HOUR));
    let mut answer = agent().get(&link.url).call().unwrap();
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, "attachment; filename=\"M_rz.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf");
    assert_eq!(answer.body_mut().read_to_vec().unwrap(), b"hello");
}

#[tokio::test]
async fn a_link_that_somebody_has_changed_is_refused() {
    let bucket = Bucket::new();
    bucket.put("a", b"hello").await;
    bucket.put("b", b"secret").await;
    let link = bucket.store.presign_get(&key("a"), None, HOUR).await.unwrap();
    let mut signature = link.url.clone();
    let last = signature.pop().unwrap();
    signature.push(if last == '0' { '1' } else { '0' });
    for url in [signature, link.url.replace("/files/a", "/files/b"), link.url.replace("=3600", "=86400")] {
        assert_ne!(url, link.url);
        assert_eq!(agent().get(&url).call().unwrap().status(), 403, "{url}");
    }
    assert_eq!(agent().delete(&link.url).call().unwrap().status(), 403, "another method");
}

#[tokio::test]
async fn a_link_works_no_longer_than_it_says() {
    let bucket = Bucket::new();
    bucket.put("a", b"hello").await;
    let link = bucket.store.presign_get(&key("a"), None, Duration::from_secs(1)).await.unwrap();
    let refused = async {
        while ask(&link, &[]).0 == 200 {
            time::sleep(Duration::from_millis(50)).await;
        }
    };
    time::timeout(PATIENCE, refused).await.expect("it expires");
    assert_eq!(ask(&link, &[]).0, 403);

    for wrong in [Duration::ZERO, Duration::from_secs(8 * 24 * 3600)] {
        let link = bucket.store.presign_get(&key("a"), None, wrong).await;
        assert!(matches!(link, Err(ObjectError::Presign(_))), "{link:?}");
    }
}

#[tokio::test]
async fn an_upload_by_link_is_of_the_size_type_and_content_that_were_agreed() {
    let bucket = Bucket::new();
    let put = PresignedPut { content_type: "text/plain".into(), size: 5, sha256: None };
    let exact = PresignedPut { sha256: Some(Sha256::of(b"hello")), ..put.clone() };
    let link = bucket.store.presign_put(&key("a"), &put, HOUR).await.unwrap();
    let exact = bucket.store.presign_put(&key("a"), &exact, HOUR).await.unwrap();

    let names = |link: &Presigned| {
        let mut names: Vec<_> = link.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&link), ["content-length", "content-type"]);
    assert_eq!(names(&exact), ["content-length", "content-type", "x-amz-checksum-sha256"]);

    let without = |link: &Presigned, name: &str| {
        let mut link = link.clone();
        link.headers.retain(|(header, _)| header != name);
        link
    };
    let with = |link: &Presigned, name: &str, value: &str| {
        let mut link = without(link, name);
        link.headers.push((name.to_owned(), value.to_owned()));
        link
    };
    let refused = [
        (without(&link, "content-length"), "longer than agreed"),
        (without(&link, "content-length"), "shrt"),
        (with(&link, "content-type", "text/html"), "hello"),
        (without(&link, "content-type"), "hello"),
        (exact.clone(), "jello"),
        (without(&exact, "x-amz-checksum-sha256"), "jello"),
    ];
    for (link, content) in refused {
        let (status, _) = ask(&link, content.as_bytes());
        assert!((400..500).contains(&status), "{status} {content} {:?}", link.headers);
        assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)), "{content}");
    }

    for link in [link, exact] {
        assert_eq!(ask(&link, b"hello").0, 200);
        assert_eq!(bucket.read("a").await, b"hello");
        bucket.store.delete(&key("a")).await.unwrap();
    }
}

#[tokio::test]
async fn links_carry_the_host_that_clients_know() {
    let options = options_for("http://10.0.0.7:9000").public_endpoint("https://files.example.com");
    let store = AwsStore::new(&options).unwrap();
    let link = store.presign_get(&key("a"), None, HOUR).await.unwrap();
    assert!(link.url.starts_with("https://files.example.com/files/a?"), "{}", link.url);
    let link = AwsStore::new(&options.path_style(false)).unwrap().presign_get(&key("a"), None, HOUR).await;
    let url = link.unwrap().url;
    assert!(url.starts_with("https://files.files.example.com/a?"), "{url}");
}
