//! A service and its clients.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::from_fn,
    web::{self, Data},
};
use async_trait::async_trait;
use kseekers_access::{AccessError, Authenticator, Caller, UserId};
use kseekers_db_pool::DbPool;
use kseekers_embedded_mysql::TestDatabase;
use kseekers_envelope::actix::{Gate, front};
use kseekers_local_s3::{LocalS3, Options};
use kseekers_s3::{
    FileService, MySqlFiles,
    actix::{UploadLimits, routes},
    aws::{AwsStore, S3Options},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::{form::CONTENT_TYPE, support::database};

/// How long a test waits for what must happen soon.
const PATIENCE: Duration = Duration::from_secs(60);

/// The token is the name of the user; `admin` is an administrator.
struct Names;

const USERS: [&str; 3] = ["ada", "bob", "admin"];

pub(crate) fn caller(name: &str) -> Caller {
    let number = USERS.iter().position(|user| *user == name).unwrap();
    let user_id = UserId::new(i32::try_from(number).unwrap() + 1);
    Caller { user_id, username: name.to_owned(), is_admin: name == "admin" }
}

#[async_trait]
impl Authenticator for Names {
    async fn authenticate(&self, token: &str) -> Result<Caller, AccessError> {
        if USERS.contains(&token) { Ok(caller(token)) } else { Err(AccessError::NotAuthenticated) }
    }
}

/// A service on a database and a bucket of its own. Dropped, it stops.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) pool: DbPool,
    pub(crate) files: FileService,
    pub(crate) s3: Option<LocalS3>,
    s3_port: u16,
    folder: TempDir,
    handle: ServerHandle,
    agent: Agent,
    _database: TestDatabase,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::with(UploadLimits::default()).await
    }

    pub(crate) async fn with(limits: UploadLimits) -> Self {
        Self::set_up(limits, true).await
    }

    pub(crate) async fn without_bucket() -> Self {
        Self::set_up(UploadLimits::default(), false).await
    }

    async fn set_up(limits: UploadLimits, bucket: bool) -> Self {
        let (database, pool) = database().await;
        let folder = tempfile::tempdir().unwrap();
        let s3 = LocalS3::start(options(&folder)).unwrap();
        let s3_port = s3.endpoint().rsplit(':').next().unwrap().parse().unwrap();
        let objects = store(&s3, "local-secret");
        let ledger = Arc::new(MySqlFiles::new(pool.clone()));
        let files = FileService::new(objects, ledger, Duration::from_secs(600));

        let (service, limits) = (bucket.then(|| Data::new(files.clone())), Data::new(limits));
        let names: Data<dyn Authenticator> = Data::from(Arc::new(Names) as Arc<dyn Authenticator>);
        // One place: whoever stays in it keeps everybody else out.
        let gate = Data::new(Gate::new(1));
        let app = move || {
            let app = App::new().app_data(names.clone()).app_data(limits.clone()).app_data(gate.clone());
            let with_files = |app: &mut web::ServiceConfig| {
                if let Some(service) = &service {
                    app.app_data(service.clone());
                }
            };
            app.configure(with_files).configure(|app| routes().configure(app)).wrap(from_fn(front))
        };
        let server = HttpServer::new(app).workers(2).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        let agent =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        Self {
            address,
            pool,
            files,
            s3: Some(s3),
            s3_port,
            folder,
            handle,
            agent: agent.into(),
            _database: database,
        }
    }

    /// Starts the bucket's server again where it was.
    pub(crate) fn restart_s3(&mut self) {
        let options = options(&self.folder).port(self.s3_port);
        self.s3 = Some(LocalS3::start(options).unwrap());
    }

    /// Sends a body to `/files/upload`.
    pub(crate) fn upload(&self, token: &str, body: &[u8]) -> Answer {
        self.upload_as(token, CONTENT_TYPE, body)
    }

    pub(crate) fn upload_as(&self, token: &str, content_type: &str, body: &[u8]) -> Answer {
        self.send("/files/upload", token, &[("content-type", content_type)], body)
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.send(path, token, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    pub(crate) fn send(&self, path: &str, token: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = self.agent.post(format!("http://{}{path}", self.address));
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send(body).expect("an answer");
        Answer(response.status().as_u16(), response.body_mut().read_json().expect("JSON"))
    }

    /// Downloads what anybody can download with this link: head and content.
    pub(crate) fn download(&self, url: &str) -> (ureq::http::response::Parts, Vec<u8>) {
        let (parts, mut body) = self.agent.get(url).call().unwrap().into_parts();
        (parts, body.with_config().limit(1 << 30).read_to_vec().unwrap())
    }

    /// The link to a file.
    pub(crate) fn link(&self, token: &str, key: &Value) -> String {
        let link = self.post(token, "/files/presign-download", json!({ "key": key }));
        let link = link.good(200, "Download link generated successfully");
        assert_eq!(link["expires_in"], 600);
        link["url"].as_str().unwrap().to_owned()
    }

    /// A connection over which an upload by ada has begun; what follows is the rest of its body.
    pub(crate) fn begin(&self, headers: &str, beginning: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /files/upload HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ada\r\n\
             content-type: {CONTENT_TYPE}\r\n{headers}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(beginning).unwrap();
        stream
    }

    /// Keys and states in the ledger.
    pub(crate) async fn rows(&self) -> Vec<(String, String)> {
        self.pool.query("SELECT object_key, state FROM files ORDER BY id", ()).await.unwrap()
    }

    /// Objects below the folder of the bucket's server, and parts of unfinished uploads.
    pub(crate) fn on_disk(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.to_string_lossy().contains(".object-") {
                    // The notes on an object, which outlive it, are not counted.
                    found.push(path);
                }
            }
        }
        found
    }

    /// Nothing has been stored, and nothing is left of what was not.
    pub(crate) async fn is_empty(&self) {
        assert_eq!(self.rows().await, []);
        assert_eq!(self.on_disk(), Vec::<PathBuf>::new());
    }

    /// Waits until `wanted` is so.
    pub(crate) async fn until(&self, what: &str, wanted: impl AsyncFn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(self).await {
            assert!(Instant::now() < deadline, "waited in vain for {what}: {:?}", self.rows().await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The bucket, opened with this secret.
pub(crate) fn store(s3: &LocalS3, secret: &str) -> Arc<AwsStore> {
    let options = S3Options::new("files", "eu-central-1", "local", secret.into());
    Arc::new(AwsStore::new(&options.endpoint(s3.endpoint()).path_style(true)).unwrap())
}

fn options(folder: &TempDir) -> Options {
    Options::new(folder.path()).bucket("files")
}

impl Drop for Service {
    fn drop(&mut self) {
        // Sent at once; nobody waits for the answer.
        drop(self.handle.stop(false));
    }
}

/// The answer that comes over a connection of [`Service::begin`].
pub(crate) fn answer(stream: TcpStream) -> Answer {
    let (mut stream, mut line, mut length) = (BufReader::new(stream), String::new(), 0);
    stream.read_line(&mut line).unwrap();
    let status = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    while !line.trim().is_empty() {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(("content-length", value)) = line.split_once(": ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Answer(status, serde_json::from_slice(&body).unwrap())
}

/// What came back: HTTP status and body.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Value);

impl Answer {
    pub(crate) fn gist(&self) -> (u16, &str) {
        (self.0, self.1["result"]["message"].as_str().unwrap())
    }

    /// The payload of an answer with this status and message.
    #[track_caller]
    pub(crate) fn good(self, http: u16, message: &str) -> Value {
        assert_eq!(self.gist(), (http, message), "{self:?}");
        self.1["result"]["payload"].clone()
    }

    /// An answer without payload, with this status and message.
    #[track_caller]
    pub(crate) fn bad(self, http: u16, message: &str) {
        assert_eq!(self.gist(), (http, message), "{self:?}");
        assert_eq!((&self.1["result"]["payload"], &self.1["row_count"]), (&json!([]), &json!(0)));
    }
}
