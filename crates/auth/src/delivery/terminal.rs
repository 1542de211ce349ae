//! Codes for developers: on the terminal.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{CodeMessage, CodeSender, DeliveryError};

/// Writes codes to standard output. **For development only**: whoever sees the terminal can sign in as anybody.
///
/// It does not use the log, so that no code ever stands in a log file.
pub struct TerminalSender {
    out: Mutex<Box<dyn Write + Send>>,
    bold: bool,
}

impl TerminalSender {
    /// Writes to standard output, in bold if that is a terminal.
    pub fn new() -> Self {
        Self { out: Mutex::new(Box::new(io::stdout())), bold: io::stdout().is_terminal() }
    }

    /// Writes plainly to `out`.
    pub fn to(out: impl Write + Send + 'static) -> Self {
        Self { out: Mutex::new(Box::new(out)), bold: false }
    }

    fn block(&self, message: &CodeMessage) -> String {
        // Names of older systems may hold what steers a terminal.
        let name: String = message.username.chars().filter(|c| !c.is_control()).collect();
        let (on, off) = if self.bold { ("\x1b[1;33m", "\x1b[0m") } else { ("", "") };
        let (code, minutes) = (message.code.expose(), message.minutes());
        format!(
            "\n  {on}| One-time code for {name}: {code}{off}\n  {on}|{off} It works once, for {minutes} minutes.\n\n"
        )
    }
}

impl Default for TerminalSender {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl CodeSender for TerminalSender {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        let block = self.block(message);
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let written = out.write_all(block.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| DeliveryError::lasting(error.to_string()))
    }
}

impl fmt::Debug for TerminalSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TerminalSender").field("bold", &self.bold).finish_non_exhaustive()
    }
}
