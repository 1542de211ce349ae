//! A long history, in the files that each contestant wants.

use std::{
    fmt::Write as _,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::programs::Client;
use crate::Result;

/// Ours begin at 1 and end below 1000, which is where a user's own begin.
const FIRST: u32 = 1000;
/// Of each table in the end.
const COLUMNS: u32 = 4;
const ROWS: u32 = 3;

pub(super) struct Set {
    files: u32,
    /// All of them in one.
    pub(super) script: PathBuf,
    pub(super) ours: PathBuf,
    pub(super) refinery: PathBuf,
    pub(super) sqlx: PathBuf,
}

impl Set {
    /// Writes them anew.
    pub(super) fn write(folder: &Path, files: u32) -> Result<Self> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let at = |name: &str| folder.join(name);
        let set = Self {
            files,
            script: at("all.sql"),
            ours: at("ours"),
            refinery: at("refinery"),
            sqlx: at("sqlx"),
        };
        for folder in [&set.ours, &set.refinery, &set.sqlx] {
            fs::create_dir_all(folder)?;
        }
        let mut script = String::new();
        for number in FIRST..FIRST + files {
            let text = statements(number);
            fs::write(set.ours.join(format!("{number}_t{number}.sql")), &text)?;
            fs::write(set.ours.join(format!("R{number}_t{number}.sql")), format!("DROP TABLE t{number};\n"))?;
            fs::write(set.refinery.join(format!("V{number}__t{number}.sql")), &text)?;
            fs::write(set.sqlx.join(format!("{number}_t{number}.sql")), &text)?;
            script.push_str(&text);
        }
        fs::write(&set.script, script)?;
        Ok(set)
    }

    /// Whoever leaves something out is fast.
    pub(super) fn check(&self, client: &Client, database: &str) -> Result<()> {
        let last = FIRST + self.files - 1;
        let done = client.ask(&format!(
            "SELECT COUNT(*), (SELECT COUNT(*) FROM {database}.t{last}) FROM information_schema.columns \
             WHERE table_schema = '{database}' AND table_name REGEXP '^t[0-9]+$'"
        ))?;
        let all = format!("{}\t{ROWS}", self.files * COLUMNS);
        match done.trim() {
            done if done == all => Ok(()),
            done => Err(format!("columns and rows are {done:?} in the end, not {all:?}").into()),
        }
    }
}

fn statements(number: u32) -> String {
    let mut text = String::new();
    let _ = write!(
        text,
        "CREATE TABLE t{number} (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO t{number} (name) VALUES ('one'), ('two'), ('three');

ALTER TABLE t{number} ADD COLUMN note VARCHAR(255) NULL;
"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_given_the_same_statements() {
        let folder = tempfile::tempdir().unwrap();
        let set = Set::write(folder.path(), 2).unwrap();
        let names = [
            (&set.ours, ["1000_t1000.sql", "1001_t1001.sql"]),
            (&set.refinery, ["V1000__t1000.sql", "V1001__t1001.sql"]),
            (&set.sqlx, ["1000_t1000.sql", "1001_t1001.sql"]),
        ];
        let script = fs::read_to_string(&set.script).unwrap();
        assert_eq!(script.matches(";\n").count(), 6);
        for (folder, files) in names {
            let read = files.map(|file| fs::read_to_string(folder.join(file)).unwrap());
            assert_eq!(read.concat(), script);
        }
        assert_eq!(fs::read_to_string(set.ours.join("R1001_t1001.sql")).unwrap(), "DROP TABLE t1001;\n");
    }

    #[test]
    fn nothing_of_an_earlier_set_is_left() {
        let folder = tempfile::tempdir().unwrap();
        Set::write(folder.path(), 3).unwrap();
        let set = Set::write(folder.path(), 1).unwrap();
        assert_eq!(fs::read_dir(&set.sqlx).unwrap().count(), 1);
    }
}
