//! What counts after all layers, for `--check-config`.

use std::fmt;

use super::layers::{Values, show};
use super::spec::{Part, SECTIONS, Setting};

/// One setting as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// Its name.
    pub name: &'static str,
    /// Its value; of a secret only whether there is one.
    pub value: String,
    /// Where the value comes from; `None` when it is not set.
    pub origin: Option<String>,
}

/// All settings as they count, in the order of the table. Displays as one line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective(pub Vec<EffectiveSetting>);

impl Effective {
    pub(super) fn new(values: &Values, parts: &[Part]) -> Self {
        let effective = |setting: &Setting| match values.get(setting) {
            Some((text, origin)) => {
                let value = if setting.is_secret() { "(set)".to_owned() } else { show(text) };
                EffectiveSetting { name: setting.name, value, origin: Some(origin.to_owned()) }
            }
            None => EffectiveSetting {
                name: setting.name,
                value: "(not set)".to_owned(),
                origin: values.origin(setting).map(|origin| format!("empty in {origin}")),
            },
        };
        let sections = SECTIONS.iter().filter(|section| parts.contains(&section.part));
        Self(sections.flat_map(|section| section.settings).map(effective).collect())
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest =
            |width: fn(&EffectiveSetting) -> usize| self.0.iter().map(width).max().unwrap_or_default();
        let names = widest(|setting| setting.name.len());
        let values = widest(|setting| setting.value.chars().count()).min(40);
        for EffectiveSetting { name, value, origin } in &self.0 {
            match origin {
                Some(origin) => writeln!(f, "{name:names$} = {value:values$}  {origin}")?,
                None => writeln!(f, "{name:names$} = {value}")?,
            }
        }
        Ok(())
    }
}
