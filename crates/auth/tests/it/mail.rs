//! Codes by e-mail, through a real SMTP server.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use kseekers_auth::{
    CodeSender, Delivery, DeliverySettings,
    delivery::{Security, SmtpSender, SmtpSettings},
};
use mailin_embedded::{Handler, Response, Server, SslConfig, response};
use tokio::runtime::Handle;

use crate::support::{Log, message};

const FIVE_MINUTES: Duration = Duration::from_secs(300);

#[derive(Debug, Default, Clone)]
struct Mail {
    from: String,
    to: String,
    text: String,
}

/// Takes mail, after it has been busy for a while.
#[derive(Clone)]
struct PostOffice {
    mail: Mail,
    busy: Arc<Mutex<usize>>,
    taken: mpsc::Sender<Mail>,
}

impl Handler for PostOffice {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.mail.from = from.to_owned();
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        self.mail.to = to.to_owned();
        let mut busy = self.busy.lock().unwrap();
        if *busy > 0 {
            *busy -= 1;
            return Response::custom(451, format!("<{to}> come back later"));
        }
        if to.starts_with("nobody") {
            Response::custom(550, format!("<{to}> is unknown"))
        } else {
            response::OK
        }
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.mail.text.push_str(&String::from_utf8_lossy(line));
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.taken.send(self.mail.clone()).unwrap();
        response::OK
    }
}

/// A mail server without TLS that says it is busy so many times.
fn post_office(busy: usize) -> (SocketAddr, mpsc::Receiver<Mail>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (taken, mails) = mpsc::channel();
    let mut server =
        Server::new(PostOffice { mail: Mail::default(), busy: Arc::new(Mutex::new(busy)), taken });
    server.with_ssl(SslConfig::None).unwrap().with_tcp_listener(listener);
    std::thread::spawn(move || server.serve().unwrap());
    (address, mails)
}

fn settings(server: SocketAddr) -> SmtpSettings {
    SmtpSettings {
        port: Some(server.port()),
        security: Security::None,
        ..SmtpSettings::new("127.0.0.1", "KSeekers <codes@kseekers.test>", "KSeekers")
    }
}

fn sender(server: SocketAddr) -> SmtpSender {
    SmtpSender::new(settings(server)).unwrap()
}

#[tokio::test]
async fn a_code_arrives_as_a_short_plain_mail() {
    let (server, mails) = post_office(0);
    let message = message("ada", FIVE_MINUTES);
    sender(server).send(&message).await.unwrap();
    let mail = mails.recv().unwrap();
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("codes@kseekers.test", "ada@example.com"));
    let (head, body) = mail.text.split_once("\r\n\r\n").unwrap();
    for line in [
        "From: KSeekers <codes@kseekers.test>",
        "To: ada@example.com",
        "Subject: Your code for KSeekers",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(head.lines().any(|found| found == line), "{line} in {head}");
    }
    assert!(head.contains("Date: ") && head.contains("Message-ID: <"), "{head}");
    assert!(!head.contains(message.code.expose()), "a subject shows on locked screens");
    assert!(body.lines().any(|line| line == format!("    {}", message.code.expose())), "{body}");
    assert!(body.contains("5 minutes"), "{body}");
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let (log, _guard) = Log::capture();
    let (server, mails) = post_office(2);
    let pauses = vec![Duration::from_millis(1); 2];
    let delivery = Delivery::start(
        Arc::new(sender(server)),
        DeliverySettings { pauses, ..DeliverySettings::default() },
        &Handle::current(),
    );
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    assert!(delivery.shutdown(Duration::from_secs(60)).await);
    assert_eq!(mails.try_recv().unwrap().to, "ada@example.com");
    assert_eq!(log.text().matches("the mail server answered 451").count(), 2, "{log}");
}

