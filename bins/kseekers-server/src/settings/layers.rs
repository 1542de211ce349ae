//! Where settings come from: defaults, then the env file, then the process environment, then flags. Later wins.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use config::{Config, ConfigError, Map, Source, Value};

use super::env_layers::{environment_layer, file_layer};
use super::problems::Problem;
use super::spec::{self, Part, Setting};

/// The first argument of the Python system: which env file is read, and what `environment` is unless it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `dev`: `.dev`, development.
    Dev,
    /// `prod`: `.prod`, production.
    Prod,
}

/// Everything that settings are read from.
#[derive(Clone, Default)]
pub struct Sources {
    /// The first argument, if it was `dev` or `prod`.
    pub profile: Option<Profile>,
    /// An env file that must exist. Without it `.env`, `.dev` or `.prod` is read if there is one.
    pub env_file: Option<PathBuf>,
    /// Values of flags by the name of their setting, such as `("port", "9000")`.
    pub flags: Vec<(&'static str, String)>,
    /// The process environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Where relative paths of env files and secret files begin.
    pub directory: PathBuf,
}

impl Sources {
    /// The environment and the working directory of this process; no flags.
    pub fn of_process() -> Self {
        Self { environment: std::env::vars_os().collect(), ..Self::default() }
    }

    /// The env file, and whether it has to be there.
    pub(super) fn env_file(&self) -> (PathBuf, bool) {
        match (&self.env_file, self.profile) {
            (Some(file), _) => (file.clone(), true),
            (None, Some(Profile::Dev)) => (".dev".into(), false),
            (None, Some(Profile::Prod)) => (".prod".into(), false),
            (None, None) => (".env".into(), false),
        }
    }
}

/// Names only: the environment of a process is full of secrets.
impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { profile, env_file, flags, environment: _, directory } = self;
        f.debug_struct("Sources")
            .field("profile", profile)
            .field("env_file", env_file)
            .field("flags", flags)
            .field("directory", directory)
            .finish_non_exhaustive()
    }
}

/// One value in one layer.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) setting: &'static Setting,
    /// The name as it was written.
    pub(super) written: String,
    pub(super) text: String,
    pub(super) origin: String,
}

/// One layer: at most one entry for each setting.
#[derive(Clone, Default)]
pub(super) struct Layer(Vec<Entry>);

impl Layer {
    pub(super) fn get(&self, setting: &Setting) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.setting.name == setting.name)
    }

    /// Adds an entry. The same name again replaces the first, as python-dotenv does it; two spellings of one setting
    /// that disagree are a problem, because nobody can tell which was meant.
    pub(super) fn add(&mut self, new: Entry, notes: &mut Notes) {
        let Some(old) = self.0.iter_mut().find(|old| old.setting.name == new.setting.name) else {
            self.0.push(new);
            return;
        };
        let differs = old.text != new.text;
        if old.written == new.written {
            if differs {
                notes.warn(format!(
                    "{}: {} is set again, differently from {}; the last one counts",
                    new.origin, new.written, old.origin
                ));
            }
            *old = new;
        } else if old.text.is_empty() {
            *old = new;
        } else if differs && !new.text.is_empty() {
            let what = format!("means the same as {} ({}), and the two differ", old.written, old.origin);
            notes.problem(Some(new.origin), new.written, what);
        }
    }
}

/// For the `config` crate's sake; no values, some are secret.
impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|entry| &entry.origin)).finish()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let value = |entry: &Entry| Value::new(Some(&entry.origin), entry.text.clone());
        Ok(self.0.iter().map(|entry| (entry.setting.name.to_owned(), value(entry))).collect())
    }
}

/// What is found while reading.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<String>,
}

impl Notes {
    pub(super) fn problem(
        &mut self,
        origin: Option<String>,
        setting: impl Into<String>,
        what: impl Into<String>,
    ) {
        self.problems.push(Problem { origin, setting: setting.into(), what: what.into() });
    }

    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }
}

