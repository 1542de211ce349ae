//! What the tests share.

use std::{
    fmt, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kseekers_access::UserId;
use kseekers_auth::{Code, CodeMessage, CodeSender, DeliveryError, SystemRandomness};
use tokio::sync::mpsc;

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) code: String,
}

/// The mailbox of everybody.
pub(crate) struct Mailbox(mpsc::UnboundedReceiver<Sent>);

/// Puts codes into a [`Mailbox`].
pub(crate) struct ToMailbox(mpsc::UnboundedSender<Sent>);

impl Mailbox {
    pub(crate) fn new() -> (ToMailbox, Self) {
        let (to, from) = mpsc::unbounded_channel();
        (ToMailbox(to), Self(from))
    }

    /// The next code that was sent; fails the test if none comes.
    pub(crate) async fn next(&mut self) -> Sent {
        tokio::time::timeout(Duration::from_secs(20), self.0.recv()).await.expect("a code is sent").unwrap()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[async_trait]
impl CodeSender for ToMailbox {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        let sent = Sent {
            username: message.username.clone(),
            email: message.email.clone(),
            code: message.code.expose().to_owned(),
        };
        self.0.send(sent).map_err(|_| DeliveryError::lasting("the test is over"))
    }
}

/// A message with a code, as the service makes them.
pub(crate) fn message(username: &str, valid_for: Duration) -> CodeMessage {
    CodeMessage {
        user_id: UserId::new(7),
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        code: Code::generate(&SystemRandomness).unwrap(),
        valid_for,
    }
}

/// Everything that is logged on this thread while it lives.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn capture() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(feature = "mysql")]
pub(crate) use {database::*, signing_in::*};

#[cfg(feature = "mysql")]
mod database;
#[cfg(feature = "mysql")]
mod signing_in;