#[tokio::test]
async fn a_refused_address_is_not_tried_again_and_not_logged() {
    let (log, _guard) = Log::capture();
    let (server, mails) = post_office(0);
    let delivery = Delivery::start(Arc::new(sender(server)), DeliverySettings::default(), &Handle::current());
    delivery.hand_over(Some(message("nobody", FIVE_MINUTES)));
    assert!(delivery.shutdown(Duration::from_secs(60)).await);
    assert!(mails.try_recv().is_err());
    assert!(
        log.text().contains("the mail server refused with 550") && !log.text().contains("again"),
        "{log}"
    );
    assert!(!log.text().contains("nobody"), "{log}");
}

#[tokio::test]
async fn an_address_that_no_mail_can_go_to_is_not_tried_again() {
    let (server, _mails) = post_office(0);
    let mut message = message("ada", FIVE_MINUTES);
    message.email = "an old row\r\nBcc: all@example.com".to_owned();
    let error = sender(server).send(&message).await.unwrap_err();
    assert!(!error.is_passing() && !error.to_string().contains("old row"), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_where_tls_is_asked_for() {
    for security in [Security::StartTls, Security::Tls] {
        let (server, mails) = post_office(0);
        let settings = SmtpSettings { security, timeout: Duration::from_secs(2), ..settings(server) };
        assert!(SmtpSender::new(settings).unwrap().send(&message("ada", FIVE_MINUTES)).await.is_err());
        assert!(mails.try_recv().is_err(), "{security:?}");
    }
}

/// Says yes to everything for one connection, and to a login if it is codes, right. The real server of the other
/// tests takes logins over TLS only, with a certificate that nobody trusts.
fn doorkeeper() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        stream.write_all(b"220 here\r\n").unwrap();
        let (mut in_data, mut logged_in) = (false, false);
        for line in lines.map_while(Result::ok) {
            let reply = match line.split(' ').next().unwrap() {
                "." => "250 taken",
                _ if in_data => continue,
                "EHLO" => "250-here\r\n250 AUTH PLAIN",
                "AUTH" => {
                    // The base64 of NUL codes NUL right.
                    logged_in = line == "AUTH PLAIN AGNvZGVzAHJpZ2h0";
                    if logged_in { "235 come in" } else { "535 who are you" }
                }
                "DATA" if logged_in => "354 go on",
                "MAIL" | "RCPT" if logged_in => "250 go on",
                _ => "221 bye",
            };
            in_data = reply.starts_with("354");
            stream.write_all(format!("{reply}\r\n").as_bytes()).unwrap();
        }
    });
    address
}

#[tokio::test]
async fn the_login_is_used_and_its_password_never_printed() {
    for (password, accepted) in [("right", true), ("wrong", false)] {
        let login = Some(("codes".to_owned(), password.to_owned().into()));
        let sender = SmtpSender::new(SmtpSettings { login, ..settings(doorkeeper()) }).unwrap();
        assert!(!format!("{sender:?}").contains(password));
        let sent = sender.send(&message("ada", FIVE_MINUTES)).await;
        assert_eq!(sent.is_ok(), accepted, "{sent:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_may_come_back() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = sender(closed).send(&message("ada", FIVE_MINUTES)).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    // It accepts, because the kernel does, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let impatient =
        SmtpSettings { timeout: Duration::from_millis(100), ..settings(silent.local_addr().unwrap()) };
    let (sender, message) = (SmtpSender::new(impatient).unwrap(), message("ada", FIVE_MINUTES));
    let sent =
        tokio::time::timeout(Duration::from_secs(30), sender.send(&message)).await.expect("it gives up");
    assert!(sent.is_err_and(|error| error.is_passing()));
}

#[test]
fn a_sender_without_an_address_is_refused() {
    let settings = SmtpSettings::new("localhost", "not an address", "KSeekers");
    let error = SmtpSender::new(settings).unwrap_err().to_string();
    assert!(error.starts_with("smtp_from: "), "{error}");
}
