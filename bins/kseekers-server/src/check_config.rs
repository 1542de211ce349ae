//! `--check-config`: what counts, or all that is wrong.

use std::io::{self, Write};

use crate::cli::EXIT_CONFIG;
use crate::settings::{Settings, Sources};
use crate::verify::verify;

/// Shows the configuration without its secrets and returns 0, or tells all problems and returns [`EXIT_CONFIG`].
///
/// # Errors
/// Nothing can be written.
pub fn run(sources: &Sources, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match Settings::load(sources) {
        Ok(loaded) => {
            if let Err(problems) = verify(&loaded.settings) {
                writeln!(err, "The configuration cannot be used:\n  {}", problems.join("\n  "))?;
                return Ok(EXIT_CONFIG);
            }
            for warning in loaded.warnings {
                writeln!(err, "Warning: {warning}")?;
            }
            write!(out, "{}", loaded.effective)?;
            Ok(0)
        }
        Err(problems) => {
            writeln!(err, "{problems}")?;
            Ok(EXIT_CONFIG)
        }
    }
}
