//! The file that a server writes its messages to, which at the same time tells whether it lives.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::Error;

const TAIL_LINES: usize = 20;

/// The lock on the file belongs to the open file, and the server inherits that as its standard output: so it is held
/// exactly as long as we, the supervisor or the server live.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: File,
    /// Where the messages of the current run begin.
    start: usize,
}

impl Log {
    pub(crate) fn append(path: &Path) -> Result<Self, Error> {
        let file = File::options().create(true).append(true).open(path).map_err(Error::file("open", path))?;
        let mut log = Self { path: path.to_path_buf(), file, start: 0 };
        log.mark();
        Ok(log)
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Whether nobody else held the lock; now we hold it.
    pub(crate) fn try_lock(&self) -> Result<bool, Error> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(Error::file("lock", &self.path)(error)),
        }
    }

    /// A new run begins here.
    pub(crate) fn mark(&mut self) {
        self.start = fs::metadata(&self.path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(0));
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.messages().contains(text)
    }

    /// The last messages of this run.
    pub(crate) fn tail(&self) -> String {
        let messages = self.messages();
        let lines: Vec<_> = messages.lines().collect();
        let skipped = lines.len().saturating_sub(TAIL_LINES);
        lines.into_iter().skip(skipped).collect::<Vec<_>>().join("\n")
    }

    fn messages(&self) -> String {
        let bytes = fs::read(&self.path).unwrap_or_default();
        String::from_utf8_lossy(bytes.get(self.start..).unwrap_or_default()).into_owned()
    }
}
