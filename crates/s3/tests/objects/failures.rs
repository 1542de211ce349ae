//! A store that is away, refuses or damages.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use kseekers_envelope::ErrorCode;
use kseekers_s3::{
    ObjectError, ObjectStore,
    aws::{AwsStore, S3Options},
};
use tokio::time;

use crate::support::{Bucket, MIB, PATIENCE, content, key, options_for, read, streamed};

/// What each kind of request says.
async fn outcomes(store: &AwsStore) -> Vec<(&'static str, Option<ObjectError>)> {
    let key = key("a");
    vec![
        ("check", store.check().await.err()),
        ("put", store.put_stream(&key, streamed(b"hello"), "text/plain").await.err()),
        ("parts", store.put_stream(&key, streamed(&content(9 * MIB)), "text/plain").await.err()),
        ("get", store.get(&key).await.err()),
        ("head", store.head(&key).await.err()),
        ("delete", store.delete(&key).await.err()),
    ]
}

async fn fails_as(options: &S3Options, expected: fn(&ObjectError) -> bool) {
    let store = AwsStore::new(options).unwrap();
    for (request, error) in time::timeout(PATIENCE, outcomes(&store)).await.expect("each has a deadline") {
        let error = error.unwrap();
        assert!(expected(&error), "{request}: {error:?}");
        assert_eq!((error.code().http(), &*error.message()), (503, "Error in connecting to AWS resources"));
        for told in [error.to_string(), format!("{error:?}"), format!("{store:?}")] {
            assert!(!told.contains("hush"), "{told}");
        }
    }
}

fn is_unreachable(error: &ObjectError) -> bool {
    matches!(error, ObjectError::Unreachable(_))
}

fn is_refused(error: &ObjectError) -> bool {
    matches!(error, ObjectError::Refused(_))
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fails_as(&options_for(&format!("http://{free}")), is_unreachable).await;
}

#[tokio::test]
async fn an_endpoint_that_accepts_and_never_answers_holds_nobody_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let options = options_for(&format!("http://{}", silent.local_addr().unwrap()));
    fails_as(&options.timeout(Duration::from_millis(300)), is_unreachable).await;
}

#[tokio::test]
async fn wrong_keys_and_a_bucket_that_is_not_there_are_told() {
    let bucket = Bucket::new();
    let endpoint = bucket.server.endpoint();
    let keys = |access_key, secret: &str| {
        let options = S3Options::new("files", "eu-central-1", access_key, secret.into());
        options.endpoint(&endpoint).path_style(true)
    };
    fails_as(&keys("key", "hush-hush"), is_refused).await;
    fails_as(&keys("hushed", "secret"), is_refused).await;

    let options = S3Options::new("other", "eu-central-1", "key", "secret".into()).endpoint(&endpoint);
    let store = AwsStore::new(&options.path_style(true)).unwrap();
    assert!(store.check().await.is_err());
    assert!(matches!(store.head(&key("a")).await, Err(ObjectError::NotFound)));
    let error = store.put_stream(&key("a"), streamed(b"x"), "text/plain").await.unwrap_err();
    assert!(is_refused(&error), "{error:?}");
    assert!(error.to_string().contains("NoSuchBucket"), "{error}");
}

#[tokio::test]
async fn a_read_that_stalls_ends_with_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let stalls = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 8192]).unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello").unwrap();
        // Until the other side gives up.
        let _ = socket.read(&mut [0; 1]);
    });
    let store = AwsStore::new(&options_for(&endpoint).timeout(Duration::from_millis(300))).unwrap();
    let object = store.get(&key("a")).await.unwrap();
    let result = time::timeout(PATIENCE, read(object.body)).await.expect("it has a deadline");
    assert_eq!(result.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    stalls.join().unwrap();
}

#[tokio::test]
async fn a_read_that_is_cut_off_is_no_shorter_object() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 8192]).unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello").unwrap();
    });
    let store = AwsStore::new(&options_for(&endpoint)).unwrap();
    assert!(read(store.get(&key("a")).await.unwrap().body).await.is_err());
}

/// Passes everything on, except that `from` becomes `to` on the way to the server.
fn damaging(server: String, from: &'static [u8], to: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut server = TcpStream::connect(server.trim_start_matches("http://")).unwrap();
            let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut answers, &mut back));
            thread::spawn(move || {
                let mut buffer = [0; 64 * 1024];
                while let Ok(read @ 1..) = client.read(&mut buffer) {
                    let sent = &mut buffer[..read];
                    if let Some(at) = sent.windows(from.len()).position(|bytes| bytes == from) {
                        sent[at..at + to.len()].copy_from_slice(to);
                    }
                    if server.write_all(sent).is_err() {
                        break;
                    }
                }
            });
        }
    });
    endpoint
}

#[tokio::test]
async fn content_that_is_damaged_on_its_way_is_not_stored() {
    let bucket = Bucket::new();
    let endpoint = damaging(bucket.server.endpoint(), b"healthy", b"damaged");
    let store = AwsStore::new(&options_for(&endpoint)).unwrap();
    let put = |content: &'static [u8]| {
        let store = store.clone();
        async move { store.put_stream(&key("a"), streamed(content), "text/plain").await }
    };
    let error = put(b"healthy").await.unwrap_err();
    assert_eq!((error.code().http(), &*error.message()), (503, "Error in writing to S3 bucket"), "{error}");
    assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)));
    put(b"another").await.unwrap();
}

#[tokio::test]
async fn an_upload_that_cannot_be_completed_leaves_nothing_behind() {
    let bucket = Bucket::new();
    let endpoint = damaging(bucket.server.endpoint(), b"<PartNumber>2", b"<PartNumber>7");
    let store = AwsStore::new(&options_for(&endpoint)).unwrap();
    let result = store.put_stream(&key("a"), streamed(&content(9 * MIB)), "text/plain").await;
    assert!(matches!(result, Err(ObjectError::Write(_))), "{result:?}");
    assert_eq!(bucket.unfinished(), 0);
    assert!(matches!(bucket.store.head(&key("a")).await, Err(ObjectError::NotFound)));
}
