//! The two layers that hold names and values: the env file and the process environment.

use std::io::Read;
use std::path::Path;

use super::env_file::{self, Assignment, Quote, Statement};
use super::layers::{Entry, Layer, Notes, Sources};
use super::problems::near;
use super::spec::{self, Part, Reference, SECTIONS, Setting};

/// No secret is longer; a path to something endless must not fill the memory.
const LONGEST_SECRET_FILE: u64 = 64 * 1024;

/// The settings in the env file. Other programs may keep their names there too: those are ignored, and told once.
pub(super) fn file_layer(sources: &Sources, parts: &[Part], notes: &mut Notes) -> Layer {
    let mut layer = Layer::default();
    let (path, required) = sources.env_file();
    let text = match std::fs::read_to_string(sources.directory.join(&path)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => return layer,
        Err(error) => {
            notes.problem(None, path.display().to_string(), format!("cannot be read: {error}"));
            return layer;
        }
    };
    let mut foreign = Vec::new();
    let mut earlier: Vec<(String, String)> = Vec::new();
    for statement in env_file::parse(&text) {
        let assignment = match statement {
            Statement::Assignment(assignment) => assignment,
            Statement::Unreadable { line } => {
                let origin = format!("{} line {line}", path.display());
                notes.problem(
                    Some(origin),
                    "this line",
                    "cannot be read; expected NAME=value, with both quotes if any",
                );
                continue;
            }
        };
        let Assignment { name, value, quote, line } = assignment;
        let origin = format!("{} line {line}", path.display());
        let Some(value) = value else {
            notes.warn(format!("{origin}: {name} has no `=` and sets nothing"));
            continue;
        };
        let value = resolve(&value, quote, &name, &origin, sources, &earlier, notes);
        earlier.push((name.clone(), value.clone()));
        match spec::find(&name) {
            Some(reference) => add(&mut layer, reference, name, value, origin, sources, notes),
            None => foreign.extend(unknown(name, origin, parts, notes)),
        }
    }
    if !foreign.is_empty() {
        notes.warn(format!("{}: not settings of this server: {}", path.display(), foreign.join(", ")));
    }
    layer
}

/// The settings in the process environment; all other names there are none of our business.
pub(super) fn environment_layer(sources: &Sources, notes: &mut Notes) -> Layer {
    let mut layer = Layer::default();
    for (name, value) in &sources.environment {
        let Some((name, reference)) = name.to_str().and_then(|name| Some((name, spec::find(name)?))) else {
            continue;
        };
        if matches!(reference, Reference::File(setting) if !setting.is_secret()) {
            continue;
        }
        let origin = format!("environment {name}");
        match value.to_str() {
            Some(value) => {
                add(&mut layer, reference, name.to_owned(), value.to_owned(), origin, sources, notes);
            }
            None => notes.problem(Some(origin), name, "is not UTF-8"),
        }
    }
    layer
}

/// Expands references as python-dotenv does, with what counts at that point: the environment, then earlier lines.
fn resolve(
    value: &str,
    quote: Quote,
    name: &str,
    origin: &str,
    sources: &Sources,
    earlier: &[(String, String)],
    notes: &mut Notes,
) -> String {
    if quote == Quote::Single {
        if env_file::has_reference(value) {
            notes.warn(format!(
                "{origin}: ${{…}} in single quotes is taken as it stands in {name}; python-dotenv would expand it"
            ));
        }
        return value.to_owned();
    }
    let lookup = |name: &str| {
        let outside = sources.environment.iter().find(|(known, _)| known == name);
        outside
            .map(|(_, value)| value.to_string_lossy().into_owned())
            .or_else(|| earlier.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    };
    // The missing name is not told: it may be part of a secret.
    env_file::interpolate(value, lookup, |_| {
        notes.warn(format!("{origin}: {name} refers with ${{…}} to a name that is set nowhere before"));
    })
}

fn add(
    layer: &mut Layer,
    reference: Reference,
    written: String,
    text: String,
    origin: String,
    sources: &Sources,
    notes: &mut Notes,
) {
    match reference {
        Reference::Value(setting) => layer.add(Entry { setting, written, text, origin }, notes),
        Reference::File(setting) if !setting.is_secret() => {
            let what = format!(
                "is not a setting: only a secret can be read from a file, and {} is none",
                setting.name
            );
            notes.problem(Some(origin), written, what);
        }
        Reference::File(_) if text.is_empty() => {}
        Reference::File(setting) => match secret_from(&sources.directory.join(&text)) {
            Ok(secret) => {
                let origin = format!("{origin} ({text})");
                layer.add(Entry { setting, written, text: secret, origin }, notes);
            }
            Err(why) => notes.problem(Some(origin), written, format!("names {text}, which {why}")),
        },
    }
}

/// The secret in a file, without the line end that editors and `echo` put there.
fn secret_from(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST_SECRET_FILE + 1).read_to_string(&mut text))
        .map_err(|error| format!("cannot be read: {error}"))?;
    if read as u64 > LONGEST_SECRET_FILE {
        return Err(format!("is longer than {LONGEST_SECRET_FILE} bytes"));
    }
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    if text.is_empty() { Err("is empty".to_owned()) } else { Ok(text) }
}

/// Tells a mistyped name; hands back what is probably meant for another program.
fn unknown(name: String, origin: String, parts: &[Part], notes: &mut Notes) -> Option<String> {
    let secrets = spec::settings().filter(|setting| setting.is_secret());
    let files = secrets.map(|setting| format!("{}_FILE", setting.name));
    let names = spec::settings().flat_map(Setting::names).map(str::to_owned);
    let Some(meant) = near(&name, names.chain(files)) else {
        return Some(format!("{name} ({origin})"));
    };
    let what = format!("is not a setting; did you mean {meant}?");
    let needed =
        SECTIONS.iter().filter(|section| parts.contains(&section.part)).flat_map(|section| section.settings);
    let mut needed = needed.flat_map(Setting::names);
    if needed.any(|name| meant.strip_suffix("_FILE").unwrap_or(&meant) == name) {
        notes.problem(Some(origin), name, what);
    } else {
        notes.warn(format!("{origin}: {name} {what}"));
    }
    None
}
