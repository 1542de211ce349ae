//! Starts the binary on a fresh database and talks to it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use kseekers_migrator::{MigrationSet, Migrator, SqlFile};
use mysql_async::{Conn, prelude::Queryable};
use serde_json::{Value, json};
use ureq::{Agent, http::Response};

pub(crate) const SECRET: &str = "K7v2-pQx9-Lm4t-Rz8w-Hd3f-Jn6b-Gs5c";

/// How long a test waits for what must happen soon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

static DATABASES: TestDatabases = TestDatabases::filled_by(|opts| {
    Box::pin(async move {
        migrate(opts).await;
        Ok(())
    })
});

/// Applies the repository's history and its sample data.
pub(crate) async fn migrate(opts: mysql_async::Opts) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let set = MigrationSet::from_dir(&folder).expect("the repository's migrations");
    let sample = SqlFile::read_dir(folder.join("sample")).expect("the repository's sample data");
    let mut migrator = Migrator::connect(opts, set).await.expect("connect");
    migrator.up(None).await.expect("apply the history");
    migrator.load(&sample, &mut |_| {}).await.expect("load the sample data");
    migrator.close().await;
}

/// How to reach a database, as settings.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) name: String,
}

impl From<&TestDatabase> for Database {
    fn from(database: &TestDatabase) -> Self {
        Self {
            port: database.port(),
            user: database.user().to_owned(),
            password: database.password().to_owned(),
            name: database.name().to_owned(),
        }
    }
}

/// The running binary. Dropped, it is stopped by the end of its standard input, as `cargo xtask dev` does it.
pub(crate) struct Server {
    pub(crate) base: String,
    child: Child,
    stdin: Option<ChildStdin>,
    said: Arc<Said>,
    agent: Agent,
    _database: Option<TestDatabase>,
    _folder: tempfile::TempDir,
}

/// Everything that the binary has written, both streams.
#[derive(Default)]
struct Said {
    text: Mutex<String>,
    more: Condvar,
}

impl Said {
    /// Waits until `find` finds something in what was written.
    fn wait<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut text = self.text.lock().unwrap();
        loop {
            if let Some(found) = find(&text) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what} in:\n{text}");
            text = self.more.wait_timeout(text, left).unwrap().0;
        }
    }
}

/// The binary with nothing of this process's environment, in a folder of its own.
pub(crate) fn command(folder: &Path, database: &Database, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kseekers-server"));
    command
        .current_dir(folder)
        .env_clear()
        .env("db_host", "127.0.0.1")
        .env("db_port", database.port.to_string())
        .env("db_user", &database.user)
        .env("db_password", &database.password)
        .env("mp_database", &database.name)
        .env("secret", SECRET)
        .envs(settings.iter().copied());
    command
}

impl Server {
    /// On a fresh database with sample data.
    pub(crate) async fn start(settings: &[(&str, &str)]) -> Self {
        let database = DATABASES.take().await;
        let mut server = Self::start_on(&(&database).into(), settings);
        server._database = Some(database);
        server
    }

    pub(crate) fn start_on(database: &Database, settings: &[(&str, &str)]) -> Self {
        Self::start_as(&["dev"], database, settings)
    }

    /// `profile` is `dev`, or nothing for production.
    pub(crate) fn start_as(profile: &[&str], database: &Database, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path(), database, settings);
        command.args(profile);
        Self::run(command, folder)
    }

    /// Runs the command that [`command`] made in this folder.
    pub(crate) fn run(mut command: Command, folder: tempfile::TempDir) -> Self {
        command.args(["--port", "0", "--exit-with-stdin"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Said::default());
        listen(child.stdout.take().unwrap(), &said);
        listen(child.stderr.take().unwrap(), &said);
        let base = said.wait("the address", |text| {
            let (_, rest) = text.split_once("listening on ")?;
            Some(rest.split_once('\n')?.0.to_owned())
        });
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .max_idle_connections_per_host(300)
            .max_idle_connections(300)
            .build()
            .into();
        let stdin = child.stdin.take();
        Self { base, child, stdin, said, agent, _database: None, _folder: folder }
    }

    pub(crate) fn client(&self) -> Client {
        Client { base: self.base.clone(), agent: self.agent.clone(), token: None }
    }

    /// A client that is signed in.
    pub(crate) fn signed_in(&self, name: &str) -> Client {
        let mut client = self.client();
        let code = self.new_code(name, name);
        let token = client.post("/auth/otp/verify", json!({ "username_or_email": name, "otp_code": code }));
        client.token = Some(token.payload()["access_token"].as_str().expect("a token").to_owned());
        client
    }

    /// Asks for a code for a user and waits until it has been printed. No other code for them may be on its way: which of
    /// two is printed first is left to chance, and only the newest counts.
    pub(crate) fn new_code(&self, identifier: &str, name: &str) -> String {
        let before = format!("One-time code for {name}: ");
        let printed = self.said().matches(&before).count();
        let requested = self.client().post("/auth/otp/request", json!({ "username_or_email": identifier }));
        assert_eq!(requested.status, 200, "{requested:?}");
        self.code_after(&before, printed)
    }

    /// The first code that is printed for a user.
    pub(crate) fn printed_code(&self, name: &str) -> String {
        self.code_after(&format!("One-time code for {name}: "), 0)
    }

    fn code_after(&self, before: &str, printed: usize) -> String {
        self.said.wait(before, |text| {
            let rest = text.split(before).nth(printed + 1)?;
            Some(rest.split_once('\n')?.0.trim().to_owned())
        })
    }

    /// Waits until the binary has written this.
    pub(crate) fn wait_for(&self, text: &str) {
        self.said.wait(text, |said| said.contains(text).then_some(()));
    }

    /// Its log lines without what may look like anything: times, request ids and addresses.
    pub(crate) fn logged(&self) -> String {
        let said = self.said();
        let words =
            said.split_whitespace().filter(|word| !word.contains("request{id=") && !word.ends_with('Z'));
        words.filter(|word| !word.starts_with("http://")).collect::<Vec<_>>().join(" ")
    }

    /// Everything that it has written so far.
    pub(crate) fn said(&self) -> String {
        self.said.text.lock().unwrap().clone()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends its standard input.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin.take();
    }

    /// Waits until the process has ended; its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server did not end:\n{}", self.said());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- the server said:\n{}", self.said());
        }
    }
}

