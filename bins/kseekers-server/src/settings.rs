//! The configuration: read once at start, checked as a whole, and handed on as plain typed values.
//!
//! Layers, later wins: defaults, the env file, the process environment, flags. Names are those of the Python system in
//! any letter case. The modules below this one are the only ones that know where a setting comes from.

mod checks;
mod choice;
mod database;
mod effective;
mod env_file;
mod env_layers;
mod layers;
mod parts;
mod problems;
mod reader;
mod spec;

pub use choice::{Algorithm, Environment, LogLevel, Registration, SmtpTls};
pub use database::{Database, DatabaseLimits, DatabaseTls};
pub use effective::{Effective, EffectiveSetting};
pub use layers::{Profile, Sources};
pub use parts::{Auth, Bucket, Files, Http, Log, Mail};
pub use problems::{Problem, SettingsProblems};

use std::path::PathBuf;

use layers::Notes;
use reader::Reader;
use spec::Part;

/// Everything that the server needs to know. `Debug` prints no secret.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How strict to be.
    pub environment: Environment,
    /// How to reach the database.
    pub database: Database,
    /// Migrations to use instead of the built-in ones.
    pub migrations_dir: Option<PathBuf>,
    /// Whether the server applies what is pending when it starts.
    pub auto_migrate: bool,
    /// Tokens and who may register.
    pub auth: Auth,
    /// How one-time codes are sent; `None` only in development: they are printed.
    pub mail: Option<Mail>,
    /// Where and how to serve.
    pub http: Http,
    /// What is logged.
    pub log: Log,
    /// Where uploaded files go.
    pub files: Files,
}

/// What migrations need: a missing secret or mail server must not stop them.
#[derive(Debug, Clone)]
pub struct MigrateSettings {
    /// Production refuses sample data.
    pub environment: Environment,
    /// How to reach the database.
    pub database: Database,
    /// Migrations to use instead of the built-in ones.
    pub migrations_dir: Option<PathBuf>,
}

/// Settings that can be used, and what a person should hear at start.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The settings.
    pub settings: T,
    /// One sentence each; values of secrets never appear.
    pub warnings: Vec<String>,
    /// What counts and where it comes from, for `--check-config`.
    pub effective: Effective,
}

impl Settings {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// [`SettingsProblems`] with every problem that there is, not only the first.
    pub fn load(sources: &Sources) -> Result<Loaded<Self>, SettingsProblems> {
        let all: Vec<Part> = spec::SECTIONS.iter().map(|section| section.part).collect();
        load(sources, &all, |reader| {
            let environment = reader.choice("environment");
            let settings = Self {
                environment,
                database: Database::read(reader),
                migrations_dir: reader.path("migrations_dir"),
                auto_migrate: reader.flag("auto_migrate"),
                auth: Auth::read(reader, environment),
                mail: Mail::read(reader, environment),
                http: Http::read(reader),
                log: Log::read(reader),
                files: Files::read(reader),
            };
            checks::check(&settings, reader);
            settings
        })
    }
}

impl MigrateSettings {
    /// Reads and checks the settings of the database only.
    ///
    /// # Errors
    /// [`SettingsProblems`] with every problem among these.
    pub fn load(sources: &Sources) -> Result<Loaded<Self>, SettingsProblems> {
        load(sources, &[Part::Environment, Part::Database], |reader| Self {
            environment: reader.choice("environment"),
            database: Database::read(reader),
            migrations_dir: reader.path("migrations_dir"),
        })
    }
}

fn load<T>(
    sources: &Sources,
    parts: &[Part],
    read: impl FnOnce(&mut Reader<'_>) -> T,
) -> Result<Loaded<T>, SettingsProblems> {
    let mut notes = Notes::default();
    let values = layers::read(sources, parts, &mut notes);
    let settings = read(&mut Reader::new(&values, &mut notes));
    let Notes { problems, warnings } = notes;
    if problems.is_empty() {
        Ok(Loaded { settings, warnings, effective: Effective::new(&values, parts) })
    } else {
        Err(SettingsProblems { problems, warnings })
    }
}
