//! What the server does beyond s3s-fs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    presigning::PresigningConfig,
};
use kseekers_local_s3::{LocalS3, Options};

fn start(dir: &Path) -> (LocalS3, Client) {
    let server = LocalS3::start(Options::new(dir).bucket("files").keys("key", "secret")).unwrap();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .endpoint_url(server.endpoint())
        .force_path_style(true);
    (server, Client::from_conf(config.build()))
}

fn hour() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(3600)).unwrap()
}

/// The status of the answer to this request line, sent as it is.
fn raw(server: &LocalS3, method: &str, target: &str) -> u16 {
    let host = server.endpoint().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: 4\r\n\r\n"
    );
    socket.write_all(format!("{head}evil").as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn no_key_leaves_its_bucket_however_it_is_written() {
    let outside = tempfile::tempdir().unwrap();
    let dir = outside.path().join("data");
    let (server, client) = start(&dir);
    for place in [outside.path(), &dir, &dir.join("files")] {
        fs::write(place.join("secret"), "secret").unwrap();
    }
    for key in ["../secret", "../../secret", "a/../../secret", "a/../../../secret", "./secret", "..", "a/.."]
    {
        let put =
            client.put_object().bucket("files").key(key).content_length(4).presigned(hour()).await.unwrap();
        let get = client.get_object().bucket("files").key(key).presigned(hour()).await.unwrap();
        for (method, url) in [("PUT", put.uri()), ("GET", get.uri())] {
            let target = url.strip_prefix(&server.endpoint()).unwrap();
            let (path, query) = target.split_once('?').unwrap();
            // Both stand for the same characters, so that the signature fits both.
            for path in [path.to_owned(), path.replace('.', "%2e"), path.replace("..", ".%2E")] {
                assert_eq!(raw(&server, method, &format!("{path}?{query}")), 400, "{method} {path}");
            }
        }
    }
    for place in [outside.path(), &dir, &dir.join("files")] {
        assert_eq!(fs::read_to_string(place.join("secret")).unwrap(), "secret");
    }
}

#[tokio::test]
async fn keys_that_are_no_file_names_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (_server, client) = start(dir.path());
    let long = "ä".repeat(512);
    for key in ["a", "a/b", "a/b/c", "/", &long] {
        let body = key.as_bytes().to_vec();
        client.put_object().bucket("files").key(key).body(body.into()).send().await.unwrap();
    }
    for key in ["a", "a/b", "a/b/c", "/", &long] {
        let object = client.get_object().bucket("files").key(key).send().await.unwrap();
        assert_eq!(object.body.collect().await.unwrap().to_vec(), key.as_bytes());
    }
}

#[tokio::test]
async fn a_bucket_that_nobody_made_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let (_server, client) = start(dir.path());
    let put = client.put_object().bucket("other").key("a").send().await.unwrap_err().into_service_error();
    assert_eq!(put.meta().code(), Some("NoSuchBucket"));
    client.create_bucket().bucket("other").send().await.unwrap();
    client.put_object().bucket("other").key("a").send().await.unwrap();
}

#[test]
fn nobody_gets_in_without_a_signature() {
    let dir = tempfile::tempdir().unwrap();
    let (server, _) = start(dir.path());
    for (method, target) in [("PUT", "/files/a"), ("GET", "/files/a"), ("GET", "/"), ("DELETE", "/files/a")] {
        assert_eq!(raw(&server, method, target), 403, "{method} {target}");
    }
}

#[tokio::test]
async fn objects_outlive_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let (first, client) = start(dir.path());
    client.put_object().bucket("files").key("a").content_type("text/plain").send().await.unwrap();
    drop(first);
    assert!(client.head_object().bucket("files").key("a").send().await.is_err(), "it has stopped");
    let (_second, client) = start(dir.path());
    let head = client.head_object().bucket("files").key("a").send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/plain"));
}

#[test]
fn a_bucket_needs_a_name_and_a_port_that_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let error = LocalS3::start(Options::new(dir.path()).bucket("../up")).unwrap_err();
    assert!(error.to_string().contains("../up"), "{error}");
    let (first, _) = start(dir.path());
    let port = first.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
    assert!(LocalS3::start(Options::new(dir.path()).port(port)).is_err());
}