fn listen(stream: impl Read + Send + 'static, said: &Arc<Said>) {
    let said = Arc::clone(said);
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut text = said.text.lock().unwrap();
            text.push_str(&line);
            text.push('\n');
            said.more.notify_all();
        }
    });
}

/// Sends requests; blocking, so that a test can use one for each of many threads.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    agent: Agent,
    pub(crate) token: Option<String>,
}

/// An answer in the envelope.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Answer {
    fn of(mut response: Response<ureq::Body>) -> Self {
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let text = response.body_mut().read_to_string().unwrap_or_default();
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn payload(&self) -> &Value {
        &self.body["result"]["payload"]
    }

    pub(crate) fn message(&self) -> &str {
        self.body["result"]["message"].as_str().unwrap_or_else(|| panic!("no message in {self:?}"))
    }

    pub(crate) fn error_stack(&self) -> Vec<&str> {
        let lines = self.body["result"]["errorStack"].as_array().unwrap();
        lines.iter().filter_map(Value::as_str).collect()
    }

    /// Status and message, which is what most tests compare.
    pub(crate) fn gist(&self) -> (u16, &str) {
        (self.status, self.message())
    }
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.try_get(path).expect("an answer")
    }

    /// The transport may fail: a server that is stopping refuses connections.
    pub(crate) fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.call().map(Answer::of)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.post_text(path, "application/json", &body.to_string())
    }

    pub(crate) fn post_text(&self, path: &str, content_type: &str, body: &str) -> Answer {
        self.send_text("POST", path, content_type, body)
    }

    /// Any method with a body; an empty content type is none.
    pub(crate) fn send_text(&self, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
        self.send_bytes(method, path, content_type, body.as_bytes())
    }

    pub(crate) fn send_bytes(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        Answer::of(answer.expect("an answer"))
    }

    /// Any method, with headers of its own.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(self.agent.run(request.body(()).unwrap()).expect("an answer"))
    }
}

/// A connection to the database beside the server's.
pub(crate) async fn sql(database: &Database, statement: &str) {
    let mut conn = connect(database).await;
    conn.query_drop(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    conn.disconnect().await.unwrap();
}

pub(crate) async fn connect(database: &Database) -> Conn {
    let opts = mysql_async::OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(database.port)
        .user(Some(&database.user))
        .pass(Some(&database.password))
        .db_name(Some(&database.name))
        .prefer_socket(false);
    Conn::new(opts).await.expect("connect")
}

impl Server {
    /// A database of its own for [`start_as`](Self::start_as), which must live as long.
    pub(crate) async fn fresh_database() -> TestDatabase {
        DATABASES.take().await
    }

    pub(crate) fn database(&self) -> Database {
        self._database.as_ref().expect("a database of its own").into()
    }
}

/// Asks again and again until the answer is the one that is wanted.
pub(crate) fn until(client: &Client, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = client.get(path);
        if wanted(&answer) {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain, the last answer was {answer:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Runs `work` on so many threads at once and gives what each found.
pub(crate) fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = std::sync::Barrier::new(count);
    thread::scope(|scope| {
        let run = |number| {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(number)
            })
        };
        let threads: Vec<_> = (0..count).map(run).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}
