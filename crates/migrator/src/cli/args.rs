//! Takes options out of a list of arguments.

use std::str::FromStr;
use std::time::Duration;

use super::UsageError;
use crate::Version;

/// The arguments that nobody has asked for yet.
pub(super) struct Args {
    pub(super) rest: Vec<String>,
}

impl Args {
    /// The first argument, if it is no option.
    pub(super) fn word(&mut self) -> Option<String> {
        self.rest.first()?.starts_with(|first| first != '-').then(|| self.rest.remove(0))
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let position = self.rest.iter().position(|arg| arg == name);
        position.map(|position| self.rest.remove(position)).is_some()
    }

    /// `--name value` or `--name=value`.
    pub(super) fn value(&mut self, name: &str) -> Result<Option<String>, UsageError> {
        if let Some(position) = self.rest.iter().position(|arg| arg == name) {
            self.rest.remove(position);
            let given = self.rest.get(position).is_some_and(|value| !value.starts_with("--"));
            let value = given.then(|| self.rest.remove(position));
            return value.map(Some).ok_or_else(|| UsageError::new(format!("{name} needs a value")));
        }
        let with_value = |arg: &String| arg.strip_prefix(name).is_some_and(|value| value.starts_with('='));
        let position = self.rest.iter().position(with_value);
        let found = position.map(|position| self.rest.remove(position));
        Ok(found.and_then(|arg| arg.split_once('=').map(|(_, value)| value.to_owned())))
    }

    /// The number of a migration.
    pub(super) fn version(&mut self, name: &str) -> Result<Option<Version>, UsageError> {
        self.parsed(name, |error: crate::MigrateError, _| error.to_string())
    }

    /// A number of seconds.
    pub(super) fn seconds(&mut self, name: &str) -> Result<Option<Duration>, UsageError> {
        let seconds = self.parsed(name, |_: std::num::ParseIntError, text| {
            format!("{name} is a number of seconds, not `{text}`")
        })?;
        Ok(seconds.map(Duration::from_secs))
    }

    /// A number of times.
    pub(super) fn count(&mut self, name: &str) -> Result<Option<u32>, UsageError> {
        self.parsed(name, |_: std::num::ParseIntError, text| format!("{name} is a number, not `{text}`"))
    }

    fn parsed<T: FromStr>(
        &mut self,
        name: &str,
        wrong: impl FnOnce(T::Err, &str) -> String,
    ) -> Result<Option<T>, UsageError> {
        let Some(text) = self.value(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|error| UsageError::new(wrong(error, &text)))
    }
}
