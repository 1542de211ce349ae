//! Writes the lists of migrations and of sample data that are built into the program.
#![allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let migrations = manifest.join("../../migrations");
    let mut code = list("MIGRATIONS", "The history: file names and their text.", &migrations)?;
    code += &list("SAMPLE", "Sample data: file names and their text.", &migrations.join("sample"))?;
    fs::write(out.join("migrations.rs"), code)?;
    Ok(())
}

/// The code of a constant that holds name and text of every SQL file in a directory, in the order of the names.
fn list(name: &str, about: &str, directory: &Path) -> Result<String, Box<dyn Error>> {
    // A new file changes its directory, a new text changes the file: cargo has to look at both.
    println!("cargo::rerun-if-changed={}", directory.display());
    let mut files = Vec::new();
    let entries = fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(fs::canonicalize(path)?);
        }
    }
    files.sort();
    let mut code = format!("/// {about}\npub(crate) const {name}: &[(&str, &str)] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
        let path = file.to_str().ok_or("a path is not UTF-8")?;
        writeln!(code, "    ({name:?}, include_str!({path:?})),")?;
    }
    code.push_str("];\n");
    Ok(code)
}
