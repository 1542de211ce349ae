//! Files: the real binary on a real bucket.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use kseekers_local_s3::{LocalS3, Options};
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Database, Server, command, connect, until};

const FORM: &str = "multipart/form-data; boundary=XyZ";
const MIB: usize = 1024 * 1024;

/// A bucket on disk and the settings that lead there.
pub(crate) struct Bucket {
    folder: tempfile::TempDir,
    port: u16,
    s3: Option<LocalS3>,
}

impl Bucket {
    pub(crate) fn start() -> Self {
        let mut bucket = Self { folder: tempfile::tempdir().unwrap(), port: 0, s3: None };
        bucket.run();
        let endpoint = bucket.s3.as_ref().unwrap().endpoint();
        bucket.port = endpoint.rsplit(':').next().unwrap().parse().unwrap();
        bucket
    }

    /// Starts its server, always at the same place.
    fn run(&mut self) {
        let options = Options::new(self.folder.path()).bucket("files").port(self.port);
        self.s3 = Some(LocalS3::start(options).unwrap());
    }

    fn settings(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let all = [
            ("pdf_bucket_name", "files"),
            ("aws_region", "eu-central-1"),
            ("s3_user_access_key", "local"),
            ("s3_user_access_secret", "local-secret"),
            ("s3_endpoint", &endpoint),
            ("s3_path_style", "on"),
        ];
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// The objects in it.
    fn objects(&self) -> Vec<PathBuf> {
        fn below(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { below(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        below(&self.folder.path().join("files"), &mut found);
        found
    }

    fn unfinished(&self) -> usize {
        self.s3.as_ref().unwrap().unfinished_uploads().unwrap().len()
    }
}

pub(crate) async fn start(bucket: &Bucket, more: &[(&str, &str)]) -> Server {
    let settings = bucket.settings();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Server::start(&[&settings[..], more].concat()).await
}

fn user(server: &Server, name: &str) -> Client {
    let email = format!("{name}@example.com");
    server.client().post("/auth/register", json!({ "username": name, "email": email }));
    server.signed_in(name)
}

fn form(content: &[u8]) -> Vec<u8> {
    let head = b"--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n";
    [head, content, b"\r\n--XyZ--\r\n"].concat()
}

pub(crate) fn upload(client: &Client, content: &[u8]) -> Answer {
    client.send_bytes("POST", "/files/upload", FORM, &form(content))
}

async fn rows(database: &Database) -> Vec<(String, String)> {
    let mut conn = connect(database).await;
    let rows = conn.query("SELECT CAST(object_key AS CHAR), state FROM files ORDER BY id").await.unwrap();
    conn.disconnect().await.unwrap();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_uploads_a_large_file_and_downloads_it_by_a_link() {
    let bucket = Bucket::start();
    let server = start(&bucket, &[]).await;
    let ada = user(&server, "ada");
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0_u32..).flat_map(u32::to_be_bytes).take(20 * MIB).collect();
    std::fs::write(folder.path().join("März 7.pdf"), &content).unwrap();
    let curl = |arguments: &[&str]| {
        let output = Command::new("curl")
            .args(["-sS", "--fail-with-body"])
            .args(arguments)
            .current_dir(&folder)
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };

    let token = format!("Authorization: Bearer {}", ada.token.as_ref().unwrap());
    let url = format!("{}/files/upload", server.base);
    let answer: Value =
        serde_json::from_slice(&curl(&["-H", &token, "-F", "file=@März 7.pdf", &url])).unwrap();
    assert_eq!((&answer["status"], &answer["row_count"]), (&json!("created"), &json!(1)));
    let file = &answer["result"]["payload"];
    assert_eq!((&file["name"], &file["size"]), (&json!("März 7.pdf"), &json!(20 * MIB)));
    assert_eq!((&file["content_type"], &file["state"]), (&json!("application/pdf"), &json!("stored")));

    let link = ada.post("/files/presign-download", json!({ "key": file["key"] }));
    assert_eq!(link.gist(), (200, "Download link generated successfully"));
    assert_eq!(link.payload()["expires_in"], 600);
    assert!(curl(&["-OJ", link.payload()["url"].as_str().unwrap()]).is_empty());
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| std::fs::read(name).unwrap() == content), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_its_owners_and_the_administrators() {
    let bucket = Bucket::start();
    let server = start(&bucket, &[("presigned_url_timeout", "77")]).await;
    let (ada, bob, admin) = (user(&server, "ada"), user(&server, "bob"), server.signed_in("admin"));
    let keys = [b"one", b"two"].map(|content| upload(&ada, content).payload()["key"].clone());
    let link = |client: &Client, key: &Value| client.post("/files/presign-download", json!({ "key": key }));
    let delete = |client: &Client, key: &Value| client.post("/files/delete", json!({ "key": key }));

    assert_eq!(link(&bob, &keys[0]).gist(), (404, "File not found"));
    assert_eq!(delete(&bob, &keys[0]).gist(), (404, "File not found"));
    assert_eq!(link(&ada, &keys[0]).payload()["expires_in"], 77);
    assert_eq!(link(&admin, &keys[0]).status, 200);
    for (client, key) in [(&ada, &keys[0]), (&ada, &keys[0]), (&admin, &keys[1])] {
        let deleted = delete(client, key);
        assert_eq!(deleted.gist(), (200, "File deleted successfully"));
        assert_eq!(*deleted.payload(), json!({ "key": key }));
        assert_eq!(link(client, key).gist(), (404, "File not found"));
    }
    assert_eq!((rows(&server.database()).await, bucket.objects()), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_upload_is_refused_and_nothing_is_left() {
    let bucket = Bucket::start();
    let server = start(&bucket, &[("max_upload_bytes", "1048576")]).await;
    let (nobody, ada) = (server.client(), user(&server, "ada"));
    let mut stranger = ada.clone();
    stranger.token = Some("no.such.token".to_owned());
    let whole = form(b"content");
    let twice = [&whole[..whole.len() - 9], &whole].concat();
    for (client, content_type, body, status, message) in [
        (&nobody, FORM, &whole[..], 401, "Not authenticated"),
        (&stranger, FORM, &whole, 401, "Not authenticated"),
        (&ada, "application/json", b"{}", 415, "Unsupported media type"),
        (&ada, FORM, b"--XyZ--\r\n", 400, "file key Required field"),
        (&ada, FORM, &twice, 400, "Only one file can be uploaded at a time"),
        (&ada, FORM, &whole[..whole.len() - 12], 400, "Sending Incorrect Request payload format"),
        (&ada, FORM, b"nonsense", 400, "Sending Incorrect Request payload format"),
        (&ada, FORM, &form(&vec![b'x'; MIB + 1]), 413, "Request body too large"),
        (&ada, FORM, &form(&vec![b'x'; 2 * MIB]), 413, "Request body too large"),
    ] {
        let answer = client.send_bytes("POST", "/files/upload", content_type, body);
        assert_eq!(answer.gist(), (status, message));
    }
    assert_eq!((rows(&server.database()).await, bucket.objects()), (vec![], vec![]));
    assert_eq!(upload(&ada, &vec![b'x'; MIB]).gist(), (201, "File Uploaded Successfully"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_away_degrades_the_service_until_it_is_back() {
    let mut bucket = Bucket::start();
    let server = start(&bucket, &[]).await;
    let ada = user(&server, "ada");
    let ready = |state: &'static str| {
        let answer = until(&ada, "/health/ready", |answer| answer.payload()["s3"] == state);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.payload()["reasons"]["s3"].clone()
    };
    assert_eq!(ready("ok"), Value::Null);
    bucket.s3 = None;
    assert_eq!(upload(&ada, b"x").gist(), (503, "Error in connecting to AWS resources"));
    assert_eq!(ready("degraded"), "the bucket does not answer");
    server.wait_for("the bucket does not answer");
    bucket.run();
    assert_eq!(ready("ok"), Value::Null);
    assert_eq!(upload(&ada, b"x").status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_takes_connections_and_never_answers_holds_no_health_check_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let bucket =
        Bucket { folder: tempfile::tempdir().unwrap(), port: silent.local_addr().unwrap().port(), s3: None };
    let server = start(&bucket, &[]).await;
    let asked = Instant::now();
    let ready = server.client().get("/health/ready");
    // Promised are 300 ms; what is more is the margin of a busy machine.
    assert!(asked.elapsed() < Duration::from_millis(1500), "it took {:?}", asked.elapsed());
    assert_eq!((ready.status, &ready.payload()["s3"]), (200, &json!("degraded")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_in_the_middle_of_an_upload_leaves_a_pending_row_at_most() {
    let bucket = Bucket::start();
    let mut server = start(&bucket, &[]).await;
    let ada = user(&server, "ada");
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    let body = form(&vec![b'x'; 12 * MIB]);
    let head = format!(
        "POST /files/upload HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: {FORM}\r\n\
         content-length: {}\r\n\r\n",
        ada.token.as_ref().unwrap(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body[..10 * MIB]).unwrap();
    until(&ada, "/health/live", |_| bucket.unfinished() > 0);

    let killed =
        Command::new("/bin/sh").args(["-c", &format!("kill -KILL {}", server.pid())]).status().unwrap();
    assert!(killed.success());
    assert_eq!(server.ended(), None);
    assert_eq!(bucket.objects(), Vec::<PathBuf>::new());
    let left = rows(&server.database()).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].1, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bucket_there_are_no_files() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    assert_eq!(upload(&admin, b"x").gist(), (503, "Error in connecting to AWS resources"));
    for path in ["/files/presign-download", "/files/delete"] {
        let answer = admin.post(path, json!({ "key": "a" }));
        assert_eq!(answer.gist(), (503, "Error in connecting to AWS resources"));
        assert_eq!(server.client().post(path, json!({ "key": "a" })).gist(), (401, "Not authenticated"));
    }
    let ready = admin.get("/health/ready");
    assert_eq!(
        (&ready.payload()["s3"], &ready.payload()["reasons"]["s3"]),
        (&json!("off"), &json!("no bucket is configured"))
    );
}

#[test]
fn a_bucket_that_cannot_be_one_is_told_by_check_config() {
    let bucket = Bucket::start();
    let nowhere =
        Database { port: 1, user: "root".to_owned(), password: String::new(), name: "x".to_owned() };
    let mut settings = bucket.settings();
    settings[0].1 = "a/b".to_owned();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let folder = tempfile::tempdir().unwrap();
    let output =
        command(folder.path(), &nowhere, &settings).args(["dev", "--check-config"]).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(78), "{text}");
    assert!(text.contains("pdf_bucket_name") && text.contains("the bucket's name is not one"), "{text}");
    assert!(!text.contains("local-secret"), "{text}");
}
