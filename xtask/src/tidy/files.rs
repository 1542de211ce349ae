//! The text files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Result;

/// One file that a person has written.
#[derive(Debug)]
pub(super) struct Text {
    /// Below the root of the repository.
    pub(super) path: PathBuf,
    pub(super) content: String,
}

/// Hidden names that belong to the repository; others (`.git`, somebody's `.env`) do not.
const HIDDEN: [&str; 5] = [".cargo", ".ci", ".env.example", ".gitattributes", ".gitignore"];
const MADE: [&str; 3] = ["target", "logs", "Cargo.lock"];

pub(super) fn read(root: &Path) -> Result<Vec<Text>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if MADE.contains(&&*name) || (name.starts_with('.') && !HIDDEN.contains(&&*name)) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(content) = fs::read_to_string(entry.path())
            {
                let path = entry.path().strip_prefix(root)?.to_path_buf();
                files.push(Text { path, content });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_built_and_what_is_private_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        for file in ["target/a.rs", ".git/b", ".ci/run", "src/lib.rs", ".env"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let paths: Vec<_> = read(root.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, [Path::new(".ci/run"), Path::new("src/lib.rs")]);
    }
}
