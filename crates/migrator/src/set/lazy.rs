//! Files that are read when they are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use super::SqlFile;
use crate::{MigrateError, file_name};

/// Hardly a file has more bytes.
const USUAL_SIZE: usize = 4096;

/// How many files are read in one turn; few enough not to let a connection wait.
const AT_A_TIME: usize = 16;

/// An SQL file that is read when it is asked for. Half of the files of a history are ways back, and hardly a run wants one.
#[derive(Debug, Clone)]
pub struct LazyFile {
    name: String,
    place: Place,
    file: OnceLock<Box<SqlFile>>,
}

/// Where a file is, if it is not read yet.
#[derive(Debug, Clone)]
enum Place {
    /// In this folder, under its name.
    In(Arc<Path>),
    /// Here: its name is no text.
    At(Box<Path>),
}

impl LazyFile {
    /// All `*.sql` files of a folder in the order of their names; those of folders in it, and hidden ones, are left out.
    pub(super) fn all_of(dir: &Path) -> Result<Vec<Self>, MigrateError> {
        let unreadable = |error| unreadable(dir, error);
        let (mut names, mut odd) = (Vec::new(), BTreeMap::new());
        for entry in fs::read_dir(dir).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // The folder itself tells what is a file, but not what is behind a link.
            let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file()) || entry.path().is_file();
            let name = entry.file_name().into_string().unwrap_or_else(|name| {
                let text: String = name.to_string_lossy().into();
                odd.insert(text.clone(), entry.path().into());
                text
            });
            if file_name::is_sql(&name) && is_file() {
                names.push(name);
            }
        }
        names.sort_unstable();
        let dir: Arc<Path> = dir.into();
        let file = |name| {
            let place = odd.remove(&name).map_or_else(|| Place::In(dir.clone()), Place::At);
            Self { name, place, file: OnceLock::new() }
        };
        Ok(names.into_iter().map(file).collect())
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
        self.file_by(&mut Vec::new())
    }

    /// [`Self::file`], read into this memory first.
    fn file_by(&self, bytes: &mut Vec<u8>) -> Result<&SqlFile, MigrateError> {
        match self.file.get() {
            Some(file) => Ok(file),
            None => {
                let file = read(self.name.clone(), &self.path(), bytes)?;
                Ok(self.file.get_or_init(|| Box::new(file)))
            }
        }
    }

    pub(super) fn into_file(mut self) -> Result<SqlFile, MigrateError> {
        match self.file.take() {
            Some(file) => Ok(*file),
            None => read(self.name.clone(), &self.path(), &mut Vec::new()),
        }
    }

    fn path(&self) -> Cow<'_, Path> {
        match &self.place {
            Place::In(dir) => dir.join(&self.name).into(),
            Place::At(path) => path.as_ref().into(),
        }
    }
}

impl From<SqlFile> for LazyFile {
    fn from(file: SqlFile) -> Self {
        let place = Place::At(Path::new("").into());
        Self { name: file.name.clone(), place, file: Box::new(file).into() }
    }
}

/// The files of a folder while those that are no ways back are being read, on two threads: what takes long is the way to
/// the system and back, for each of them. Whatever fails is left to whoever asks for the file.
pub(super) struct Reading {
    files: Arc<Files>,
    helper: Option<JoinHandle<()>>,
}

struct Files {
    all: Vec<LazyFile>,
    /// The first that nobody has taken to read.
    next: AtomicUsize,
}

impl Reading {
    pub(super) fn begin(dir: &Path) -> Result<Self, MigrateError> {
        let files = Arc::new(Files { all: LazyFile::all_of(dir)?, next: AtomicUsize::new(0) });
        let its = files.clone();
        let helper = thread::Builder::new().spawn(move || while its.read_some() {});
        Ok(Self { files, helper: helper.ok() })
    }

    /// Reads some on this thread; whether there may be more.
    pub(super) fn go_on(&self) -> bool {
        self.files.read_some()
    }

    /// To be called when there are no more.
    pub(super) fn end(self) -> Vec<LazyFile> {
        // A panic of its own is that of whoever asks for the file again.
        let _ = self.helper.map(JoinHandle::join);
        Arc::try_unwrap(self.files).map_or_else(|shared| shared.all.clone(), |files| files.all)
    }
}

impl Files {
    fn read_some(&self) -> bool {
        let first = self.next.fetch_add(AT_A_TIME, Ordering::Relaxed);
        let files = self.all.get(first..).unwrap_or_default();
        let mut bytes = Vec::new();
        files
            .iter()
            .take(AT_A_TIME)
            .filter(|file| !file_name::is_way_back(&file.name))
            .for_each(|file| drop(file.file_by(&mut bytes)));
        files.len() > AT_A_TIME
    }
}

fn read(name: String, path: &Path, bytes: &mut Vec<u8>) -> Result<SqlFile, MigrateError> {
    bytes.clear();
    bytes.reserve(USUAL_SIZE);
    // Not `fs::read`, which asks for the size before.
    let read = File::open(path).and_then(|file| file.take(u64::MAX).read_to_end(bytes));
    read.map_err(|error| unreadable(path, error))?;
    match str::from_utf8(bytes) {
        Ok(text) => Ok(SqlFile::new(name, text.to_owned())),
        Err(_) => Err(MigrateError::NotUtf8 { file: name }),
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> MigrateError {
    MigrateError::File { doing: "read", path: path.to_owned(), source }
}
