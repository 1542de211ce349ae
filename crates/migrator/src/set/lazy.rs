//! Files that are read when they are asked for.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use super::SqlFile;
use crate::{MigrateError, file_name};

/// Hardly a file has more bytes.
const USUAL_SIZE: usize = 4096;

/// An SQL file that is read when it is asked for. Half of the files of a history are ways back, and hardly a run wants one.
#[derive(Debug, Clone)]
pub struct LazyFile {
    name: String,
    /// Where it is, if it is not read yet.
    path: PathBuf,
    file: OnceLock<SqlFile>,
}

impl LazyFile {
    /// All `*.sql` files of a folder in the order of their names; those of folders in it, and hidden ones, are left out.
    pub(super) fn all_of(dir: &Path) -> Result<Vec<Self>, MigrateError> {
        let unreadable = |error| unreadable(dir, error);
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().into_string().unwrap_or_else(|name| name.to_string_lossy().into());
            let path = entry.path();
            // The folder itself tells what is a file, but not what is behind a link.
            let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file()) || path.is_file();
            if file_name::is_sql(&name) && is_file() {
                files.push(Self { name, path, file: OnceLock::new() });
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    /// Reads files at once, on two threads: what takes long is the way to the system and back, for each of them. Whatever
    /// fails is left to whoever asks for the file.
    pub(super) fn read_ahead(files: &[&Self]) {
        let read = |files: &[&Self]| files.iter().for_each(|file| drop(file.file()));
        let (one, other) = files.split_at(files.len() / 2);
        thread::scope(|scope| {
            let _ = thread::Builder::new().spawn_scoped(scope, || read(other));
            read(one);
        });
    }

    /// The name of the file, without a folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file; one of a folder is read the first time.
    ///
    /// # Errors
    /// [`MigrateError::File`] and [`MigrateError::NotUtf8`].
    pub fn file(&self) -> Result<&SqlFile, MigrateError> {
        match self.file.get() {
            Some(file) => Ok(file),
            None => {
                let file = read(self.name.clone(), &self.path)?;
                Ok(self.file.get_or_init(|| file))
            }
        }
    }

    pub(super) fn into_file(self) -> Result<SqlFile, MigrateError> {
        let Self { name, path, file } = self;
        file.into_inner().map_or_else(|| read(name, &path), Ok)
    }
}

impl From<SqlFile> for LazyFile {
    fn from(file: SqlFile) -> Self {
        Self { name: file.name.clone(), path: PathBuf::new(), file: file.into() }
    }
}

fn read(name: String, path: &Path) -> Result<SqlFile, MigrateError> {
    let mut bytes = Vec::with_capacity(USUAL_SIZE);
    // Not `fs::read`, which asks for the size before.
    let read = File::open(path).and_then(|file| file.take(u64::MAX).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(path, error))?;
    bytes.shrink_to_fit();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SqlFile::new(name, text)),
        Err(_) => Err(MigrateError::NotUtf8 { file: name }),
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> MigrateError {
    MigrateError::File { doing: "read", path: path.to_owned(), source }
}
