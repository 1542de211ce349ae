//! The repository's own migrations, and those of a new module after them, as the migrator's `lint` judges them.

use std::{fs, process::Command};

use super::report::Outcome;
use crate::{
    Result, cargo, dev, new_module, process,
    ui::Progress,
    workspace::{self, Workspace},
};

/// With the features of the tests, so that nothing is compiled a second time.
const BUILD: [&str; 5] = ["build", "--workspace", "--all-features", "--bin", "kseekers-migrate"];

/// `kseekers-migrate lint` in a folder of both.
pub(super) fn run(workspace: &Workspace, progress: &mut Progress) -> Result<Outcome> {
    let built = cargo::build(&BUILD, progress)?;
    if !built.success {
        return Ok(Outcome { output: built.output, ..Outcome::default() });
    }
    let (root, folder) = (workspace::root(), workspace.target.join("lint"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(root.join("migrations"))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            fs::copy(&path, folder.join(name))?;
        }
    }
    for (name, text) in new_module::migrations(&root)? {
        fs::write(folder.join(name), text)?;
    }
    let mut lint = Command::new(built.binary("kseekers-migrate")?);
    lint.args(dev::NO_ENV_FILE).arg("lint").env_clear().env("migrations_dir", &folder);
    let captured = process::capture(lint, |_| {})?;
    Ok(Outcome { success: captured.success, output: captured.output, counts: None })
}
