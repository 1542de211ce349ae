//! Uploads that succeed, and what they leave.

use kseekers_s3::Sha256;
use serde_json::json;

use crate::{
    client::Service,
    form::{self, file_part, form, part},
};

const MIB: usize = 1024 * 1024;

/// So many bytes in which no two pieces are the same.
fn content(size: usize) -> Vec<u8> {
    (0_u32..).flat_map(u32::to_be_bytes).take(size).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_uploaded_comes_down_through_a_link_byte_for_byte() {
    let service = Service::start().await;
    for size in [0, 1, 70_000, 20 * MIB] {
        let content = content(size);
        let answer = service.upload("ada", &form::file("März 7.pdf", &content));
        let file = answer.good(201, "File Uploaded Successfully");
        let key = file["key"].as_str().unwrap();
        assert!(key.starts_with("users/1/") && key.ends_with("/M_rz_7.pdf"), "{key}");
        let created_at = file["created_at"].as_str().unwrap();
        assert!(created_at.len() == 20 && created_at.ends_with('Z'), "{created_at}");
        let expected = json!({
            "id": file["id"], "key": key, "name": "März 7.pdf", "size": size, "content_type": "application/pdf",
            "sha256": Sha256::of(&content).to_string(), "state": "stored", "created_at": created_at,
        });
        assert_eq!(file, expected);

        let (head, downloaded) = service.download(&service.link("ada", &file["key"]));
        assert!(downloaded == content, "{size} bytes");
        assert_eq!(head.headers["content-type"], "application/pdf");
        let disposition = head.headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment") && disposition.contains("M%C3%A4rz%207.pdf"),
            "{disposition}"
        );
    }
    assert!(service.s3.as_ref().unwrap().unfinished_uploads().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_name_are_two_files() {
    let service = Service::start().await;
    let keys: Vec<_> = [b"one", b"two"]
        .map(|content| {
            service.upload("ada", &form::file("a", content)).good(201, "File Uploaded Successfully")
        })
        .map(|file| file["key"].clone())
        .into();
    assert_ne!(keys[0], keys[1]);
    assert_eq!(service.download(&service.link("ada", &keys[0])).1, b"one");
    assert_eq!(service.download(&service.link("ada", &keys[1])).1, b"two");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_parts_of_the_form_are_passed_over() {
    let service = Service::start().await;
    let note = || part("\"note\"", b"hello");
    let body = form(&[note(), note(), file_part("a.txt", "text/plain", b"content"), note()]);
    let file = service.upload("ada", &body).good(201, "File Uploaded Successfully");
    assert_eq!((&file["name"], &file["size"]), (&json!("a.txt"), &json!(7)));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_types_are_made_safe() {
    let service = Service::start().await;
    for (sent, content_type, name, kept_type) in [
        ("C:\\\\Users\\\\evil.exe", "text/html; charset=utf-8", "evil.exe", "text/html; charset=utf-8"),
        ("../../etc/passwd", "nonsense", "passwd", "application/octet-stream"),
        ("a\u{202e}b\tc", "", "abc", "application/octet-stream"),
        ("..", "text/plain", "file", "text/plain"),
    ] {
        let body = form(&[file_part(sent, content_type, b"x")]);
        let file = service.upload("ada", &body).good(201, "File Uploaded Successfully");
        assert_eq!((&file["name"], &file["content_type"]), (&json!(name), &json!(kept_type)), "{sent}");
    }
    let untyped = part("\"file\"; filename=\"a\"", b"x");
    let file = service.upload("ada", &form(&[untyped])).good(201, "File Uploaded Successfully");
    assert_eq!(file["content_type"], "application/octet-stream");
}
