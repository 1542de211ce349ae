//! Uploads that are refused, and that nothing is left of them.

use std::io::Write;

use kseekers_envelope::actix::Gate;
use kseekers_s3::actix::UploadLimits;

use crate::{
    client::{Service, answer},
    form::{self, CONTENT_TYPE, file_part, form, part},
};

const UNREADABLE: &str = "Sending Incorrect Request payload format";

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_judged_before_the_body() {
    let service = Service::start().await;
    for path in ["/files/upload", "/files/presign-download", "/files/delete"] {
        service.send(path, "", &[], b"?").bad(401, "Not authenticated");
        service.send(path, "nobody", &[], b"?").bad(401, "Not authenticated");
        service.send(path, "ada", &[("content-type", "image/png")], b"?").bad(415, "Unsupported media type");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bucket_whoever_is_signed_in_hears_so_before_the_body_counts() {
    let service = Service::without_bucket().await;
    for path in ["/files/upload", "/files/presign-download", "/files/delete"] {
        service.send(path, "", &[], b"?").bad(401, "Not authenticated");
        service.send(path, "ada", &[], b"?").bad(503, "Error in connecting to AWS resources");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_form_is_refused_by_its_type() {
    let service = Service::start().await;
    for content_type in
        ["application/json", "text/plain", "multipart/mixed; boundary=XyZ", "multipart/form-datax"]
    {
        service.upload_as("ada", content_type, &form::file("a", b"x")).bad(415, "Unsupported media type");
    }
    service.send("/files/upload", "ada", &[], &form::file("a", b"x")).bad(415, "Unsupported media type");
    let compressed = [("content-type", CONTENT_TYPE), ("content-encoding", "gzip")];
    service.send("/files/upload", "ada", &compressed, b"x").bad(415, "Unsupported media type");
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_exactly_one_file_is_refused() {
    let service = Service::start().await;
    let file = || file_part("a", "text/plain", b"x");
    let chosen_none = part("\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream", b"");
    for (body, message) in [
        (form(&[]), "file key Required field"),
        (form(&[part("\"files\"; filename=\"a\"", b"x")]), "file key Required field"),
        (form(&[chosen_none]), "file key Required field"),
        (form(&[part("\"file\"", b"x")]), "file data incorrect"),
        (form(&[file(), file()]), "Only one file can be uploaded at a time"),
        (form(&[file(), part("\"note\"", b"x"), file()]), "Only one file can be uploaded at a time"),
    ] {
        service.upload("ada", &body).bad(400, message);
    }
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_broken_is_refused() {
    let service = Service::start().await;
    let whole = form::file("a", &[b'x'; 100_000]);
    for length in [0, 1, 20, 60, 200, 70_000, whole.len() - 12] {
        service.upload("ada", &whole[..length]).bad(400, UNREADABLE);
    }
    for body in [
        &b"not a form at all"[..],
        b"--XyZ\r\n\r\n\r\nno headers\r\n--XyZ--\r\n",
        b"--XyZ\r\nContent-Disposition: attachment; name=\"file\"\r\n\r\nx\r\n--XyZ--\r\n",
        b"--XyZ\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n--XyZ--\r\n",
        b"--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xff\"\r\n\r\nx\r\n--XyZ--\r\n",
        b"--XyZ\r\nb\0d: h\r\n\r\nx\r\n--XyZ--\r\n",
    ] {
        service.upload("ada", body).bad(400, UNREADABLE);
    }
    service.upload_as("ada", "multipart/form-data", &whole).bad(400, UNREADABLE);
    service.upload_as("ada", "multipart/form-data; boundary=\"\"", &whole).bad(400, UNREADABLE);
    service.upload_as("ada", "multipart/form-data; boundary=other", &whole).bad(400, UNREADABLE);
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_have_as_many_bytes_as_the_limit_says_and_not_one_more() {
    let service = Service::with(UploadLimits { bytes: 10 * 1024 * 1024, ..UploadLimits::default() }).await;
    let mut content = vec![b'x'; 10 * 1024 * 1024];
    assert_eq!(service.upload("ada", &form::file("a", &content)).0, 201);
    let before = (service.rows().await, service.on_disk());
    content.push(b'x');
    service.upload("ada", &form::file("a", &content)).bad(413, "Request body too large");

    // Parts that nobody reads are read all the same, but not without end.
    let note = part("\"note\"", &vec![b'x'; 11 * 1024 * 1024]);
    service.upload("ada", &form(&[note])).bad(413, "Request body too large");
    assert_eq!((service.rows().await, service.on_disk()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_is_too_large_is_refused_before_anything_is_sent() {
    let service = Service::start().await;
    let stream = service.begin("content-length: 1099511627776", b"");
    answer(stream).bad(413, "Request body too large");
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_says_its_length_is_cut_off_at_the_limit() {
    let service = Service::with(UploadLimits { bytes: 1024 * 1024, ..UploadLimits::default() }).await;
    let beginning = file_part("a", "text/plain", b"");
    let first =
        [format!("{:x}\r\n", beginning.len()).as_bytes(), &beginning[..beginning.len() - 2], b"xx\r\n"]
            .concat();
    let mut stream = service.begin("transfer-encoding: chunked", &first);
    let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
    for _ in 0..17 {
        // The answer may come, and the connection be closed, before the last of it is sent.
        let _ = stream.write_all(&chunk);
    }
    answer(stream).bad(413, "Request body too large");
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_have_a_gate_of_their_own_and_take_no_place_from_other_requests() {
    let service = Service::with(UploadLimits { gate: Gate::new(1), ..UploadLimits::default() }).await;
    let whole = form::file("a", b"content");
    let (beginning, rest) = whole.split_at(whole.len() - 12);
    let mut slow = service.begin(&format!("connection: close\r\ncontent-length: {}", whole.len()), beginning);
    service.until("the row", async |service| service.rows().await.len() == 1).await;

    service.upload("bob", &whole).bad(503, "Too many requests in progress");
    let body = serde_json::json!({ "key": "users/2/a" });
    service.post("bob", "/files/delete", body).good(200, "File deleted successfully");
    slow.write_all(rest).unwrap();
    answer(slow).good(201, "File Uploaded Successfully");
    assert_eq!(service.upload("bob", &whole).0, 201);
}
