//! A file that begins anew when it is large enough, with a number of older ones beside it.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::line::{LONGEST, cut};

/// More than a line, so that a line that the disk has no room for waits here whole, and no half of it stays in the file.
const BUFFER: usize = 8 * LONGEST;

/// The live file and the older ones, which are named as by Python's `RotatingFileHandler`: `app.log.1` is the newest.
///
/// Each call of `write` takes one whole line. All files together never hold more than the limit times one more than
/// the number of older files. One process writes a file.
#[derive(Debug)]
pub(super) struct RotatingFile {
    path: PathBuf,
    limit: u64,
    backups: usize,
    /// Opened by the first line, and again by the next one after a failure.
    live: Option<Live>,
}

#[derive(Debug)]
struct Live {
    file: BufWriter<File>,
    size: u64,
    /// A pipe or a device is never renamed.
    regular: bool,
}

impl RotatingFile {
    /// `limit` in bytes, of each file; `backups` older files are kept.
    pub(super) fn new(path: &Path, limit: u64, backups: usize) -> Self {
        Self { path: path.to_owned(), limit, backups, live: None }
    }

    /// The live file, opened if need be.
    fn live(&mut self) -> io::Result<&mut Live> {
        let live = match self.live.take() {
            Some(live) => live,
            None => self.open()?,
        };
        Ok(self.live.insert(live))
    }

    fn open(&self) -> io::Result<Live> {
        let open = || {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let file = File::options().append(true).create(true).open(&self.path)?;
            let found = file.metadata()?;
            let (size, regular) = (found.len(), found.is_file());
            Ok(Live { file: BufWriter::with_capacity(BUFFER, file), size, regular })
        };
        open().map_err(|error: io::Error| {
            io::Error::new(error.kind(), format!("{}: {error}", self.path.display()))
        })
    }

    /// Makes the live file the newest of the older ones. Interrupted anywhere, it can be done again: files only move up
    /// to the first free number, so that a second try pushes out no further one.
    fn rotate(&mut self) -> io::Result<()> {
        self.flush()?;
        // Some systems do not rename a file that is open.
        self.live = None;
        if self.backups == 0 {
            return File::create(&self.path).map(drop);
        }
        let free = (1..self.backups).find(|number| !self.backup(*number).exists()).unwrap_or(self.backups);
        for number in (1..free).rev() {
            fs::rename(self.backup(number), self.backup(number + 1))?;
        }
        fs::rename(&self.path, self.backup(1))
    }

    fn backup(&self, number: usize) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }
}

impl Write for RotatingFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let limit = self.limit;
        let text = cut(line, usize::try_from(limit).unwrap_or(LONGEST).min(LONGEST));
        let size = text.len() as u64;
        let mut live = self.live()?;
        if live.regular && live.size > 0 && live.size + size > limit {
            self.rotate()?;
            live = self.live()?;
        }
        live.file.write_all(&text)?;
        live.size += size;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.live.as_mut().map_or(Ok(()), |live| live.file.flush())
    }
}

#[cfg(test)]
#[path = "rotating_file_tests.rs"]
mod tests;
