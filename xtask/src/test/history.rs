//! The repository's own migrations as a deployment finds them: tried there, back step by step, and there again.

use std::{fs, io, process::Command};

use super::report::Outcome;
use crate::{
    Result, cargo, dev, process,
    server::Server,
    ui::Progress,
    workspace::{self, Workspace},
};

/// With the features of the tests, so that nothing is compiled a second time.
const BUILD: [&str; 7] =
    ["build", "--workspace", "--all-features", "--bin", "embedded-mysql", "--bin", "kseekers-migrate"];

/// `kseekers-migrate verify` on a private database of this engine.
pub(super) fn verified(workspace: &Workspace, server: &Server, progress: &mut Progress) -> Result<Outcome> {
    let built = cargo::build(&BUILD, progress)?;
    if !built.success {
        return Ok(Outcome { output: built.output, ..Outcome::default() });
    }
    let (input, lifeline) = io::pipe()?;
    let folder = workspace.target.join("history");
    fs::create_dir_all(&folder)?;
    let database = dev::start_database(built.binary("embedded-mysql")?, server, &folder, true, &input)?;
    let mut verify = Command::new(built.binary("kseekers-migrate")?);
    verify.args(dev::NO_ENV_FILE).arg("verify").current_dir(workspace::root());
    // A setting of the person's own could name another database, or other files.
    verify.env_clear().env("migrations_dir", workspace::root().join("migrations"));
    verify.envs([("db_host", &database.host), ("db_port", &database.port), ("db_user", &database.user)]);
    let captured = process::capture(verify, |line| progress.tick(line.unwrap_or_default()))?;
    drop(lifeline);
    Ok(Outcome { success: captured.success, output: captured.output, counts: None })
}
