//! Turns text into typed values and remembers every problem, so that all of them are told at once.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::choice::Choice;
use super::layers::{Notes, Values, show};
use super::spec::{self, Kind, Setting};

/// Typed access by name. A value that cannot be read becomes the type's default and a problem, so that reading goes on;
/// whoever asked must not use what was read while there are problems.
pub(super) struct Reader<'a> {
    values: &'a Values,
    pub(super) notes: &'a mut Notes,
}

impl<'a> Reader<'a> {
    pub(super) fn new(values: &'a Values, notes: &'a mut Notes) -> Self {
        Self { values, notes }
    }

    /// Adds a problem with a setting, with the origin of its value.
    pub(super) fn refuse(&mut self, name: &str, what: impl Into<String>) {
        let origin = spec::named(name).and_then(|setting| self.values.origin(setting)).map(str::to_owned);
        self.notes.problem(origin, name, what);
    }

    pub(super) fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        self.read(name, |text, kind| (kind == Kind::Text).then(|| text.to_owned()))
    }

    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        self.read(name, |text, kind| (kind == Kind::Secret).then(|| text.into()))
    }

    pub(super) fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.read(name, |text, kind| (kind == Kind::Path).then(|| text.into()))
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let parse = |text: &str, kind| {
            let yes = ["on", "true", "yes", "1"].iter().any(|word| text.eq_ignore_ascii_case(word));
            let no = ["off", "false", "no", "0"].iter().any(|word| text.eq_ignore_ascii_case(word));
            (kind == Kind::Flag && (yes || no)).then_some(yes)
        };
        self.read(name, parse).unwrap_or_default()
    }

    pub(super) fn number<T: TryFrom<u64> + Default>(&mut self, name: &str) -> T {
        let parse = |text: &str, kind| {
            let Kind::Number { least, most } = kind else { return None };
            // `parse` accepts a plus sign, which nobody means.
            let number = text.parse().ok().filter(|number| {
                text.starts_with(|c: char| c.is_ascii_digit()) && (least..=most).contains(number)
            })?;
            T::try_from(number).ok()
        };
        self.read(name, parse).unwrap_or_default()
    }

    /// Whole seconds.
    pub(super) fn whole_seconds(&mut self, name: &str) -> Duration {
        Duration::from_secs(self.number(name))
    }

    /// Seconds with or without a fraction.
    pub(super) fn seconds(&mut self, name: &str) -> Duration {
        let parse = |text: &str, kind| {
            let Kind::Seconds { least, most } = kind else { return None };
            // `parse` accepts signs, exponents and infinity, which nobody means.
            let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
            let seconds: f64 = text.parse().ok().filter(|_| plain)?;
            if (least..=most).contains(&seconds) { Duration::try_from_secs_f64(seconds).ok() } else { None }
        };
        self.read(name, parse).unwrap_or_default()
    }

    pub(super) fn choice<T: Choice>(&mut self, name: &str) -> T {
        let parse = |text: &str, kind| if kind == Kind::OneOf(T::WORDS) { T::from_word(text) } else { None };
        self.read(name, parse).unwrap_or_default()
    }

    pub(super) fn address(&mut self, name: &str) -> IpAddr {
        let parse = |text: &str, kind| match kind {
            Kind::Address if text.eq_ignore_ascii_case("localhost") => Some(Ipv4Addr::LOCALHOST.into()),
            Kind::Address => text.trim_start_matches('[').trim_end_matches(']').parse().ok(),
            _ => None,
        };
        self.read(name, parse).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    pub(super) fn origins(&mut self, name: &str) -> Vec<String> {
        let parse = |text: &str, kind| {
            let all: Vec<&str> = text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).collect();
            let fine = kind == Kind::Origins && (all == ["*"] || all.iter().all(|origin| is_origin(origin)));
            fine.then(|| all.into_iter().map(str::to_ascii_lowercase).collect())
        };
        self.read(name, parse).unwrap_or_default()
    }

    /// Without a slash at its end.
    pub(super) fn endpoint(&mut self, name: &str) -> Option<String> {
        self.read(name, |text, kind| {
            let text = text.strip_suffix('/').unwrap_or(text);
            (kind == Kind::Endpoint && is_origin(text)).then(|| text.to_owned())
        })
    }

    /// The parsed value; `None` when it is not set, or when it is wrong, which is a problem then.
    fn read<T>(&mut self, name: &str, parse: impl FnOnce(&str, Kind) -> Option<T>) -> Option<T> {
        let Some(setting) = spec::named(name) else {
            self.notes.problem(None, name, "is missing from the table of settings");
            return None;
        };
        let (text, _) = self.values.get(setting)?;
        // Passwords and names keep their blanks; a number that came with some is still that number.
        let text =
            if matches!(setting.kind, Kind::Text | Kind::Secret | Kind::Path) { text } else { text.trim() };
        let parsed = if text.contains('\0') { None } else { parse(text, setting.kind) };
        if parsed.is_none() {
            let what = format!("is {}; expected {}", shown(setting, text), setting.kind);
            self.refuse(name, what);
        }
        parsed
    }
}

fn shown(setting: &Setting, text: &str) -> String {
    if setting.is_secret() { "wrong (its value is not shown)".to_owned() } else { show(text) }
}

/// HTTP or HTTPS, a host and perhaps a port, as a browser sends it in `Origin` (RFC 6454, section 6.1).
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !rest.is_empty()
        && rest.chars().all(plain)
}
