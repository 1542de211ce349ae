//! The files of a history, read and checked before any database is touched.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use md5::{Digest, Md5};
use tokio::task::yield_now;

use crate::split::{Statement, split};
use crate::{MigrateError, Version, directive, file_name, sql};

pub use lazy::LazyFile;
use lazy::Reading;

/// One SQL file.
#[derive(Clone, PartialEq, Eq)]
pub struct SqlFile {
    name: String,
    text: Cow<'static, str>,
    /// Taken where several files are read at the same time.
    md5: [u8; 16],
}

impl SqlFile {
    /// A file of this name with this text.
    pub fn new(name: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { name: name.into(), md5: Md5::digest(text.as_bytes()).into(), text }
    }

    /// All `*.sql` files of a folder in the order of their names; those of folders in it, and hidden ones, are left
    /// out.
    ///
    /// # Errors
    /// [`MigrateError::File`] and [`MigrateError::NotUtf8`].
    pub fn read_dir(dir: impl AsRef<Path>) -> Result<Vec<Self>, MigrateError> {
        LazyFile::all_of(dir.as_ref())?.into_iter().map(LazyFile::into_file).collect()
    }

    /// The name of the file, without a folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The MD5 of the file's bytes as hexadecimal digits, as the Python system keeps it. A fingerprint to notice
    /// changes by, no protection against somebody who means to deceive.
    pub fn checksum(&self) -> String {
        hex::encode(self.md5)
    }

    /// Whether this is [`Self::checksum`], in whatever letter case.
    pub(crate) fn has_checksum(&self, checksum: &str) -> bool {
        let mut md5 = [0; 16];
        hex::decode_to_slice(checksum, &mut md5).is_ok() && md5 == self.md5
    }

    /// [`Self::checksum`] with `\n` and with `\r\n` for all line ends.
    pub(crate) fn checksums_by_line_end(&self) -> [String; 2] {
        let unix = self.text.replace("\r\n", "\n");
        let windows = unix.replace('\n', "\r\n");
        [unix, windows].map(|text| hex::encode(Md5::digest(text.as_bytes())))
    }

    /// The SHA-256 of what the file does, as hexadecimal digits: line ends, comments, and blanks outside of texts do not
    /// count, executable comments do.
    ///
    /// # Errors
    /// A file that cannot be cut into statements, or has none.
    pub fn digest(&self) -> Result<String, MigrateError> {
        Ok(sql::file_digest(&self.statements()?))
    }

    /// # Errors
    /// A file that cannot be cut into statements, or has none.
    pub(crate) fn statements(&self) -> Result<Vec<Statement<'_>>, MigrateError> {
        let statements =
            split(&self.text).map_err(|source| MigrateError::Split { file: self.name.clone(), source })?;
        if statements.is_empty() {
            return Err(MigrateError::NoStatement { file: self.name.clone() });
        }
        Ok(statements)
    }
}

impl fmt::Debug for SqlFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqlFile").field(&self.name).finish()
    }
}

/// One step of a history: the file that makes it and, where there is one, the file that takes it back.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its number.
    pub version: Version,
    /// The number as its file writes it, leading zeros included; so it stands in the ledger.
    pub digits: String,
    /// Its name with blanks for underscores; so it stands in the ledger.
    pub name: String,
    /// The file that makes the step.
    pub up: SqlFile,
    /// The file that takes it back; only a step that says `-- migrate: irreversible` has none.
    pub down: Option<LazyFile>,
}

/// A history: its migrations in the order of their numbers.
///
/// Files are named `NN_name.sql`, their ways back `RNN_name.sql`. Each has one, or says with the comment
/// `-- migrate: irreversible` that there is none; a way down over such a step is refused.
#[derive(Debug, Clone, Default)]
pub struct MigrationSet {
    /// Shared, since a program hands its history to many who only read it.
    migrations: Arc<BTreeMap<Version, Box<Migration>>>,
}

impl MigrationSet {
    /// Reads the `*.sql` files of a folder (not of the folders in it), but for the ways back ([`LazyFile`]).
    ///
    /// # Errors
    /// A file or folder that cannot be read, and all of [`Self::from_files`].
    pub fn from_dir(dir: impl AsRef<Path>) -> Result<Self, MigrateError> {
        let reading = Reading::begin(dir.as_ref())?;
        while reading.go_on() {}
        Self::new(reading.end())
    }

