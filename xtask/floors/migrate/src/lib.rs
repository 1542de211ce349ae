//! What the migrators have in common: the folder that they are given.

use std::{env, path::PathBuf};

use floor_common::Result;

/// # Errors
/// There is no first argument.
pub fn folder() -> Result<PathBuf> {
    Ok(env::args_os().nth(1).ok_or("a folder of migrations is wanted")?.into())
}
