//! `NN_name.sql` and `RNN_name.sql`.

use crate::{MigrateError, Version};

pub(crate) struct Parts {
    pub(crate) is_rollback: bool,
    pub(crate) version: Version,
    pub(crate) digits: String,
    /// With blanks for underscores, as the ledger has it.
    pub(crate) name: String,
}

/// Whether a file of a folder is one of those that must have a proper name. The extension counts in any letter case:
/// to pass over `03_x.SQL` in silence would be worse than to judge it.
pub(crate) fn is_sql(file: &str) -> bool {
    let extension = file.rsplit_once('.').map(|(_, extension)| extension);
    !file.starts_with('.') && extension.is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

/// Whether it is one, if its name is proper.
pub(crate) fn is_way_back(file: &str) -> bool {
    file.starts_with('R')
}

pub(crate) fn parse(file: &str) -> Result<Parts, MigrateError> {
    let bad = || MigrateError::BadFileName { file: file.to_owned() };
    let stem = file.strip_suffix(".sql").ok_or_else(bad)?;
    let (number, name) = stem.split_once('_').ok_or_else(bad)?;
    let (is_rollback, digits) = match number.strip_prefix('R') {
        Some(digits) => (true, digits),
        None => (false, number),
    };
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(bad());
    }
    let version = digits.parse().map_err(|_| bad())?;
    Ok(Parts { is_rollback, version, digits: digits.to_owned(), name: name.replace('_', " ") })
}