    /// [`Self::from_dir`] for a program that has something else to do meanwhile: the other tasks of its runtime have their
    /// turn after every few files.
    ///
    /// # Errors
    /// As [`Self::from_dir`].
    pub async fn from_dir_in_turns(dir: impl AsRef<Path>) -> Result<Self, MigrateError> {
        // What they begin goes on while the folder is read.
        yield_now().await;
        let reading = Reading::begin(dir.as_ref())?;
        while reading.go_on() {
            yield_now().await;
        }
        Self::new(reading.end())
    }

    /// Takes files that are part of the program, as pairs of file name and text.
    ///
    /// # Errors
    /// A name of another form, a number used twice, a way back that is missing ([`MigrateError::NoWayBack`]) or belongs
    /// to no migration or to one of another name, a comment `-- migrate: …` that nobody reads.
    ///
    /// ```
    /// use kseekers_migrator::MigrationSet;
    ///
    /// let set = MigrationSet::from_files([
    ///     ("01_notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY)"),
    ///     ("R01_notes.sql", "DROP TABLE notes"),
    /// ])?;
    /// assert_eq!(set.head().unwrap().name, "notes");
    /// # Ok::<(), kseekers_migrator::MigrateError>(())
    /// ```
    pub fn from_files<N, T>(files: impl IntoIterator<Item = (N, T)>) -> Result<Self, MigrateError>
    where
        N: Into<String>,
        T: Into<Cow<'static, str>>,
    {
        Self::new(files.into_iter().map(|(name, text)| SqlFile::new(name, text).into()))
    }

    fn new(files: impl IntoIterator<Item = LazyFile>) -> Result<Self, MigrateError> {
        let mut migrations = BTreeMap::<Version, Box<Migration>>::new();
        let mut rollbacks = Vec::new();
        for file in files {
            let parts = file_name::parse(file.name())?;
            if parts.is_rollback {
                rollbacks.push((parts.version, parts.name, file));
                continue;
            }
            let migration = Migration {
                version: parts.version,
                digits: parts.digits,
                name: parts.name,
                up: file.into_file()?,
                down: None,
            };
            if let Some(first) = migrations.insert(parts.version, Box::new(migration))
                && let Some(second) = migrations.get(&parts.version)
            {
                return Err(duplicate(first.up.name(), second.up.name()));
            }
        }
        for (version, name, file) in rollbacks {
            let Some(migration) = migrations.get_mut(&version) else {
                return Err(MigrateError::OrphanRollback { file: file.name().to_owned() });
            };
            if let Some(first) = &migration.down {
                return Err(duplicate(first.name(), file.name()));
            }
            if name != migration.name {
                let (migration, rollback) = (migration.up.name.clone(), file.name().to_owned());
                return Err(MigrateError::RollbackNamedDifferently { migration, rollback });
            }
            migration.down = Some(file);
        }
        let mut without = Vec::new();
        for migration in migrations.values() {
            match (&migration.down, directive::irreversible(&migration.up)?) {
                (None, false) => without.push(migration.up.name.clone()),
                (Some(rollback), true) => {
                    let (migration, rollback) = (migration.up.name.clone(), rollback.name().to_owned());
                    return Err(MigrateError::IrreversibleWithRollback { migration, rollback });
                }
                _ => {}
            }
        }
        if without.is_empty() {
            Ok(Self { migrations: Arc::new(migrations) })
        } else {
            Err(MigrateError::NoWayBack { files: without })
        }
    }

    /// The migrations in the order of their numbers.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Migration> {
        self.migrations.values().map(Box::as_ref)
    }

    /// The migration with this number.
    pub fn get(&self, version: Version) -> Option<&Migration> {
        self.migrations.get(&version).map(Box::as_ref)
    }

    /// The last migration.
    pub fn head(&self) -> Option<&Migration> {
        self.iter().next_back()
    }
}

fn duplicate(first: &str, second: &str) -> MigrateError {
    MigrateError::DuplicateVersion { first: first.to_owned(), second: second.to_owned() }
}

mod lazy;
#[cfg(test)]
mod tests;