/// What counts after all layers.
pub(super) struct Values {
    values: HashMap<String, (String, String)>,
}

impl Values {
    /// The text and the origin of a setting; an empty value counts as not set.
    pub(super) fn get(&self, setting: &Setting) -> Option<(&str, &str)> {
        let (text, origin) = self.values.get(setting.name)?;
        (!text.is_empty()).then_some((text, origin))
    }

    /// Where the value comes from, an empty one too.
    pub(super) fn origin(&self, setting: &Setting) -> Option<&str> {
        self.values.get(setting.name).map(|(_, origin)| origin.as_str())
    }
}

/// Reads all layers. `parts` are the settings that the caller needs: a mistyped name is a problem when it is near one
/// of these, else a warning.
pub(super) fn read(sources: &Sources, parts: &[Part], notes: &mut Notes) -> Values {
    let file = file_layer(sources, parts, notes);
    let environment = environment_layer(sources, notes);
    tell_differences(&file, &environment, notes);
    let defaults = default_layer(sources.profile);
    let built = Config::builder()
        .add_source(defaults.clone())
        .add_source(file)
        .add_source(environment)
        .add_source(flag_layer(sources, notes))
        .build()
        .and_then(|config| config.collect());
    let table = built.unwrap_or_else(|error| {
        notes.problem(None, "configuration", format!("cannot be put together: {error}"));
        Map::new()
    });
    let settled = |(name, value): (String, Value)| {
        let (text, origin) = (value.to_string(), value.origin().unwrap_or_default().to_owned());
        // Whoever starts the server may pass a name on without a value: that means the default.
        let default = defaults.0.iter().find(|default| text.is_empty() && default.setting.name == name);
        match default {
            Some(default) => (name, (default.text.clone(), format!("{}, empty in {origin}", default.origin))),
            None => (name, (text, origin)),
        }
    };
    Values { values: table.into_iter().map(settled).collect() }
}

fn default_layer(profile: Option<Profile>) -> Layer {
    let entry = |setting: &'static Setting| {
        let (text, origin) = match profile {
            Some(Profile::Dev) if setting.name == "environment" => ("development", "argument dev"),
            Some(Profile::Prod) if setting.name == "environment" => ("production", "argument prod"),
            _ => (setting.default, "default"),
        };
        Entry { setting, written: setting.name.to_owned(), text: text.to_owned(), origin: origin.to_owned() }
    };
    Layer(spec::settings().filter(|setting| !setting.default.is_empty()).map(entry).collect())
}

fn flag_layer(sources: &Sources, notes: &mut Notes) -> Layer {
    let mut layer = Layer::default();
    for (name, text) in &sources.flags {
        let Some(setting) = spec::named(name) else { continue };
        let (written, origin) = (format!("--{name}"), format!("flag --{name}"));
        layer.add(Entry { setting, written, text: text.clone(), origin }, notes);
    }
    layer
}

/// In the Python system the file won over the environment, so whoever has both should hear of it.
fn tell_differences(file: &Layer, environment: &Layer, notes: &mut Notes) {
    for above in &environment.0 {
        let Some(below) = file.get(above.setting).filter(|below| below.text != above.text) else { continue };
        let shown = |entry: &Entry| match (entry.setting.is_secret(), entry.text.is_empty()) {
            (true, _) => entry.origin.clone(),
            (false, true) => format!("{} (empty)", entry.origin),
            (false, false) => format!("{} ({})", entry.origin, show(&entry.text)),
        };
        notes.warn(format!("{}: {} wins over {}", above.setting.name, shown(above), shown(below)));
    }
}

/// A value on one line, with its odd characters visible and not longer than anybody wants to read.
pub(super) fn show(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && c != '"');
    match (text.char_indices().nth(60), plain) {
        (Some((end, _)), _) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        (None, true) => text.to_owned(),
        (None, false) => format!("{text:?}"),
    }
}
