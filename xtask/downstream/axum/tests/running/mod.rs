//! A running portal and its client.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Mutex,
};

use kseekers_embedded_mysql::TestDatabases;
use kseekers_migrator::{MigrationSet, Migrator};
use serde_json::{Value, json};
use ureq::{Agent, Body, http::Response};

/// Databases with the tables of both crates, as they say them. A database that stays needs these texts as files of its
/// own: a later version of the crates may have others, and an applied migration must not change.
pub static DATABASES: TestDatabases = TestDatabases::filled_by(|opts| {
    Box::pin(async move {
        let tables = MigrationSet::from_files([
            ("01_auth.sql", format!("-- migrate: irreversible\n{}", kseekers_auth::SCHEMA)),
            ("02_lookup.sql", format!("-- migrate: irreversible\n{}", kseekers_lookup::SCHEMA)),
        ])?;
        let mut migrator = Migrator::connect(opts, tables).await?;
        migrator.up(None).await?;
        migrator.close().await;
        Ok(())
    })
});

pub struct Portal {
    process: Child,
    said: Mutex<Lines<BufReader<ChildStdout>>>,
    url: String,
    agent: Agent,
}

/// What a client sees of an answer.
pub struct Answer {
    pub status: u16,
    pub challenge: Option<String>,
    pub body: Value,
}

impl Answer {
    pub fn payload(&self) -> &Value {
        &self.body["result"]["payload"]
    }

    pub fn errors(&self) -> Value {
        self.body["result"]["errorStack"].clone()
    }
}

impl Portal {
    pub fn start(database: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
        let mut process = command.arg(database).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines().into();
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let mut portal = Self { process, said, url: String::new(), agent };
        portal.url = portal.says("listening on ");
        portal
    }

    /// The rest of the next line that begins so.
    fn says(&self, beginning: &str) -> String {
        let mut lines = self.said.lock().unwrap();
        let said = lines.find_map(|line| line.unwrap().strip_prefix(beginning).map(str::to_owned));
        said.expect("the portal ended")
    }

    /// Asks for a code, reads it where it was sent to, and brings it back.
    pub fn sign_in(&self, username: &str) -> String {
        let asked = self.post("/codes", None, &json!({ "username_or_email": username }));
        assert_eq!(asked.status, 200, "{}", asked.body);
        let code = self.says(&format!("code for {username}@example.com: "));
        let answer = json!({ "username_or_email": username, "otp_code": code });
        let signed_in = self.post("/tokens", None, &answer);
        assert_eq!(signed_in.status, 201, "{}", signed_in.body);
        signed_in.payload()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.call())
    }

    pub fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.send_json(body))
    }
}

fn answer(response: Result<Response<Body>, ureq::Error>) -> Answer {
    let mut response = response.unwrap();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge.map(|value| value.to_str().unwrap().to_owned());
    Answer { status: response.status().as_u16(), challenge, body: response.body_mut().read_json().unwrap() }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
