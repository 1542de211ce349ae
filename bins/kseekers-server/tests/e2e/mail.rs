//! Codes by e-mail, from the server's settings to a mail server.

use std::{io, net::IpAddr, net::TcpListener, sync::mpsc, time::Duration};

use mailin_embedded::{Handler, Response, Server as MailServer, SslConfig, response};
use serde_json::json;

use crate::harness::Server;

/// Takes every mail and hands its text on.
#[derive(Clone)]
struct Mailbox {
    text: String,
    mails: mpsc::Sender<String>,
}

impl Handler for Mailbox {
    fn rcpt(&mut self, to: &str) -> Response {
        self.text = format!("to {to}\n");
        response::OK
    }

    fn helo(&mut self, _: IpAddr, _: &str) -> Response {
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.text.push_str(&String::from_utf8_lossy(line));
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.mails.send(std::mem::take(&mut self.text)).unwrap();
        response::OK
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_came_by_mail_signs_in() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let (sender, mails) = mpsc::channel();
    let mut mail_server = MailServer::new(Mailbox { text: String::new(), mails: sender });
    mail_server.with_ssl(SslConfig::None).unwrap().with_tcp_listener(listener);
    std::thread::spawn(move || mail_server.serve().unwrap());

    let settings = [
        ("smtp_host", "127.0.0.1"),
        ("smtp_port", &port),
        ("smtp_from", "KSeekers <codes@example.com>"),
        ("smtp_tls", "none"),
    ];
    let server = Server::start(&settings).await;
    let client = server.client();
    assert_eq!(client.post("/auth/otp/request", json!({ "username_or_email": "admin" })).status, 200);
    let mail = mails.recv_timeout(Duration::from_secs(20)).expect("a mail");
    assert!(mail.starts_with("to admin@example.com"), "{mail}");
    let (_, body) = mail.split_once("\r\n\r\n").expect("a body");
    let digits = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = body.split_whitespace().find(digits).expect("a code");
    let verified = client.post("/auth/otp/verify", json!({ "username_or_email": "admin", "otp_code": code }));
    assert_eq!(verified.status, 200);
    assert!(!server.logged().contains(code), "a code that is mailed is printed nowhere");
    assert_eq!(client.get("/health/ready").payload()["mail"], "ok");
}
