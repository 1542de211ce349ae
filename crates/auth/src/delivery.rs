//! How codes reach people: in the background, after the request has been answered.

mod queue;
#[cfg(feature = "smtp")]
mod smtp;
mod terminal;

use std::time::Duration;

use async_trait::async_trait;
use kseekers_access::UserId;

use crate::Code;

pub use queue::{Delivery, DeliverySettings};
#[cfg(feature = "smtp")]
pub use smtp::{Security, SmtpSender, SmtpSettings};
pub use terminal::TerminalSender;

/// A code on its way to a user.
#[derive(Debug)]
pub struct CodeMessage {
    /// Whom it is for, for the log.
    pub user_id: UserId,
    /// Whom it is for, for people.
    pub username: String,
    /// Where to send it.
    pub email: String,
    /// The code.
    pub code: Code,
    /// How long it counts from now on.
    pub valid_for: Duration,
}

impl CodeMessage {
    /// How long the code counts, in whole minutes, as a person is told.
    pub fn minutes(&self) -> u64 {
        self.valid_for.as_secs().div_ceil(60)
    }
}

/// Sends codes.
#[async_trait]
pub trait CodeSender: Send + Sync {
    /// Sends one code. Called again for the same code if the failure may pass.
    ///
    /// # Errors
    /// [`DeliveryError`], whose text goes to the log.
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError>;
}

/// Why a code did not go out. The text must name neither the code nor the address.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct DeliveryError {
    reason: String,
    passing: bool,
}

impl DeliveryError {
    /// A failure that may be over in a moment, such as a server that is restarting.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passing: true }
    }

    /// A failure that trying again does not help, such as an address that does not exist.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passing: false }
    }

    /// Whether trying again may help.
    pub fn is_passing(&self) -> bool {
        self.passing
    }
}
