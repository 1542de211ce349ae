//! The local S3 server.

use std::{io::PipeReader, path::Path, process::Command};

use super::beside::{self, Log};
use crate::Result;

pub(super) const BUCKET: &str = "files";
/// Whoever is on this machine may as well read the files themselves.
pub(super) const ACCESS_KEY: &str = "local";
pub(super) const SECRET: &str = "local-secret";

/// Starts it and tells its address.
pub(super) fn start(program: &Path, folder: &Path, fresh: bool, input: &PipeReader) -> Result<String> {
    let data = folder.join("s3");
    let log = Log::lock(folder.join("s3.log"), "S3 server")?;
    beside::clear(&data, fresh)?;
    let mut command = Command::new(program);
    command.arg("--dir").arg(&data).args([
        "--bucket",
        BUCKET,
        "--access-key",
        ACCESS_KEY,
        "--secret",
        SECRET,
    ]);
    beside::start(command, "the local S3 server", log, input)?.value("endpoint")
}
