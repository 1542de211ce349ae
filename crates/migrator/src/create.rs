//! Writes the two files of a new migration.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{MigrateError, MigrationSet, Version};

/// The files of a new migration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// Its number.
    pub version: Version,
    /// The file for the step.
    pub up: PathBuf,
    /// The file for the way back.
    pub down: PathBuf,
}

/// Writes `NN_name.sql` and `RNN_name.sql`, with header lines and no statement yet, into a folder, which is made if it
/// is not there. The number is the one after the highest in the folder.
///
/// # Errors
/// [`MigrateError::BadName`], a folder that [`MigrationSet::from_dir`] refuses, files that cannot be written.
pub fn create_files(dir: impl AsRef<Path>, name: &str) -> Result<Created, MigrateError> {
    let dir = dir.as_ref();
    let name = checked(name)?;
    fs::create_dir_all(dir).map_err(|source| unwritable(dir, source))?;
    let set = MigrationSet::from_dir(dir)?;
    let (last, width) = set.head().map_or((0, 2), |head| (head.version.number(), head.digits.len()));
    let version = Version::new(last.saturating_add(1));
    let number = format!("{:0width$}", version.number());
    let (up_name, down_name) = (format!("{number}_{name}.sql"), format!("R{number}_{name}.sql"));
    let title = name.replace('_', " ");
    let created = Created { version, up: dir.join(&up_name), down: dir.join(&down_name) };
    write_new(
        &created.up,
        &format!(
            "-- Migration: {title}\n-- Version:   {number}\n-- What for:\n-- Way back:  {down_name}\n\n"
        ),
    )?;
    write_new(
        &created.down,
        &format!(
            "-- Migration: {title}, the way back\n-- Version:   {number}\n-- What for:  takes back {up_name}\n\n"
        ),
    )?;
    Ok(created)
}

fn checked(name: &str) -> Result<String, MigrateError> {
    const LONGEST: usize = 100;
    let checked = name.trim().replace([' ', '-'], "_");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !checked.bytes().all(allowed) || checked.len() > LONGEST || checked.replace('_', "").is_empty() {
        return Err(MigrateError::BadName { name: name.to_owned() });
    }
    Ok(checked)
}

/// Never writes over a file: another `create` may have taken the number a moment ago.
fn write_new(path: &Path, text: &str) -> Result<(), MigrateError> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| unwritable(path, source))
}

fn unwritable(path: &Path, source: std::io::Error) -> MigrateError {
    MigrateError::File { doing: "write", path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::create_files;
    use crate::MigrationSet;

    #[test]
    fn files_get_the_next_number_and_headers() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("new/migrations");
        let first = create_files(&folder, " add notes-table ").unwrap();
        assert_eq!(first.version.to_string(), "01");
        assert_eq!(
            std::fs::read_to_string(&first.up).unwrap(),
            "-- Migration: add notes table\n-- Version:   01\n-- What for:\n-- Way back:  R01_add_notes_table.sql\n\n"
        );
        assert_eq!(
            std::fs::read_to_string(folder.join("R01_add_notes_table.sql")).unwrap(),
            "-- Migration: add notes table, the way back\n-- Version:   01\n-- What for:  takes back 01_add_notes_table.sql\n\n"
        );
        std::fs::write(folder.join("0099_x.sql"), "-- migrate: irreversible\nDO 0").unwrap();
        let second = create_files(&folder, "y").unwrap();
        assert_eq!(second.up, folder.join("0100_y.sql"));
        assert_eq!(MigrationSet::from_dir(&folder).unwrap().iter().count(), 3);
    }

    #[test]
    fn a_name_that_cannot_be_part_of_a_file_name_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "  ", "_", "a/b", "../a", "a.sql", "für", "a;b", &"x".repeat(101)] {
            let error = create_files(dir.path(), name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` cannot name a migration")), "{error}");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
