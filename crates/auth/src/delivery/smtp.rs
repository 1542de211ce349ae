//! Codes by e-mail.

use std::{error::Error, fmt, time::Duration};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials},
};
use secrecy::{ExposeSecret, SecretString};

use super::{CodeMessage, CodeSender, DeliveryError};
use crate::AuthError;

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Security {
    /// Begins in the clear and must turn to TLS before anything is said, port 587. A server that cannot is refused.
    #[default]
    StartTls,
    /// TLS from the first byte, port 465.
    Tls,
    /// None, port 25. For a mail server on the same machine.
    None,
}

/// Which mail server to use, and as whom.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name of the mail server, as its certificate has it.
    pub host: String,
    /// Its port; what is usual for the kind of security if not said.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// Name and password, if the server asks for them.
    pub login: Option<(String, SecretString)>,
    /// The sender: `codes@example.com` or `Example <codes@example.com>`.
    pub from: String,
    /// What the service is called in the mail.
    pub service_name: String,
    /// For the connection and for the whole of one mail, each.
    pub timeout: Duration,
}

impl SmtpSettings {
    /// STARTTLS on the usual port, without a login, with ten seconds.
    pub fn new(host: impl Into<String>, from: impl Into<String>, service_name: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: None,
            security: Security::default(),
            login: None,
            from: from.into(),
            service_name: service_name.into(),
            timeout: Duration::from_secs(10),
        }
    }
}

/// Sends codes by e-mail, each over a connection of its own.
pub struct SmtpSender {
    server: AsyncSmtpTransportBuilder,
    from: Mailbox,
    settings: SmtpSettings,
}

impl SmtpSender {
    /// Checks the settings; does not connect.
    ///
    /// # Errors
    /// [`AuthError::Setting`] if the server's name or the sender's address cannot be one.
    pub fn new(settings: SmtpSettings) -> Result<Self, AuthError> {
        let from = settings.from.parse::<Mailbox>().map_err(|error| setting("smtp_from", &error))?;
        let host = settings.host.as_str();
        let server = match settings.security {
            Security::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            Security::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)),
        };
        let mut server =
            server.map_err(|error| setting("smtp_host", &error))?.timeout(Some(settings.timeout));
        if let Some(port) = settings.port {
            server = server.port(port);
        }
        if let Some((name, password)) = &settings.login {
            server = server.credentials(Credentials::new(name.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self { server, from, settings })
    }

    /// The user's name is left out: whoever registers chooses it, and could write to others in our name with it.
    fn mail(&self, message: &CodeMessage) -> Result<Message, Box<dyn Error>> {
        let service = &self.settings.service_name;
        let (code, minutes) = (message.code.expose(), message.minutes());
        let text = format!(
            "Your code for {service} is\n\n    {code}\n\nIt works once, within the next {minutes} minutes. \
             Type it only where you asked for it;\nnobody from {service} will ever want it from you.\n\n\
             If you did not ask for a code, there is nothing to do: without this mail\nnobody can sign in as you.\n",
        );
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, message.email.parse()?))
            .subject(format!("Your code for {service}"))
            .message_id(None)
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(text)?)
    }
}

#[async_trait]
impl CodeSender for SmtpSender {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        // Errors about the mail itself may quote the address.
        let mail =
            self.mail(message).map_err(|_| DeliveryError::lasting("no mail can be made for this address"))?;
        // Built for each mail: with the library's pool turned on by anybody, a connection that outlives the runtime
        // it was made on would panic.
        let server = self.server.clone().build::<Tokio1Executor>();
        match tokio::time::timeout(self.settings.timeout, server.send(mail)).await {
            Ok(sent) => sent.map(drop).map_err(|error| failure(&error)),
            Err(_) => Err(DeliveryError::passing("the mail server took too long")),
        }
    }
}

/// What a server says may quote the address, so that only its number is kept.
fn failure(error: &lettre::transport::smtp::Error) -> DeliveryError {
    match error.status() {
        Some(code) if error.is_permanent() => {
            DeliveryError::lasting(format!("the mail server refused with {code}"))
        }
        Some(code) => DeliveryError::passing(format!("the mail server answered {code}")),
        None if error.is_client() || error.is_response() => {
            DeliveryError::lasting("the mail server cannot do what is asked of it")
        }
        None => DeliveryError::passing(error.to_string()),
    }
}

fn setting(name: &'static str, problem: &dyn Error) -> AuthError {
    AuthError::Setting { name, problem: problem.to_string().into() }
}

impl fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSender").field("settings", &self.settings).finish_non_exhaustive()
    }
}
